#include "driver/base/error.hpp"
#include "simulator/commands/commands.hpp"
#include "simulator/readers/card_slots.hpp"
#include "simulator/readers/control.hpp"

#include <boost/program_options/value_semantic.hpp>

namespace twcard::simulator::commands {

namespace po = boost::program_options;

namespace {

constexpr const char* usage =
    "twcard-sim run --control SOCKET [--reader PORT]... [--card READER=FILE]... [--timing TIMING]\n"
    "Puts simulated cards into virtual PC/SC readers (vsmartcard's vpcd) until it is stopped by SIGINT or SIGTERM.\n"
    "It does not need pcscd to be there first: cards connect when it comes, and again when it comes back.\n";

// "0=card.json"
void insert_at_start(CardSlots& slots, const std::string& argument) {
  const auto equals = argument.find('=');
  if (equals == std::string::npos) throw UsageError("--card: not READER=FILE");
  slots.insert(reader_index(argument.substr(0, equals)), argument.substr(equals + 1));
}

} // namespace

int run(const Arguments& arguments) {
  std::vector<std::uint16_t> ports;
  std::vector<std::string> cards;
  po::options_description all("Options");
  all.add_options()                                                                                        //
      ("control", po::value<std::string>(), "control socket to listen on (TWCARD_SIM_SOCKET)")             //
      ("reader", po::value(&ports)->composing(), "vpcd port of a reader; once a reader (35963 and 35964)") //
      ("card", po::value(&cards)->composing(), "READER=FILE: a card to begin with, reader 0 is the first") //
      ("timing", po::value<std::string>()->default_value("none"),
       "how long cards take: none, real, or real:line=9600,rsa=300 (bit/s; ms an RSA operation)");
  const auto values = parse(arguments, usage, all);
  if (!values) return 0;
  if (ports.empty()) ports = {vpcd_port, vpcd_port + 1};
  const auto socket = control_socket(*values);

  CardSlots slots(ports, CardTiming::parse((*values)["timing"].as<std::string>()));
  for (const auto& card : cards) insert_at_start(slots, card);
  serve_control(slots, socket);
  return 0;
}

} // namespace twcard::simulator::commands
