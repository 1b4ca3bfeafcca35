// Something that happens once, and that coroutines may wait for. One strand: everything is used from the executor that
// it was made with, except that set() may be posted there from any thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace twcard::rpc {

class AsyncEvent final {
public:
  explicit AsyncEvent(const boost::asio::any_io_executor& executor);

  void set() noexcept;
  // Returns once it is set, at once when it is already. Throws boost::system::system_error (operation_aborted) when
  // the waiting coroutine is cancelled before. The event outlives the wait.
  [[nodiscard]] boost::asio::awaitable<void> wait();

private:
  boost::asio::steady_timer m_timer; // never expires: cancelled by set()
  bool m_is_set = false;
};

} // namespace twcard::rpc
