// twcard-vendor: runs vendors' PKCS#11 libraries on behalf of twcardd.
#include "daemon/vendor/vendor_handler.hpp"
#include "driver/base/command_line.hpp"
#include "driver/base/hardening.hpp"
#include "driver/base/log.hpp"
#include "rpc/socket_path.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <csignal>

namespace {

namespace po = boost::program_options;

constexpr const char* help =
    R"(twcard-vendor uses a card through its vendor's PKCS#11 library, on behalf of twcardd.

Usage: twcard-vendor [options]

  --libraries DIR  folder with the files that name the libraries; may be given
                   several times (default: /etc/twcard/vendor.d and
                   $XDG_CONFIG_HOME/twcard/vendor.d)
  --socket PATH    where to listen (default: $TWCARD_VENDOR_SOCKET, or
                   twcard/vendor.sock in $XDG_RUNTIME_DIR)
  --limit SECONDS  a library that has not returned by then ends the process
                   (1 to 300; default: 30)
  --help           this text
  --version        the version

Socket activation (LISTEN_FDS) goes before --socket.
)";

struct Settings {
  std::vector<std::filesystem::path> libraries;
  std::filesystem::path socket = twcard::rpc::vendor_socket();
  std::chrono::seconds limit{30};
};

po::options_description options() {
  using Texts = std::vector<std::string>;
  po::options_description all;
  all.add_options()                            //
      ("help", "")                             //
      ("version", "")                          //
      ("libraries", po::value<Texts>(), "")    //
      ("socket", po::value<std::string>(), "") //
      ("limit", po::value<int>(), "");
  return all;
}

Settings settings_of(const po::variables_map& given) {
  Settings settings;
  if (given.contains("libraries")) {
    const auto& folders = given["libraries"].as<std::vector<std::string>>();
    settings.libraries.assign(folders.begin(), folders.end());
  }
  if (settings.libraries.empty()) settings.libraries = twcard::card::CardProfiles::default_vendor_folders();
  if (given.contains("socket")) settings.socket = given["socket"].as<std::string>();
  if (given.contains("limit")) {
    settings.limit = std::chrono::seconds(given["limit"].as<int>());
    if (settings.limit < std::chrono::seconds(1) || settings.limit > std::chrono::seconds(300))
      throw po::error("--limit: not 1 to 300 seconds");
  }
  return settings;
}

void serve(const Settings& settings) {
  boost::asio::io_context io(1);
  twcard::vendor::VendorHandler handler(twcard::card::CardProfiles::load(settings.libraries).vendor, settings.limit);
  twcard::rpc::Server server(twcard::rpc::listen_at(io.get_executor(), settings.socket), handler);
  boost::asio::signal_set stop_signals(io, SIGINT, SIGTERM);
  stop_signals.async_wait([&server](boost::system::error_code, int) { server.stop(); });
  io.run();
}

} // namespace

int main(int argc, char** argv) {
  try {
    const auto given = twcard::parse_command_line(argc, argv, "twcard-vendor", help, options());
    if (!given) return 0;
    const auto settings = settings_of(*given);
    twcard::forbid_inspection();
    serve(settings);
    return 0;
  } catch (const po::error& error) {
    return twcard::wrong_usage("twcard-vendor", error.what());
  } catch (const std::exception& exception) {
    twcard::log::error("vendor", "{}", exception.what());
    return 1;
  }
}
