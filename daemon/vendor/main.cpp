// twcard-vendor: runs vendors' PKCS#11 libraries on behalf of twcardd.
#include "daemon/vendor/vendor_handler.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "rpc/socket_path.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <cstring>
#include <getopt.h>
#include <iostream>
#include <optional>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

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

std::optional<std::chrono::seconds> seconds_of(const char* text) {
  int seconds = 0;
  const char* end = text + std::strlen(text);
  const auto parsed = std::from_chars(text, end, seconds);
  if (parsed.ec != std::errc() || parsed.ptr != end || seconds < 1 || seconds > 300) return std::nullopt;
  return std::chrono::seconds(seconds);
}

// Empty when there is nothing to serve: help and version, with status 0, and wrong usage, with status 2.
std::optional<Settings> settings_of(int argc, char** argv, int& status) {
  Settings settings;
  const option options[] = {{"libraries", required_argument, nullptr, 'l'}, {"socket", required_argument, nullptr, 's'},
                            {"limit", required_argument, nullptr, 'd'},     {"help", no_argument, nullptr, 'h'},
                            {"version", no_argument, nullptr, 'v'},         {nullptr, 0, nullptr, 0}};
  const auto refuse = [&status](const std::string& what) {
    std::cerr << "twcard-vendor: " << what << "\n";
    status = 2;
    return std::nullopt;
  };
  int found = 0;
  while ((found = ::getopt_long(argc, argv, "", options, nullptr)) != -1) {
    switch (found) {
    case 'l': settings.libraries.emplace_back(optarg); break;
    case 's': settings.socket = optarg; break;
    case 'd':
      if (const auto limit = seconds_of(optarg)) {
        settings.limit = *limit;
        break;
      }
      return refuse("--limit: not 1 to 300 seconds");
    case 'h': std::cout << help; return std::nullopt;
    case 'v': std::cout << "twcard-vendor " TWCARD_VERSION "\n"; return std::nullopt;
    default: status = 2; return std::nullopt;
    }
  }
  if (optind != argc) return refuse(std::string("unexpected argument ") + argv[optind]);
  if (settings.libraries.empty()) settings.libraries = twcard::card::CardProfiles::default_vendor_folders();
  return settings;
}

// Control C17: what a PIN passes through leaves no trace in a core file and cannot be read by other programs.
void forbid_inspection() {
  const rlimit none = {0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
    throw twcard::Error(twcard::Errc::Internal, "cannot switch core files off");
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
  int status = 0;
  try {
    const auto settings = settings_of(argc, argv, status);
    if (!settings) return status;
    forbid_inspection();
    serve(*settings);
    return 0;
  } catch (const std::exception& exception) {
    twcard::log::error("vendor", "{}", exception.what());
    return 1;
  }
}
