#include "rpc/async_event.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace twcard::rpc {

namespace asio = boost::asio;

AsyncEvent::AsyncEvent(const asio::any_io_executor& executor)
    : m_timer(executor, asio::steady_timer::time_point::max()) {}

void AsyncEvent::set() noexcept {
  m_is_set = true;
  m_timer.cancel();
}

asio::awaitable<void> AsyncEvent::wait() {
  if (m_is_set) co_return;
  boost::system::error_code ignored;
  co_await m_timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  if (!m_is_set) throw boost::system::system_error(asio::error::operation_aborted);
}

} // namespace twcard::rpc
