#include "daemon/card/methods/event_hub.hpp"

#include <algorithm>

namespace twcard::service {

void EventHub::subscribe(std::uint64_t connection, std::optional<std::string> origin, Sink sink) {
  std::erase_if(m_subscribers,
                [&](const auto& each) { return each.connection == connection && each.origin == origin; });
  m_subscribers.push_back({connection, std::move(origin), std::move(sink)});
}

void EventHub::publish(const ReaderEvent& event) const {
  for (const auto& subscriber : m_subscribers) {
    if (subscriber.origin) {
      tell_site(subscriber, event);
    } else {
      subscriber.sink(event);
    }
  }
}

void EventHub::tell_site(const Subscriber& site, const ReaderEvent& event) const {
  const bool about_ready_card = event.type == ReaderEventType::CardReady || event.type == ReaderEventType::CardRemoved;
  if (!about_ready_card || !m_permission.may_hear_of(site.connection, *site.origin, *event.token)) return;
  if (event.type == ReaderEventType::CardReady) site.sink({ReaderEventType::CardInserted, event.reader, event.token});
  site.sink(event);
}

void EventHub::connection_closed(std::uint64_t connection) {
  std::erase_if(m_subscribers, [connection](const auto& each) { return each.connection == connection; });
}

} // namespace twcard::service
