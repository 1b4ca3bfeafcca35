#include "rpc/async_client.hpp"

#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

namespace twcard::rpc {

namespace asio = boost::asio;

namespace {

using testing::PrivateFolder;
using testing::ScriptedService;

struct Fixture {
  ScriptedService service;
  asio::io_context context;
  std::optional<AsyncClient> client{std::in_place, context.get_executor()};

  // Runs a coroutine to its end and gives its value.
  template <typename T>
  T run(asio::awaitable<T> coroutine) {
    auto result = asio::co_spawn(context, std::move(coroutine), asio::use_future);
    while (result.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      context.restart();
      BOOST_REQUIRE(context.run_one_for(std::chrono::seconds(10)) == 1U);
    }
    return result.get();
  }
  void connect() { run(client->connect(service.socket())); }
};

asio::awaitable<void> call_and_note(AsyncClient& client, std::string method, std::vector<std::string>& order) {
  static_cast<void>(co_await client.call(method));
  order.push_back(method);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(async_client, Fixture)

BOOST_AUTO_TEST_CASE(a_call_gets_its_answer_and_blob) {
  connect();
  const auto reply = run(client->call("echo", {{"a", 1}}, SecureBytes::copy_of(as_bytes("blob"))));
  BOOST_TEST(reply.result.at("a").as_int64() == 1);
  BOOST_TEST(as_text(reply.blob.view()) == "blob");
}

BOOST_AUTO_TEST_CASE(the_error_of_the_service_is_thrown) {
  connect();
  BOOST_CHECK_EXCEPTION(run(client->call("fail")), Error, [](const Error& error) {
    return error.code() == Errc::PinIncorrect && error.tries_left() == 2;
  });
}

BOOST_AUTO_TEST_CASE(calls_overlap) {
  connect();
  std::vector<std::string> order;
  asio::co_spawn(context, call_and_note(*client, "wait", order), asio::detached);
  run(call_and_note(*client, "echo", order));
  run(call_and_note(*client, "release", order));
  while (order.size() < 3) BOOST_REQUIRE(context.run_one_for(std::chrono::seconds(10)) == 1U);
  BOOST_TEST(order.front() == "echo");
}

BOOST_AUTO_TEST_CASE(nobody_listening_is_service_unavailable) {
  const PrivateFolder folder;
  BOOST_CHECK_EXCEPTION(run(client->connect(folder.path() / "none.sock")), Error, has_code(Errc::ServiceUnavailable));
  BOOST_CHECK_EXCEPTION(run(client->connect(std::string(200, 'x'))), Error, has_code(Errc::ServiceUnavailable));
  BOOST_CHECK_EXCEPTION(run(client->call("echo")), Error, has_code(Errc::ServiceUnavailable));
}

BOOST_AUTO_TEST_CASE(a_cancelled_call_stops_in_the_service_too_and_no_other_one_does) {
  connect();
  std::vector<std::string> others;
  asio::co_spawn(context, call_and_note(*client, "wait", others), asio::detached);
  asio::cancellation_signal signal;
  std::exception_ptr ended;
  bool done = false;
  asio::co_spawn(context, client->call("wait"),
                 asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr failure, const Reply&) {
                   ended = failure;
                   done = true;
                 }));
  while (context.poll() != 0) {
  }
  BOOST_REQUIRE(service.journal().wait_for("wait", 2));
  signal.emit(asio::cancellation_type::terminal);
  while (!done) BOOST_REQUIRE(context.run_one_for(std::chrono::seconds(10)) == 1U);
  BOOST_CHECK_THROW(std::rethrow_exception(ended), boost::system::system_error);
  BOOST_TEST(others.empty());
  run(call_and_note(*client, "release", others));
  while (others.size() < 2) BOOST_REQUIRE(context.run_one_for(std::chrono::seconds(10)) == 1U);
  BOOST_TEST(service.journal().wait_for("wait cancelled"));
}

BOOST_AUTO_TEST_CASE(destroying_the_client_ends_its_calls_and_the_services_work_for_them) {
  connect();
  std::exception_ptr ended;
  bool done = false;
  asio::co_spawn(context, client->call("wait"), [&](std::exception_ptr failure, const Reply&) {
    ended = failure;
    done = true;
  });
  while (context.poll() != 0) {
  }
  BOOST_REQUIRE(service.journal().wait_for("wait"));
  client.reset();
  while (!done) BOOST_REQUIRE(context.run_one_for(std::chrono::seconds(10)) == 1U);
  BOOST_CHECK_EXCEPTION(std::rethrow_exception(ended), Error, has_code(Errc::ServiceUnavailable));
  BOOST_TEST(service.journal().wait_for("wait cancelled"));
}

BOOST_AUTO_TEST_CASE(notifications_arrive_in_order) {
  std::vector<int> numbers;
  client->on_notification(
      [&](const Notification& notification) { numbers.push_back(notification.params.at("number").to_number<int>()); });
  connect();
  static_cast<void>(run(client->call("notify", {{"count", 3}})));
  BOOST_TEST(numbers == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_service_fails_the_calls) {
  connect();
  asio::post(context, [this] { service.stop(); });
  BOOST_CHECK_EXCEPTION(run(client->call("wait")), Error, has_code(Errc::ServiceUnavailable));
  BOOST_TEST(!client->connected());
}

BOOST_AUTO_TEST_CASE(one_call_has_a_connection_of_its_own) {
  const auto reply = run(call_once(service.socket(), std::chrono::seconds(10), "echo", {{"a", 1}}));
  BOOST_TEST(reply.result.at("a").as_int64() == 1);
  BOOST_CHECK_EXCEPTION(run(call_once(service.socket(), std::chrono::seconds(10), "fail", {})), Error,
                        has_code(Errc::PinIncorrect));
  BOOST_CHECK_EXCEPTION(run(call_once("/nowhere.sock", std::chrono::seconds(10), "echo", {})), Error,
                        has_code(Errc::ServiceUnavailable));
}

BOOST_AUTO_TEST_CASE(one_call_ends_at_its_limit_and_so_does_the_services_work_for_it) {
  BOOST_CHECK_EXCEPTION(run(call_once(service.socket(), std::chrono::seconds(1), "wait", {})), Error,
                        has_code(Errc::Timeout));
  BOOST_TEST(service.journal().wait_for("wait cancelled"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
