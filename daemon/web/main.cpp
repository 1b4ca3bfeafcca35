// twcard-web: lets web pages ask for cards, through WebSocket connections on loopback.
#include "daemon/web/dialects/native/web_session.hpp"
#include "daemon/web/front/loopback_sockets.hpp"
#include "daemon/web/legacy/file_watch.hpp"
#include "daemon/web/legacy_listeners.hpp"
#include "driver/base/command_line.hpp"
#include "driver/base/error.hpp"
#include "driver/base/hardening.hpp"
#include "driver/base/log.hpp"
#include "driver/base/user_folders.hpp"
#include "rpc/socket_path.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <charconv>
#include <csignal>
#include <iostream>
#include <sys/resource.h>

namespace {

namespace po = boost::program_options;

constexpr const char* help = R"(twcard-web lets web pages ask for cards: WebSocket on loopback, subprotocol twcard.v1.

Usage: twcard-web [options]

  --port N       the port at 127.0.0.1 and [::1] (default: 25120; 0: a free one,
                 which is printed)
  --host-name NAME
                 requests may also address us by this name, beside 127.0.0.1,
                 [::1] and localhost; may be given several times
  --deny ORIGIN  turn this site away, for example https://example.com; may be
                 given several times
  --developer    pages of http://localhost may also connect
  --socket PATH  the socket of twcardd (default: $TWCARD_SOCKET, or
                 twcard/card.sock in $XDG_RUNTIME_DIR)
  --help         this text
  --version      the version

Socket activation (LISTEN_FDS) goes before --port.

The dialects of the old components, NHIICC and HiPKI, are served at their own ports for
the sites that `twcard setup legacy` has written to $XDG_CONFIG_HOME/twcard/legacy.json;
changes of it count at once.
)";

struct Settings {
  std::uint16_t port = twcard::web::default_port;
  twcard::web::ListenerOptions listener;
  std::filesystem::path service = twcard::rpc::card_socket();
};

std::uint16_t port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc() || end != text.data() + text.size())
    throw po::error("--port: a number from 0 to 65535 is needed");
  return port;
}

po::options_description options() {
  using Texts = std::vector<std::string>;
  po::options_description all;
  all.add_options()                          //
      ("help", "")                           //
      ("version", "")                        //
      ("port", po::value<std::string>(), "") //
      ("host-name", po::value<Texts>(), "")  //
      ("deny", po::value<Texts>(), "")       //
      ("developer", "")                      //
      ("socket", po::value<std::string>(), "");
  return all;
}

Settings settings_of(const po::variables_map& given) {
  Settings settings;
  const auto each = [&given](const char* option, auto take) {
    if (!given.contains(option)) return;
    for (const auto& text : given[option].as<std::vector<std::string>>()) try {
        take(text);
      } catch (const twcard::Error& error) {
        throw po::error(error.what());
      }
  };
  if (given.contains("port")) settings.port = port_of(given["port"].as<std::string>());
  each("host-name", [&](const std::string& name) { settings.listener.rules.names.add(name); });
  each("deny", [&](const std::string& origin) { settings.listener.policy.deny(origin); });
  settings.listener.rules.developer = given.contains("developer");
  if (given.contains("socket")) settings.service = given["socket"].as<std::string>();
  return settings;
}

// Every connection that has not sent its request yet also holds a descriptor.
void allow_descriptors() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 2 * twcard::web::Listener::max_handshakes);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(Settings settings) {
  boost::asio::io_context io(1);
  const auto make_session = [executor = io.get_executor(), service = settings.service](
                                const std::string& origin, std::weak_ptr<twcard::web::Page> page) {
    return std::make_shared<twcard::web::WebSession>(executor, service, origin, std::move(page));
  };
  twcard::web::Listener listener(twcard::web::loopback_sockets(io.get_executor(), settings.port),
                                 std::move(settings.listener), make_session);
  const auto settings_folder = twcard::twcard_in(twcard::user_config_folder());
  std::vector<std::unique_ptr<twcard::web::Listener>> old_dialects;
  const auto serve_old_dialects = [&] {
    old_dialects.clear(); // who is served by what the settings were is served no more
    old_dialects = twcard::web::legacy_listeners(io.get_executor(), settings_folder, settings.service);
  };
  twcard::web::FileWatch watch(io.get_executor(), twcard::web::legacy_files(settings_folder), [&] {
    twcard::log::info("web", "the settings of old interfaces have changed");
    serve_old_dialects();
  });
  serve_old_dialects();
  // When the port is known, everything is served that will be.
  if (settings.port == 0) std::cout << listener.port() << std::endl;
  boost::asio::signal_set stop_signals(io, SIGINT, SIGTERM);
  stop_signals.async_wait([&](boost::system::error_code, int) {
    listener.stop();
    watch.stop();
    old_dialects.clear(); // and with them their timers: nothing is left to run
  });
  io.run();
}

} // namespace

int main(int argc, char** argv) {
  try {
    const auto given = twcard::parse_command_line(argc, argv, "twcard-web", help, options());
    if (!given) return 0;
    auto settings = settings_of(*given);
    twcard::forbid_inspection();
    allow_descriptors();
    serve(std::move(settings));
    return 0;
  } catch (const po::error& error) {
    return twcard::wrong_usage("twcard-web", error.what());
  } catch (const std::exception& exception) {
    twcard::log::error("web", "{}", exception.what());
    return 1;
  }
}
