// twcard-prompt: asks the person for consent and for PINs on behalf of twcardd.
#include "daemon/prompt/prompt_handler.hpp"
#include "driver/base/log.hpp"
#include "rpc/socket_path.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <getopt.h>
#include <iostream>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

constexpr const char* help =
    R"(twcard-prompt asks the person at this computer for consent and for PINs, on behalf of twcardd.

Usage: twcard-prompt [options]

  --pinentry PATH  the program that shows the dialogs
                   (default: $TWCARD_PINENTRY, or pinentry on PATH)
  --socket PATH    where to listen (default: $TWCARD_PROMPT_SOCKET, or
                   twcard/prompt.sock in $XDG_RUNTIME_DIR)
  --help           this text
  --version        the version

Socket activation (LISTEN_FDS) goes before --socket.
)";

struct Settings {
  twcard::prompt::PinentryOptions pinentry;
  std::filesystem::path socket;
};

// Empty when there is nothing to serve: help and version, with status 0, and wrong usage, with status 2.
std::optional<Settings> settings_of(int argc, char** argv, int& status) {
  Settings settings;
  if (const char* pinentry = std::getenv("TWCARD_PINENTRY"); pinentry != nullptr && *pinentry != '\0')
    settings.pinentry.program = pinentry;
  settings.socket = twcard::rpc::prompt_socket();
  const option options[] = {{"pinentry", required_argument, nullptr, 'p'},
                            {"socket", required_argument, nullptr, 's'},
                            {"help", no_argument, nullptr, 'h'},
                            {"version", no_argument, nullptr, 'v'},
                            {nullptr, 0, nullptr, 0}};
  int found = 0;
  while ((found = ::getopt_long(argc, argv, "", options, nullptr)) != -1) {
    switch (found) {
    case 'p': settings.pinentry.program = optarg; break;
    case 's': settings.socket = optarg; break;
    case 'h': std::cout << help; return std::nullopt;
    case 'v': std::cout << "twcard-prompt " TWCARD_VERSION "\n"; return std::nullopt;
    default: status = 2; return std::nullopt;
    }
  }
  if (optind == argc) return settings;
  std::cerr << "twcard-prompt: unexpected argument " << argv[optind] << "\n";
  status = 2;
  return std::nullopt;
}

// Control C17: what a PIN passes through leaves no trace in a core file and cannot be read by other programs.
void forbid_inspection() {
  const rlimit none = {0, 0};
  if (::prctl(PR_SET_DUMPABLE, 0) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0)
    throw twcard::Error(twcard::Errc::Internal, "cannot switch core files off");
}

void serve(const Settings& settings) {
  boost::asio::io_context io(1);
  twcard::prompt::PromptHandler handler(settings.pinentry);
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
    twcard::log::error("prompt", "{}", exception.what());
    return 1;
  }
}
