// Work that blocks, done on a thread while a coroutine waits for it.
#pragma once

#include "rpc/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>

namespace twcard::rpc {

// What `work` returns or throws. Throws boost::system::system_error (operation_aborted) as soon as the waiting
// coroutine is cancelled; the work then still runs to its end on its thread, and its outcome is dropped.
[[nodiscard]] boost::asio::awaitable<Reply> run_blocking(boost::asio::thread_pool& thread, std::function<Reply()> work);

} // namespace twcard::rpc
