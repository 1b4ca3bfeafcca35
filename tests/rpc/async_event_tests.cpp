// An event that coroutines wait for, and work that blocks while one does.
#include "rpc/async_event.hpp"
#include "rpc/blocking_work.hpp"
#include "tests/rpc/has_code.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::rpc {

namespace asio = boost::asio;

namespace {

struct Coroutines {
  asio::io_context context;
  asio::cancellation_signal signal;

  // What the coroutine ends with: its failure, or null.
  template <typename Result>
  std::future<std::exception_ptr> spawn(asio::awaitable<Result> coroutine) {
    auto ended = std::make_shared<std::promise<std::exception_ptr>>();
    auto future = ended->get_future();
    asio::co_spawn(context, std::move(coroutine),
                   asio::bind_cancellation_slot(
                       signal.slot(), [ended](std::exception_ptr failure, auto&&...) { ended->set_value(failure); }));
    return future;
  }
  void settle() {
    context.restart();
    while (context.poll() != 0) {
    }
  }
  static bool is_over(const std::future<std::exception_ptr>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
};

bool is_cancellation(const std::exception_ptr& failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == asio::error::operation_aborted;
  }
  return false;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(async_event, Coroutines)

BOOST_AUTO_TEST_CASE(everyone_who_waits_goes_on_when_it_is_set_and_whoever_comes_later_does_not_wait) {
  AsyncEvent event(context.get_executor());
  auto first = spawn(event.wait());
  auto second = spawn(event.wait());
  settle();
  BOOST_TEST(!is_over(first));
  event.set();
  settle();
  BOOST_TEST(is_over(first));
  BOOST_TEST(is_over(second));
  auto late = spawn(event.wait());
  settle();
  BOOST_TEST(is_over(late));
  BOOST_TEST(!first.get());
  BOOST_TEST(!late.get());
}

BOOST_AUTO_TEST_CASE(a_cancelled_wait_says_so) {
  AsyncEvent event(context.get_executor());
  auto waiting = spawn(event.wait());
  settle();
  signal.emit(asio::cancellation_type::terminal);
  settle();
  BOOST_REQUIRE(is_over(waiting));
  BOOST_TEST(is_cancellation(waiting.get()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(blocking_work, Coroutines)

BOOST_AUTO_TEST_CASE(what_the_work_returns_or_throws_is_the_outcome) {
  asio::thread_pool thread(1);
  const auto call = [&](std::function<Reply()> work) {
    auto outcome = asio::co_spawn(context, run_blocking(thread, std::move(work)), asio::use_future);
    context.restart();
    context.run();
    return outcome.get();
  };
  const auto reply = call([] {
    Reply made;
    made.result["a"] = 1;
    return made;
  });
  BOOST_TEST(reply.result.at("a").as_int64() == 1);
  BOOST_CHECK_EXCEPTION(call([]() -> Reply { throw Error(Errc::PinBlocked, "blocked"); }), Error,
                        has_code(Errc::PinBlocked));
}

BOOST_AUTO_TEST_CASE(a_cancelled_caller_does_not_wait_for_work_that_still_runs) {
  std::promise<void> let_go;
  {
    asio::thread_pool thread(1);
    auto waiting = spawn(run_blocking(thread, [held = let_go.get_future().share()] {
      held.wait();
      return Reply();
    }));
    settle();
    signal.emit(asio::cancellation_type::terminal);
    settle();
    BOOST_TEST(is_over(waiting));
    let_go.set_value();
    thread.join();
    settle();
    BOOST_TEST(is_cancellation(waiting.get()));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
