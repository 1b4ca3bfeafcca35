#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/texts/cards.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>

namespace twcard::cli {

namespace {

// Readable once Ctrl-C was pressed or the program was asked to end. Made once, for the rest of the program's life.
int interruption() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return ::signalfd(-1, &signals, SFD_CLOEXEC);
}

std::string clock_time() {
  const auto now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%H:%M:%S", &local)};
}

std::string event_line(const boost::json::object& event, Language language) {
  const std::string_view type = event.at("type").as_string();
  auto line = fmt::format("{}  {}", clock_time(), escaped(texts::text_named(texts::events::names, type, language)));
  if (const auto* reader = event.if_contains("reader"); reader != nullptr && reader->is_string())
    line += fmt::format("  {}", escaped(reader->get_string()));
  if (const auto* card = event.if_contains("card"); card != nullptr && card->is_object())
    line += fmt::format(": {}", type == "card_removed" ? card_kind(card->get_object(), language)
                                                       : describe_card(*card, language));
  return line + "\n";
}

void print_event(const Context& context, const boost::json::object& event) {
  if (context.json)
    print_json(event);
  else
    print(event_line(event, context.language));
}

void print_present(const Context& context, boost::json::object subscription) {
  if (context.json) {
    subscription["type"] = "subscribed";
    print_json(subscription);
    return;
  }
  for (const auto& reader : subscription.at("readers").as_array())
    print(fmt::format("{}  {}: {}\n", clock_time(), escaped(reader.at("name").as_string()),
                      describe_card(reader.at("card"), context.language)));
}

ExitCode run(const Context& context, const Arguments&) {
  auto service = connect(context);
  const int interrupted = interruption();
  print_present(context, service.client.call("events.subscribe").result);
  const auto print_if_event = [&context](const rpc::Notification& notification) {
    if (notification.method == "event") print_event(context, notification.params);
  };
  std::array<pollfd, 2> waiting{{{interrupted, POLLIN, 0}, {service.client.descriptor(), POLLIN, 0}}};
  while (true) {
    // What arrived together with an answer is no longer in the socket.
    while (const auto notification = service.client.next_notification(std::chrono::milliseconds(0)))
      print_if_event(*notification);
    if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR)
      throw Error(Errc::Internal, "waiting for events failed");
    if (waiting[0].revents != 0) return ExitCode::Ok;
    if (waiting[1].revents == 0) continue;
    if (const auto notification = service.client.next_notification()) print_if_event(*notification);
  }
}

} // namespace

const Command events_command{"events", "", texts::events::summary, texts::events::details, {}, 0, run};

} // namespace twcard::cli
