#include "daemon/card/methods/event_hub.hpp"

#include <algorithm>

namespace twcard::service {

bool EventHub::Known::knows(const Token& token) const {
  if (insertions.contains(token.insertion)) return true;
  const auto* snapshot = token.snapshot();
  return snapshot != nullptr && !snapshot->card_number_hash.empty() &&
         card_numbers.contains(snapshot->card_number_hash);
}

void EventHub::subscribe(std::uint64_t connection, std::optional<std::string> origin, Sink sink) {
  std::erase_if(m_subscribers,
                [&](const auto& each) { return each.connection == connection && each.origin == origin; });
  m_subscribers.push_back({connection, std::move(origin), std::move(sink)});
}

void EventHub::granted(const Caller& caller, const Token& token) {
  if (!caller.origin) return;
  auto& known = m_granted[{caller.connection, *caller.origin}];
  known.insertions.insert(token.insertion);
  if (const auto* snapshot = token.snapshot(); snapshot != nullptr && !snapshot->card_number_hash.empty())
    known.card_numbers.insert(snapshot->card_number_hash);
}

void EventHub::publish(const ReaderEvent& event) {
  for (const auto& subscriber : m_subscribers) {
    if (subscriber.origin) {
      tell_site(subscriber, event);
    } else {
      subscriber.sink(event);
    }
  }
}

void EventHub::tell_site(const Subscriber& site, const ReaderEvent& event) {
  const bool about_ready_card = event.type == ReaderEventType::CardReady || event.type == ReaderEventType::CardRemoved;
  if (!about_ready_card) return;
  const auto found = m_granted.find({site.connection, *site.origin});
  if (found == m_granted.end() || !found->second.knows(*event.token)) return;
  if (event.type == ReaderEventType::CardReady) {
    site.sink({ReaderEventType::CardInserted, event.reader, event.token});
    found->second.insertions.insert(event.token->insertion);
  }
  site.sink(event);
}

void EventHub::revoke(const std::optional<std::string>& origin) {
  std::erase_if(m_granted, [&](const auto& each) { return !origin || each.first.second == *origin; });
}

void EventHub::connection_closed(std::uint64_t connection) {
  std::erase_if(m_subscribers, [&](const auto& each) { return each.connection == connection; });
  std::erase_if(m_granted, [&](const auto& each) { return each.first.first == connection; });
}

} // namespace twcard::service
