// twcardd: the service that owns the cards of one user.
#include "daemon/card/service.hpp"
#include "driver/base/command_line.hpp"
#include "driver/base/hardening.hpp"
#include "driver/base/log.hpp"
#include "driver/base/user_folders.hpp"
#include "driver/reader/pcsc.hpp"
#include "rpc/socket_path.hpp"

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <iterator>
#include <malloc.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace po = boost::program_options;
using namespace twcard;

constexpr std::chrono::seconds stop_limit{10};
constexpr int max_card_limit = 300;
constexpr std::size_t default_connections = 1024;
constexpr std::size_t max_connections = 16384;
constexpr std::size_t connections_of_a_process = 128;
constexpr std::size_t other_descriptors = 64; // readers, profiles, the prompt

struct Options {
  fs::path socket;
  fs::path prompt_socket;
  fs::path vendor_socket;
  std::vector<fs::path> profiles;
  fs::path state;
  fs::path cache;
  std::chrono::seconds card_limit = service::card_operation_limit;
  std::size_t connections = default_connections;
};

// As many connections as are asked for and the system lets this process have, of which some are its own.
rpc::ServerLimits limits_for(std::size_t connections) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
    throw std::system_error(errno, std::generic_category(), "asking for the limit of open files");
  const auto wanted = connections + other_descriptors;
  if (files.rlim_cur < wanted) {
    files.rlim_cur = std::min<rlim_t>(wanted, files.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0)
      throw std::system_error(errno, std::generic_category(), "raising the limit of open files");
  }
  if (files.rlim_cur < wanted) {
    connections = std::max<std::size_t>(files.rlim_cur, 2 * other_descriptors) - other_descriptors;
    log::warning("service", "at most {} connections: this process may not open more files", connections);
  }
  return {connections, connections_of_a_process};
}

// A heap a thread would cost more than all that the readers' threads ever hold.
void bound_heap() {
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TRIM_THRESHOLD, 64 * 1024);
}

po::options_description described_options() {
  po::options_description described("Options");
  described.add_options()("help,h", "show this help and exit")("version", "show the version and exit")(
      "socket", po::value<std::string>()->value_name("PATH"),
      "socket for clients (default: $TWCARD_SOCKET, or twcard/card.sock in $XDG_RUNTIME_DIR)")(
      "prompt-socket", po::value<std::string>()->value_name("PATH"),
      "socket of twcard-prompt (default: $TWCARD_PROMPT_SOCKET, or twcard/prompt.sock in $XDG_RUNTIME_DIR)")(
      "vendor-socket", po::value<std::string>()->value_name("PATH"),
      "socket of twcard-vendor (default: $TWCARD_VENDOR_SOCKET, or twcard/vendor.sock in $XDG_RUNTIME_DIR)")(
      "profiles", po::value<std::vector<std::string>>()->value_name("DIR"),
      "folder with card profiles; may be given several times\n(default: profiles.d and vendor.d in /etc/twcard "
      "and in $XDG_CONFIG_HOME/twcard)")("state", po::value<std::string>()->value_name("DIR"),
                                         "folder for what is remembered of PIN tries and consents (default: "
                                         "$XDG_STATE_HOME/twcard, or ~/.local/state/twcard)")(
      "cache", po::value<std::string>()->value_name("DIR"),
      "folder for the public certificates of cards (default: $XDG_CACHE_HOME/twcard, or ~/.cache/twcard)")(
      "card-limit", po::value<int>()->value_name("SECONDS"),
      "how long a card operation may take, 1 to 300 (default: 30)")(
      "connections", po::value<std::size_t>()->value_name("N"),
      "clients' connections that may be open at once, 1 to 16384\n(default: 1024; a process may have 128 of them)");
  return described;
}

std::string help_text() {
  std::ostringstream help;
  help << "Usage: twcardd [OPTION]...\n\nThe service that speaks to the smart cards of this user. It serves twcard,"
          " twcard-web and other\nclients on a Unix socket until it gets SIGTERM or SIGINT, and takes a socket"
          " that systemd passes.\n\n"
       << described_options() << "\nEnvironment: TWCARD_LOG = error, warning, info (default) or debug.\n";
  return help.str();
}

Options options_of(const po::variables_map& given) {
  Options options;
  options.socket = rpc::card_socket();
  options.prompt_socket = rpc::prompt_socket();
  options.vendor_socket = rpc::vendor_socket();
  options.profiles = card::CardProfiles::default_folders();
  std::ranges::copy(card::CardProfiles::default_vendor_folders(), std::back_inserter(options.profiles));
  options.state = twcard_in(user_state_folder());
  options.cache = twcard_in(user_cache_folder());
  if (given.contains("socket")) options.socket = given["socket"].as<std::string>();
  if (given.contains("prompt-socket")) options.prompt_socket = given["prompt-socket"].as<std::string>();
  if (given.contains("vendor-socket")) options.vendor_socket = given["vendor-socket"].as<std::string>();
  if (given.contains("state")) options.state = given["state"].as<std::string>();
  if (given.contains("cache")) options.cache = given["cache"].as<std::string>();
  if (given.contains("profiles")) {
    const auto folders = given["profiles"].as<std::vector<std::string>>();
    options.profiles.assign(folders.begin(), folders.end());
  }
  if (given.contains("card-limit")) {
    const int seconds = given["card-limit"].as<int>();
    if (seconds < 1 || seconds > max_card_limit)
      throw po::error(fmt::format("--card-limit: {} is not from 1 to {} seconds", seconds, max_card_limit));
    options.card_limit = std::chrono::seconds(seconds);
  }
  if (given.contains("connections")) {
    options.connections = given["connections"].as<std::size_t>();
    if (options.connections < 1 || options.connections > max_connections)
      throw po::error(fmt::format("--connections takes a number from 1 to {}", max_connections));
  }
  return options;
}

void serve(Options options) {
  auto profiles = card::CardProfiles::load(options.profiles);
  reader::PcscReaders readers;
  asio::io_context context(1);
  service::Service service(context, readers,
                           {.socket = std::move(options.socket),
                            .prompt_socket = std::move(options.prompt_socket),
                            .profiles = std::move(profiles),
                            .state = std::move(options.state),
                            .cache = std::move(options.cache),
                            .limits = {.operation = options.card_limit},
                            .connections = limits_for(options.connections),
                            .vendor_socket = std::move(options.vendor_socket)});
  asio::signal_set signals(context, SIGTERM, SIGINT);
  bool stopped = true;
  signals.async_wait([&](const boost::system::error_code&, int) {
    stopped = service.stop(stop_limit);
    if (!stopped) context.stop();
  });
  log::info("service", "ready");
  context.run();
  if (stopped) return;
  log::warning("service", "a reader does not answer; ending without it");
  ::_exit(0);
}

} // namespace

int main(int argc, char** argv) {
  try {
    bound_heap();
    forbid_inspection();
    ::umask(077);
    const auto given = parse_command_line(argc, argv, "twcardd", help_text(), described_options());
    if (!given) return 0;
    serve(options_of(*given));
    log::info("service", "stopped");
    return 0;
  } catch (const po::error& error) {
    return wrong_usage("twcardd", error.what());
  } catch (const std::exception& error) {
    log::error("service", "cannot start: {}", error.what());
    return 1;
  }
}
