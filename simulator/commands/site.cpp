#include "simulator/commands/commands.hpp"
#include "simulator/site/authentication_site.hpp"

#include <boost/program_options/value_semantic.hpp>

namespace twcard::simulator::commands {

namespace po = boost::program_options;

namespace {

constexpr const char* usage =
    "twcard-sim site [--port PORT] [--key-out FILE] [--behaviour FILE]\n"
    "The insurer's authentication site at 127.0.0.1, for simulated NHI cards, until SIGINT or SIGTERM. Prints its "
    "port.\n"
    "The behaviour file holds words such as signature:cut, hello:padding@2 or health:delay=200:\n"
    "  messages  health hello module-data signature\n"
    "  faults    refuse cut mute endless padding length garbage forged terminator\n";

} // namespace

int site(const Arguments& arguments) {
  SiteOptions options;
  po::options_description all("Options");
  all.add_options()                                                                                //
      ("port", po::value(&options.port), "port to listen on (a free one)")                         //
      ("key-out", po::value<std::string>(), "write the public key of the site's signatures (PEM)") //
      ("behaviour", po::value<std::string>(), "file that says how to deviate; read at each connection");
  const auto values = parse(arguments, usage, all);
  if (!values) return 0;
  if (values->count("key-out") != 0) options.key_out = (*values)["key-out"].as<std::string>();
  if (values->count("behaviour") != 0) options.behaviour_file = (*values)["behaviour"].as<std::string>();
  serve_site(options);
  return 0;
}

} // namespace twcard::simulator::commands
