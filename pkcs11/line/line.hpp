// A connection to the card service that another thread can cut.
//
// Used by one thread at a time (its owner has a lock around it), except cut().
#pragma once

#include "rpc/client.hpp"

#include <mutex>
#include <optional>

namespace twcard::pkcs11 {

class Line final {
public:
  Line() = default;
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // Connects and says hello when the line is closed. True when it was. Throws Error(ServiceUnavailable).
  bool open();
  [[nodiscard]] bool is_open() const noexcept { return m_client.has_value(); }
  void close() noexcept;

  // Blocks for the answer, at most `limit`. A line that broke is closed afterwards. Throws what rpc::Client::call does.
  rpc::Reply call(std::string_view method, boost::json::object params, SecureBytes blob,
                  std::chrono::milliseconds limit);
  // A notification that has arrived; does not wait for one. Throws Error(ServiceUnavailable) when the line is dead.
  [[nodiscard]] std::optional<rpc::Notification> arrived();
  // A descriptor of the caller's own, readable when something arrives; not open when the line is closed.
  [[nodiscard]] Descriptor duplicate() const noexcept;

  // Ends whatever waits on the line, now and from now on; any thread.
  void cut() noexcept;

private:
  std::optional<rpc::Client> m_client;
  std::mutex m_cut_mutex;
  Descriptor m_twin; // of the same socket, so that cut() never meets a descriptor that is somebody else's by now
  bool m_cut = false;
};

} // namespace twcard::pkcs11
