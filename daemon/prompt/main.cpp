// twcard-prompt: asks the person for consent and for PINs on behalf of twcardd.
#include "daemon/prompt/prompt_handler.hpp"
#include "driver/base/command_line.hpp"
#include "driver/base/hardening.hpp"
#include "driver/base/log.hpp"
#include "rpc/socket_path.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <csignal>
#include <cstdlib>

namespace {

namespace po = boost::program_options;

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

po::options_description options() {
  po::options_description all;
  all.add_options()                              //
      ("help", "")                               //
      ("version", "")                            //
      ("pinentry", po::value<std::string>(), "") //
      ("socket", po::value<std::string>(), "");
  return all;
}

Settings settings_of(const po::variables_map& given) {
  Settings settings;
  if (const char* pinentry = std::getenv("TWCARD_PINENTRY"); pinentry != nullptr && *pinentry != '\0')
    settings.pinentry.program = pinentry;
  settings.socket = twcard::rpc::prompt_socket();
  if (given.contains("pinentry")) settings.pinentry.program = given["pinentry"].as<std::string>();
  if (given.contains("socket")) settings.socket = given["socket"].as<std::string>();
  return settings;
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
  try {
    const auto given = twcard::parse_command_line(argc, argv, "twcard-prompt", help, options());
    if (!given) return 0;
    const auto settings = settings_of(*given);
    twcard::forbid_inspection();
    serve(settings);
    return 0;
  } catch (const po::error& error) {
    return twcard::wrong_usage("twcard-prompt", error.what());
  } catch (const std::exception& exception) {
    twcard::log::error("prompt", "{}", exception.what());
    return 1;
  }
}
