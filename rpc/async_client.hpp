// Client end for programs that run on Asio (twcard-web, and twcardd towards twcard-prompt and twcard-vendor). One
// strand: everything is used from the executor that it was made with.
#pragma once

#include "rpc/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

namespace twcard::rpc {

class AsyncClient final {
public:
  explicit AsyncClient(boost::asio::any_io_executor executor);
  ~AsyncClient(); // closes: the service cancels what was still under way for this connection
  AsyncClient(const AsyncClient&) = delete;
  AsyncClient& operator=(const AsyncClient&) = delete;

  // Throws Error(ServiceUnavailable) when nothing listens there, or when who listens is another user.
  boost::asio::awaitable<void> connect(std::filesystem::path socket);
  // Calls may overlap. Throws the service's error; ServiceUnavailable when the connection ends. No deadline of its
  // own: the service's deadlines bound it. A cancelled call is cancelled in the service too, which ends whatever it was
  // asking the person; the connection and its other calls stay.
  boost::asio::awaitable<Reply> call(std::string method, boost::json::object params = {}, SecureBytes blob = {});
  // Called for each notification, on the executor. To be set before connect().
  void on_notification(std::function<void(Notification)> handler);
  [[nodiscard]] bool connected() const noexcept;
  void close() noexcept;

private:
  struct State;
  std::shared_ptr<State> m_state;
};

// One call on a connection of its own. Throws what connect() and call() throw, and Timeout when the answer is not there
// within `limit`: then the connection is closed.
[[nodiscard]] boost::asio::awaitable<Reply> call_once(std::filesystem::path socket, std::chrono::seconds limit,
                                                      std::string method, boost::json::object params,
                                                      SecureBytes blob = {});

} // namespace twcard::rpc
