#include "rpc/wait_list.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace twcard::rpc {

namespace asio = boost::asio;

struct WaitList::Waiter {
  asio::steady_timer timer;
  bool woken = false;
  bool left = false; // waits no more, by deadline or cancellation
};

asio::awaitable<bool> WaitList::wait(TimePoint deadline) {
  const auto waiter = std::make_shared<Waiter>(Waiter{asio::steady_timer(m_executor, deadline)});
  std::erase_if(m_waiters, [](const auto& other) { return other->left; });
  m_waiters.push_back(waiter);
  // Also when the wait never begins: nobody may hand a turn to who is not there to take it.
  const struct Leaving {
    Waiter& waiter;
    ~Leaving() { waiter.left = true; }
  } leaving{*waiter};

  boost::system::error_code failure;
  co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
  if (waiter->woken) co_return true;
  if (failure) throw boost::system::system_error(failure);
  co_return false;
}

void WaitList::wake_all() {
  while (wake_one()) {
  }
}

bool WaitList::wake_one() {
  while (!m_waiters.empty()) {
    const auto waiter = m_waiters.front();
    m_waiters.pop_front();
    if (waiter->left) continue;
    waiter->woken = true;
    waiter->timer.cancel();
    return true;
  }
  return false;
}

} // namespace twcard::rpc
