#include "rpc/wait_list.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

asio::awaitable<void> note_wait(WaitList& list, std::string name, std::vector<std::string>& order,
                                steady_clock::time_point deadline = steady_clock::time_point::max()) {
  const bool woken = co_await list.wait(deadline);
  order.push_back(name + (woken ? " woken" : " deadline"));
}

struct Waits {
  asio::io_context context;
  WaitList list{context.get_executor()};
  std::vector<std::string> order;
  void settle() {
    context.restart();
    while (context.poll() != 0) {
    }
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(wait_list, Waits)

BOOST_AUTO_TEST_CASE(the_longest_waiting_is_woken_first) {
  for (const char* name : {"a", "b", "c"}) asio::co_spawn(context, note_wait(list, name, order), asio::detached);
  settle();
  BOOST_TEST(list.wake_one());
  settle();
  BOOST_TEST(order == std::vector<std::string>{"a woken"}, boost::test_tools::per_element());
  list.wake_all();
  settle();
  BOOST_TEST(order == (std::vector<std::string>{"a woken", "b woken", "c woken"}), boost::test_tools::per_element());
  BOOST_TEST(!list.wake_one());
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_a_wait_and_leaves_the_list) {
  asio::co_spawn(context, note_wait(list, "a", order, steady_clock::now()), asio::detached);
  while (order.empty()) context.run_one();
  BOOST_TEST(order.front() == "a deadline");
  BOOST_TEST(!list.wake_one());
}

BOOST_AUTO_TEST_CASE(a_cancelled_wait_takes_nobodys_turn) {
  asio::cancellation_signal signal;
  asio::co_spawn(context, note_wait(list, "a", order),
                 asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr failure) {
                   order.push_back(failure ? "a cancelled" : "a ended");
                 }));
  asio::co_spawn(context, note_wait(list, "b", order), asio::detached);
  settle();
  signal.emit(asio::cancellation_type::terminal);
  settle();
  BOOST_TEST(list.wake_one());
  settle();
  BOOST_TEST(order == (std::vector<std::string>{"a cancelled", "b woken"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
