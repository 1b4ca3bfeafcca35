// The two sides of a connection: the page, as a session sees it, and the session, as the listener sees it.
// Everything is called on the one thread that serves all connections.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace twcard::web {

// RFC 6455 section 7.4.1, and our own of 4000 and up.
enum class CloseCode : std::uint16_t {
  UnsupportedData = 1003,
  InvalidData = 1007,
  PolicyViolation = 1008,
  OriginRefused = 4403,
  TooManyConnections = 4429,
};

class Page {
public:
  virtual ~Page() = default;
  // Queued. A page that lets 256 messages pile up is cut off. Does nothing when the page has gone.
  virtual void send(std::string message) = 0;
  virtual void close(CloseCode code, std::string reason) = 0;
};

class Session {
public:
  virtual ~Session() = default;
  // A whole text message, valid UTF-8 and within the size limit.
  virtual void received(std::string message) = 0;
  // The page has gone: whatever was done for it ends. Called once.
  virtual void ended() noexcept = 0;
};

// Called for an admitted origin only. The page lives longer than the session's last call to it does: hold it weakly.
using SessionFactory = std::function<std::shared_ptr<Session>(const std::string& origin, std::weak_ptr<Page> page)>;

} // namespace twcard::web
