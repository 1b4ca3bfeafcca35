// twcard-portal: the reference relying party. Options: --help; addresses: api.hpp.
#include "driver/base/log.hpp"
#include "portal/api.hpp"
#include "portal/relying_party.hpp"
#include "portal/server/assets.hpp"
#include "portal/server/http_server.hpp"

#include <boost/program_options.hpp>
#include <cstdio>
#include <fmt/format.h>

namespace {

namespace options = boost::program_options;
using Paths = std::vector<std::filesystem::path>;
using Names = std::vector<std::string>;

// Installed next to the program, or in the source tree that it was built from.
Paths default_page() {
  const auto installed = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../share/twcard/portal";
  if (std::filesystem::is_directory(installed)) return {installed};
  const std::filesystem::path source = TWCARD_SOURCE_DIR;
  return {source / "portal/page", source / "client"};
}

Paths paths(const options::variables_map& given, const char* name) {
  if (given.count(name) == 0) return {};
  const auto& names = given[name].as<Names>();
  return {names.begin(), names.end()};
}

options::options_description description() {
  options::options_description all("twcard-portal: a site that people sign in to with a citizen certificate card");
  // clang-format off
  all.add_options()
    ("help", "this text")
    ("address", options::value<std::string>()->default_value("127.0.0.1"), "address to listen on")
    ("port", options::value<std::uint16_t>()->default_value(8443), "port to listen on; 0 takes a free one")
    ("certificate", options::value<std::string>()->required(), "PEM file: the site's TLS certificate")
    ("key", options::value<std::string>()->required(), "PEM file: its private key")
    ("origin", options::value<std::string>()->default_value("https://page.test:8443"), "the site's own origin")
    ("trust", options::value<Names>()->required(), "PEM file: root of card certificates; repeatable")
    ("issuer", options::value<Names>(), "PEM file: issuing authority of card certificates; repeatable")
    ("crl", options::value<Names>(), "PEM file: an issuing authority's list of revoked certificates; repeatable")
    ("insurer-key", options::value<std::string>()->default_value(""),
     "PEM file: what the insurer's signatures verify with; people can then sign in with NHI card and password")
    ("nhi-profile", options::value<std::string>()->default_value(""),
     "card profile of NHI cards: its keys open what the old component encrypts; serves the page for it, too")
    ("database", options::value<std::string>()->default_value(":memory:"), "SQLite file")
    ("journal", options::value<std::string>()->default_value(""), "file for one JSON line a verified login or form")
    ("assets", options::value<Names>(), "folder of the page's files instead of its own; repeatable")
    ("service-url", options::value<std::string>()->default_value("ws://127.0.0.1:25120/"), "where pages find twcard-web");
  // clang-format on
  return all;
}

int serve(const options::variables_map& given) {
  using namespace twcard::portal;
  const auto text = [&](const char* name) { return given[name].as<std::string>(); };

  RelyingPartySettings party_settings;
  party_settings.origin = text("origin");
  party_settings.trust = {paths(given, "trust"), paths(given, "issuer"), paths(given, "crl")};
  party_settings.database = text("database");
  party_settings.journal = text("journal");
  party_settings.nhi.insurer_key = text("insurer-key");
  party_settings.nhi.profile = text("nhi-profile");
  RelyingParty party(std::move(party_settings));

  const Assets assets(given.count("assets") != 0 ? paths(given, "assets") : default_page());
  const Api api(party, assets, {text("origin"), text("service-url")});
  HttpServer server({text("address"), given["port"].as<std::uint16_t>(), text("certificate"), text("key"), true},
                    [&](const HttpRequest& request) { return api.handle(request); });
  fmt::print("twcard-portal listens on {}:{} for {}\n", text("address"), server.port(), text("origin"));
  std::fflush(stdout);
  server.run();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    options::variables_map given;
    options::store(options::parse_command_line(argc, argv, description()), given);
    if (given.count("help") != 0) {
      std::ostringstream help;
      help << description();
      fmt::print("{}", help.str());
      return 0;
    }
    options::notify(given);
    return serve(given);
  } catch (const options::error& error) {
    fmt::print(stderr, "twcard-portal: {} (--help)\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    twcard::log::error("portal", "{}", error.what());
    return 1;
  }
}
