#include "rpc/client.hpp"

#include "rpc/server.hpp"
#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace twcard::rpc {

namespace {

using testing::PrivateFolder;
using testing::ScriptedService;
using namespace std::chrono_literals;

// Takes one connection and answers the first request with octets of the test's choice.
class FaultyService final {
public:
  explicit FaultyService(Bytes answer) {
    m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = socket().string();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_REQUIRE_EQUAL(::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    BOOST_REQUIRE_EQUAL(::listen(m_listener, 1), 0);
    m_thread = std::thread([this, octets = std::move(answer)] {
      const int connection = ::accept(m_listener, nullptr, nullptr);
      char header = 0;
      static_cast<void>(::recv(connection, &header, 1, 0));
      static_cast<void>(::send(connection, octets.data(), octets.size(), MSG_NOSIGNAL));
      ::close(connection);
    });
  }
  ~FaultyService() {
    m_thread.join();
    ::close(m_listener);
  }
  FaultyService(const FaultyService&) = delete;
  FaultyService& operator=(const FaultyService&) = delete;
  [[nodiscard]] std::filesystem::path socket() const { return m_folder.path() / "faulty.sock"; }

private:
  PrivateFolder m_folder;
  int m_listener = -1;
  std::thread m_thread;
};

Bytes framed(std::string_view json) {
  const FrameHeader header{static_cast<std::uint32_t>(json.size()), 0};
  const auto octets = header.encode();
  Bytes frame;
  frame.reserve(octets.size() + json.size());
  frame.insert(frame.end(), octets.begin(), octets.end());
  frame.insert(frame.end(), json.begin(), json.end());
  return frame;
}

} // namespace

BOOST_AUTO_TEST_SUITE(client)

BOOST_AUTO_TEST_CASE(nobody_listening_is_service_unavailable) {
  const PrivateFolder folder;
  BOOST_CHECK_EXCEPTION(static_cast<void>(Client::connect(folder.path() / "none.sock")), Error,
                        has_code(Errc::ServiceUnavailable));
  BOOST_CHECK_EXCEPTION(static_cast<void>(Client::connect("/" + std::string(200, 'x'))), Error,
                        has_code(Errc::ServiceUnavailable));
}

BOOST_FIXTURE_TEST_CASE(an_answer_that_does_not_come_is_a_timeout_and_the_connection_is_of_no_more_use,
                        ScriptedService) {
  auto client = Client::connect(socket());
  BOOST_CHECK_EXCEPTION(client.call("wait", {}, {}, 10ms), Error, has_code(Errc::Timeout));
  BOOST_CHECK_EXCEPTION(client.call("echo"), Error, has_code(Errc::ServiceUnavailable));
  BOOST_TEST(journal().wait_for("wait cancelled"));
}

BOOST_FIXTURE_TEST_CASE(an_error_leaves_the_connection_usable, ScriptedService) {
  auto client = Client::connect(socket());
  BOOST_CHECK_THROW(client.call("fail"), Error);
  BOOST_TEST(client.call("echo", {{"a", 1}}).result.at("a").as_int64() == 1);
}

BOOST_FIXTURE_TEST_CASE(notifications_keep_their_order_and_do_not_disturb_a_call, ScriptedService) {
  auto client = Client::connect(socket());
  BOOST_CHECK_NO_THROW(client.call("notify", {{"count", 3}}));
  BOOST_CHECK_NO_THROW(client.call("echo"));
  for (int expected = 1; expected <= 3; ++expected)
    BOOST_TEST(client.next_notification(10s).value().params.at("number").to_number<int>() == expected);
  BOOST_TEST(!client.next_notification(0ms));
}

BOOST_FIXTURE_TEST_CASE(a_caller_that_waits_for_a_notification_learns_that_the_service_ended, ScriptedService) {
  auto client = Client::connect(socket());
  BOOST_REQUIRE(journal().wait_for("opened"));
  auto waiting = std::async(std::launch::async, [&] { return client.next_notification(); });
  stop();
  BOOST_CHECK_EXCEPTION(waiting.get(), Error, has_code(Errc::ServiceUnavailable));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_off_is_service_unavailable) {
  auto answer = framed(R"({"jsonrpc":"2.0","id":1,"result":{}})");
  answer.resize(answer.size() - 1);
  const FaultyService service(answer);
  auto client = Client::connect(service.socket());
  BOOST_CHECK_EXCEPTION(client.call("echo"), Error, has_code(Errc::ServiceUnavailable));
}

BOOST_AUTO_TEST_CASE(an_oversized_answer_is_refused_before_it_is_read) {
  const FaultyService service(*from_hex("7FFFFFFF00000000"));
  auto client = Client::connect(service.socket());
  BOOST_CHECK_EXCEPTION(client.call("echo"), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_json_rpc_is_internal) {
  const FaultyService service(framed("[1]"));
  auto client = Client::connect(service.socket());
  BOOST_CHECK_EXCEPTION(client.call("echo"), Error, has_code(Errc::Internal));
}

BOOST_AUTO_TEST_CASE(an_answer_to_another_call_is_not_taken_for_ours) {
  const FaultyService service(framed(R"({"jsonrpc":"2.0","id":2,"result":{}})"));
  auto client = Client::connect(service.socket());
  BOOST_CHECK_EXCEPTION(client.call("echo"), Error, has_code(Errc::Internal));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
