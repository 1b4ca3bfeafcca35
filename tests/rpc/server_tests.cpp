#include "rpc/client.hpp"
#include "rpc/server.hpp"
#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::rpc {

namespace {

using testing::RawConnection;
using testing::ScriptedService;

Response response_of(Frame&& frame) {
  auto incoming = parse_incoming(std::move(frame));
  return std::get<Response>(std::move(incoming));
}

Errc code_of(const Response& response) {
  return std::get<Error>(response.outcome).code();
}

std::string request(int id, const std::string& method) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + method + R"("})";
}

// The connection is answered with this error and id 0, and then ended.
void check_ended_with(RawConnection& connection, Errc code) {
  const auto response = response_of(connection.receive());
  BOOST_TEST(response.id == 0U);
  BOOST_TEST((code_of(response) == code));
  BOOST_TEST(connection.receive().json.empty());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(server, ScriptedService)

BOOST_AUTO_TEST_CASE(a_request_gets_its_answer_and_blob) {
  auto client = Client::connect(socket());
  const auto reply = client.call("echo", {{"x", "健保卡"}}, SecureBytes::copy_of(as_bytes("blob")));
  BOOST_TEST(reply.result.at("x").as_string() == "健保卡");
  BOOST_TEST(as_text(reply.blob.view()) == "blob");
}

BOOST_AUTO_TEST_CASE(the_largest_blob_passes_unchanged) {
  auto client = Client::connect(socket());
  SecureBytes blob(max_blob_size);
  for (std::size_t i = 0; i < blob.size(); ++i) blob.data()[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  const auto expected = to_bytes(blob.view());
  const auto reply = client.call("echo", {}, std::move(blob));
  BOOST_TEST(to_bytes(reply.blob.view()) == expected);
}

BOOST_AUTO_TEST_CASE(an_error_of_the_handler_is_the_answer) {
  auto client = Client::connect(socket());
  BOOST_CHECK_EXCEPTION(client.call("fail"), Error, [](const Error& error) {
    return error.code() == Errc::PinIncorrect && error.tries_left() == 2;
  });
}

BOOST_AUTO_TEST_CASE(an_unexpected_exception_is_internal_and_says_nothing) {
  auto client = Client::connect(socket());
  BOOST_CHECK_EXCEPTION(client.call("crash"), Error, [](const Error& error) {
    return error.code() == Errc::Internal && std::string(error.what()).find("not an Error") == std::string::npos;
  });
  BOOST_CHECK_NO_THROW(client.call("echo"));
}

BOOST_AUTO_TEST_CASE(requests_of_one_connection_overlap) {
  RawConnection connection(socket());
  connection.send_json(request(1, "wait"));
  connection.send_json(request(2, "echo"));
  BOOST_TEST(response_of(connection.receive()).id == 2U);
  connection.send_json(request(3, "release"));
  std::set<std::uint64_t> others;
  others.insert(response_of(connection.receive()).id);
  others.insert(response_of(connection.receive()).id);
  BOOST_TEST((others == std::set<std::uint64_t>{1, 3}));
}

BOOST_AUTO_TEST_CASE(the_seventeenth_request_under_way_is_refused_alone) {
  RawConnection connection(socket());
  for (int id = 1; id <= 17; ++id) connection.send_json(request(id, "wait"));
  const auto refused = response_of(connection.receive());
  BOOST_TEST(refused.id == 17U);
  BOOST_TEST((code_of(refused) == Errc::BadRequest));
  Client::connect(socket()).call("release");
  for (int i = 0; i < 16; ++i) BOOST_TEST(std::holds_alternative<Reply>(response_of(connection.receive()).outcome));
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_cancels_what_it_waited_for) {
  {
    RawConnection connection(socket());
    connection.send_json(request(1, "wait"));
    BOOST_REQUIRE(journal().wait_for("wait"));
  }
  BOOST_TEST(journal().wait_for("wait cancelled"));
  BOOST_TEST(journal().wait_for("closed, state of this connection"));
}

BOOST_AUTO_TEST_CASE(a_connection_that_ends_leaves_the_others_waiting) {
  RawConnection staying(socket());
  staying.send_json(request(1, "wait"));
  {
    RawConnection leaving(socket());
    leaving.send_json(request(1, "wait"));
    BOOST_REQUIRE(journal().wait_for("wait", 2));
  }
  BOOST_REQUIRE(journal().wait_for("wait cancelled"));
  Client::connect(socket()).call("release");
  BOOST_TEST(std::holds_alternative<Reply>(response_of(staying.receive()).outcome));
}

BOOST_AUTO_TEST_CASE(one_request_is_cancelled_without_an_answer_and_the_others_go_on) {
  RawConnection connection(socket());
  connection.send_json(request(1, "wait"));
  connection.send_json(request(2, "wait"));
  BOOST_REQUIRE(journal().wait_for("wait", 2));
  connection.send_json(R"({"jsonrpc":"2.0","id":3,"method":"cancel","params":{"request":1}})");
  BOOST_TEST(response_of(connection.receive()).id == 3U);
  BOOST_REQUIRE(journal().wait_for("wait cancelled"));
  connection.send_json(request(4, "release"));
  std::set<std::uint64_t> answered;
  answered.insert(response_of(connection.receive()).id);
  answered.insert(response_of(connection.receive()).id);
  BOOST_TEST((answered == std::set<std::uint64_t>{2, 4}));
}

BOOST_AUTO_TEST_CASE(what_is_not_under_way_is_cancelled_without_an_error) {
  auto client = Client::connect(socket());
  BOOST_TEST(client.call("cancel", {{"request", 7}}).result.empty());
  BOOST_CHECK_EXCEPTION(client.call("cancel", {{"request", "1"}}), Error, has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(client.call("cancel", {}), Error, has_code(Errc::BadRequest));
  BOOST_CHECK_EXCEPTION(client.call("cancel", {{"request", 1}, {"all", true}}), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(a_malformed_request_ends_the_connection_after_an_error) {
  for (const std::string text : {"{", "[]", R"({"jsonrpc":"2.0","method":"echo"})", "\xFF\xFE"}) {
    RawConnection connection(socket());
    connection.send_json(text);
    check_ended_with(connection, Errc::BadRequest);
  }
  BOOST_CHECK_NO_THROW(Client::connect(socket()).call("echo"));
}

BOOST_AUTO_TEST_CASE(a_frame_over_a_limit_ends_the_connection_before_it_is_read) {
  for (const FrameHeader header : {FrameHeader{max_json_size + 1, 0}, FrameHeader{10, max_blob_size + 1},
                                   FrameHeader{0, 10}, FrameHeader{0xFFFFFFFF, 0xFFFFFFFF}}) {
    RawConnection connection(socket());
    connection.send(header.encode());
    check_ended_with(connection, Errc::BadRequest);
  }
}

BOOST_AUTO_TEST_CASE(a_frame_that_stops_in_the_middle_blocks_nobody_else) {
  RawConnection unfinished(socket());
  unfinished.send_json(R"({"jsonrpc")", 60'000);
  BOOST_CHECK_NO_THROW(Client::connect(socket()).call("echo"));
}

BOOST_AUTO_TEST_CASE(a_connection_over_the_limit_gets_an_error_and_is_closed) {
  std::vector<std::unique_ptr<RawConnection>> connections;
  for (int i = 0; i < 128; ++i) connections.push_back(std::make_unique<RawConnection>(socket()));
  BOOST_REQUIRE(journal().wait_for("opened", 128));
  RawConnection one_more(socket());
  check_ended_with(one_more, Errc::ServiceUnavailable);
  connections.pop_back();
  BOOST_REQUIRE(journal().wait_for("closed, state of this connection"));
  BOOST_CHECK_NO_THROW(Client::connect(socket()).call("echo"));
}

BOOST_AUTO_TEST_CASE(a_process_that_has_its_share_of_connections_leaves_room_for_others) {
  ScriptedService small({.connections = 4, .of_a_process = 2});
  const RawConnection first(small.socket());
  const RawConnection second(small.socket());
  BOOST_REQUIRE(small.journal().wait_for("opened", 2));
  RawConnection third(small.socket());
  check_ended_with(third, Errc::ServiceUnavailable);
  const auto child = ::fork();
  if (child == 0) {
    try {
      Client::connect(small.socket()).call("echo");
      ::_exit(0);
    } catch (const Error&) {
      ::_exit(1);
    }
  }
  int status = -1;
  BOOST_TEST(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(a_client_that_never_reads_is_dropped) {
  RawConnection deaf(socket());
  deaf.send_json(R"({"jsonrpc":"2.0","id":1,"method":"notify","params":{"count":3000}})");
  BOOST_TEST(journal().wait_for("closed, state of this connection"));
}

BOOST_AUTO_TEST_CASE(a_caller_of_another_user_is_refused_even_where_the_file_modes_would_let_it_in) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("needs root to become somebody else");
    return;
  }
  BOOST_REQUIRE_EQUAL(::chmod(socket().parent_path().c_str(), 0711), 0);
  BOOST_REQUIRE_EQUAL(::chmod(socket().c_str(), 0666), 0);
  const auto child = ::fork();
  if (child == 0) {
    if (::setresuid(65534, 65534, 65534) != 0) ::_exit(3);
    try {
      static_cast<void>(Client::connect(socket()));
      ::_exit(1);
    } catch (const Error& error) {
      // The client's own check comes first: the service is another user's for it.
      if (error.code() != Errc::ServiceUnavailable) ::_exit(2);
    }
    const RawConnection without_check(socket());
    char octet = 0;
    ::_exit(::read(without_check.descriptor(), &octet, 1) == 0 ? 0 : 4); // closed at once, not only left unanswered
  }
  int status = -1;
  BOOST_REQUIRE_EQUAL(::waitpid(child, &status, 0), child);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(stopping_ends_the_connections_and_what_they_wait_for) {
  auto client = Client::connect(socket());
  RawConnection connection(socket());
  connection.send_json(request(1, "wait"));
  BOOST_REQUIRE(journal().wait_for("wait"));
  stop();
  BOOST_TEST(connection.receive().json.empty());
  BOOST_CHECK_EXCEPTION(client.call("echo"), Error, has_code(Errc::ServiceUnavailable));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(server_start_and_stop)

BOOST_AUTO_TEST_CASE(a_connection_that_comes_at_the_moment_of_stopping_is_not_served) {
  struct Counting final : Handler {
    void opened(const std::shared_ptr<Session>&) override { ++sessions; }
    boost::asio::awaitable<Reply> handle(std::shared_ptr<Session>, Request) override { co_return Reply{}; }
    void closed(const std::shared_ptr<Session>&) override {}
    int sessions = 0;
  } handler;
  const testing::PrivateFolder folder;
  boost::asio::io_context context;
  Server server(listen_at(context.get_executor(), folder.path() / "a.sock"), handler);
  const RawConnection connection(folder.path() / "a.sock");
  // The accept is through before this runs, and its coroutine goes on after it.
  boost::asio::post(context, [&server] { server.stop(); });
  context.run_for(std::chrono::seconds(10));
  BOOST_TEST(context.stopped());
  BOOST_TEST(handler.sessions == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
