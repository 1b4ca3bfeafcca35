#include "cli/service/connection.hpp"

#include "cli/service/launcher.hpp"
#include "rpc/socket_path.hpp"

#include <boost/json/value.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace twcard::cli {

namespace {

constexpr std::int64_t protocol = 1;

boost::json::object user_interface(Language language) {
  boost::json::object ui{{"language", tag_of(language)}};
  const auto take = [&ui](const char* member, const char* variable) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') ui[member] = value;
  };
  take("display", "DISPLAY");
  take("wayland_display", "WAYLAND_DISPLAY");
  take("xauthority", "XAUTHORITY");
  take("term", "TERM");
  for (const int descriptor : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    if (const char* terminal = ::ttyname(descriptor); terminal != nullptr) {
      ui["tty"] = terminal;
      break;
    }
  }
  return ui;
}

} // namespace

ServiceConnection connect(const Context& context) {
  auto client = connect_or_start(rpc::card_socket(), context.may_start);
  const auto hello = client.call(
      "hello", {{"client", "twcard"}, {"version", TWCARD_VERSION}, {"ui", user_interface(context.language)}}, {},
      std::chrono::seconds(10));
  if (const auto spoken = hello.result.at("protocol").as_int64(); spoken != protocol)
    throw Error(Errc::ServiceUnavailable, fmt::format("twcardd speaks protocol {}, this program {}", spoken, protocol));
  return {std::move(client), std::string(hello.result.at("version").as_string())};
}

} // namespace twcard::cli
