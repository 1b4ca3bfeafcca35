// Blocking client end, for the command line and the PKCS#11 module: plain sockets, no thread, no Asio.
#pragma once

#include "driver/base/descriptor.hpp"
#include "rpc/message.hpp"

#include <chrono>
#include <deque>
#include <filesystem>
#include <optional>

namespace twcard::rpc {

class Client final {
public:
  // Throws Error(ServiceUnavailable) when nothing listens there, or when who listens is another user.
  [[nodiscard]] static Client connect(const std::filesystem::path& socket);

  // Blocks for the answer. Throws the service's error with its code, remaining attempts and context; ServiceUnavailable
  // when the connection ends; Timeout after `limit` (the connection is of no use then).
  Reply call(std::string_view method, boost::json::object params = {}, SecureBytes blob = {},
             std::chrono::milliseconds limit = std::chrono::minutes(5));

  // The next notification, or nullopt after `limit`; without a limit it blocks. Throws ServiceUnavailable when the
  // connection ends.
  std::optional<Notification> next_notification(std::optional<std::chrono::milliseconds> limit = std::nullopt);

  // For poll(); readable when a notification may have come.
  [[nodiscard]] int descriptor() const noexcept { return m_socket.get(); }

private:
  explicit Client(Descriptor socket) noexcept : m_socket(std::move(socket)) {}
  [[nodiscard]] Response exchange(const Frame& request, std::chrono::steady_clock::time_point deadline);

  Descriptor m_socket;
  std::uint64_t m_next_id = 1;
  std::deque<Notification> m_notifications;
};

} // namespace twcard::rpc
