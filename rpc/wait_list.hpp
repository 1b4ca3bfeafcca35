// Coroutines that wait for each other, in order of arrival. One strand: everything is used from the executor that it
// was made with.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <memory>

namespace twcard::rpc {

class WaitList final {
public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit WaitList(boost::asio::any_io_executor executor) : m_executor(std::move(executor)) {}

  // True when woken, false when the deadline came first. Throws boost::system::system_error when cancelled. Does not
  // touch the list after it has been suspended: the list may be gone by then.
  [[nodiscard]] boost::asio::awaitable<bool> wait(TimePoint deadline = TimePoint::max());
  void wake_all();
  // The one that waits for the longest time; false when nobody does.
  bool wake_one();

private:
  struct Waiter;

  boost::asio::any_io_executor m_executor;
  std::deque<std::shared_ptr<Waiter>> m_waiters;
};

} // namespace twcard::rpc
