// Notifies clients of what happens in the readers (docs/service-protocol.md, "Notification event").
//
// Programs of this user get every event. A web site gets none until it has had a consent for a card, and then only
// those of that card (control C5). A card that returns is known by its number: the site is notified when that has been
// read.
#pragma once

#include "daemon/card/permission/permission.hpp"

#include <functional>
#include <vector>

namespace twcard::service {

class EventHub final {
public:
  using Sink = std::function<void(const ReaderEvent&)>;

  explicit EventHub(const Permission& permission) : m_permission(permission) {}

  // One subscription a connection and origin; a second one replaces it.
  void subscribe(std::uint64_t connection, std::optional<std::string> origin, Sink sink);
  void publish(const ReaderEvent& event) const;
  void connection_closed(std::uint64_t connection);

private:
  struct Subscriber {
    std::uint64_t connection = 0;
    std::optional<std::string> origin;
    Sink sink;
  };

  void tell_site(const Subscriber& site, const ReaderEvent& event) const;

  const Permission& m_permission;
  std::vector<Subscriber> m_subscribers;
};

} // namespace twcard::service
