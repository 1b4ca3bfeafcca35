#include "rpc/blocking_work.hpp"

#include "rpc/async_event.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <memory>

namespace twcard::rpc {

namespace asio = boost::asio;

namespace {

// The thread writes the outcome before it posts `ended`; the rest belongs to the executor.
struct Job {
  explicit Job(const asio::any_io_executor& executor) : ended(executor) {}

  AsyncEvent ended;
  Reply reply;
  std::exception_ptr failure;
};

} // namespace

asio::awaitable<Reply> run_blocking(asio::thread_pool& thread, std::function<Reply()> work) {
  const auto executor = co_await asio::this_coro::executor;
  const auto job = std::make_shared<Job>(executor);
  asio::post(thread, [job, executor, work = std::move(work)] {
    try {
      job->reply = work();
    } catch (...) {
      job->failure = std::current_exception();
    }
    asio::post(executor, [job] { job->ended.set(); });
  });
  co_await job->ended.wait();
  if (job->failure) std::rethrow_exception(job->failure);
  co_return std::move(job->reply);
}

} // namespace twcard::rpc
