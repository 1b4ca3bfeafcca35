// What the old component did wrong, one test a fault. Source: the NHIICC protocol description, "Faults of the official
// component". Those of the card's side are in tests/dialects.
#include "daemon/web/front/loopback_sockets.hpp"
#include "tests/daemon/web/dialects/nhiicc/front.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace twcard::web {

namespace {

std::size_t open_descriptors() {
  const auto all = std::filesystem::directory_iterator("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// What the other thread has dropped is closed a moment later.
bool descriptors_get_down_to(std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (open_descriptors() > count && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return open_descriptors() <= count;
}

bool is_served(RawWebSocket& page) {
  return asked(page, "GetVersion") == "GetVersion:0001";
}

// Standard error as it is written while this exists.
class CapturedErrors final {
public:
  CapturedErrors() : m_kept(::dup(STDERR_FILENO)) { ::dup2(::fileno(m_file.get()), STDERR_FILENO); }
  ~CapturedErrors() {
    ::dup2(m_kept, STDERR_FILENO);
    ::close(m_kept);
  }
  CapturedErrors(const CapturedErrors&) = delete;
  CapturedErrors& operator=(const CapturedErrors&) = delete;
  [[nodiscard]] std::string text() const {
    std::rewind(m_file.get());
    std::string all;
    for (int c = std::fgetc(m_file.get()); c != EOF; c = std::fgetc(m_file.get())) all += static_cast<char>(c);
    return all;
  }

private:
  std::unique_ptr<std::FILE, decltype(&std::fclose)> m_file{std::tmpfile(), std::fclose};
  int m_kept;
};

} // namespace

BOOST_AUTO_TEST_SUITE(nhiicc_faults)

BOOST_AUTO_TEST_CASE(an_empty_text_frame_is_an_unknown_command_and_no_end) {
  NhiiccFront front;
  const auto page = front.page();
  BOOST_TEST(asked(*page, "") == "9999");
  page->send_frame(1, "Get", false);
  page->send_frame(0, "", false);
  page->send_frame(0, "Version");
  BOOST_TEST(page->receive_text() == "GetVersion:0001");
}

BOOST_AUTO_TEST_CASE(two_frames_in_one_tls_record_are_two_requests) {
  NhiiccFront front;
  const auto page = front.page();
  page->send(client_frame(1, "GetVersion") + client_frame(1, "Exit") + client_frame(1, "GetVersion"));
  BOOST_TEST(page->receive_text() == "GetVersion:0001");
  BOOST_TEST(page->receive_text() == "9999");
  BOOST_TEST(page->receive_text() == "GetVersion:0001");
}

BOOST_AUTO_TEST_CASE(a_ping_has_its_pong_and_an_unasked_pong_is_nothing) {
  NhiiccFront front;
  const auto page = front.page();
  page->send_frame(9, "are you there");
  const auto pong = page->receive();
  BOOST_TEST(pong.opcode == 10U);
  BOOST_TEST(pong.payload == "are you there");
  page->send_frame(10, "");
  BOOST_TEST(is_served(*page));
}

// All of what is received here comes out of TLS: an octet in clear would end it.
BOOST_AUTO_TEST_CASE(close_and_error_frames_are_under_tls) {
  NhiiccFront front;
  const auto page = front.page();
  page->send_frame(8, "\x03\xE8");
  BOOST_TEST(page->receive().close_code() == 1000U);
  const auto wrong = front.page();
  wrong->send("\x81\x02{}"); // not masked
  BOOST_TEST(wrong->receive().close_code() == 1002U);
  const auto binary = front.page();
  binary->send_frame(2, "GetVersion");
  BOOST_TEST(binary->receive().close_code() == 1003U);
}

BOOST_AUTO_TEST_CASE(requests_may_come_in_pieces) {
  NhiiccFront front;
  const auto page = front.connect();
  page->send("GET /echo HTTP/1.1\r\nHost: localhost:" + std::to_string(front.stack.port()) + "\r\nOri");
  BOOST_TEST(page->request("gin: https://page.test", {{"Connection", "Upgrade"},
                                                      {"Upgrade", "websocket"},
                                                      {"Sec-WebSocket-Version", "13"},
                                                      {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}}) == 101U);
  for (const char octet : client_frame(1, "GetVersion")) page->send(std::string(1, octet));
  BOOST_TEST(page->receive_text() == "GetVersion:0001");
}

BOOST_AUTO_TEST_CASE(a_subprotocol_header_does_not_matter) {
  NhiiccFront front;
  for (const char* offered : {"chat", "twcard.v1", "a, b, c"}) {
    const auto page = front.connect();
    auto headers = browser_headers("localhost:" + std::to_string(front.stack.port()), "https://page.test");
    for (auto& header : headers)
      if (header.name == "Sec-WebSocket-Protocol") header.value = offered;
    BOOST_TEST(page->request("GET /echo HTTP/1.1", headers) == 101U);
    BOOST_TEST(page->answer_header("Sec-WebSocket-Protocol").empty());
    BOOST_TEST(is_served(*page));
  }
}

BOOST_AUTO_TEST_CASE(ten_thousand_dropped_connections_leave_no_descriptor_behind) {
  NhiiccFront front;
  BOOST_TEST(is_served(*front.page()));
  BOOST_REQUIRE(front.stack.service().had_connections(0, 0));
  const auto before = open_descriptors();
  for (int i = 0; i < 10'000; ++i) RawWebSocket(front.stack.port()).drop();
  for (int i = 0; i < 100; ++i) {
    const auto in_tls = front.connect();
    in_tls->drop();
    // Four at a time may be open for a site: each is gone before the next one comes.
    const auto talking = front.page();
    talking->send(client_frame(1, "GetVersion").substr(0, 5));
    talking->drop();
    BOOST_TEST(descriptors_get_down_to(before));
  }
  BOOST_TEST(is_served(*front.page()));
}

BOOST_AUTO_TEST_CASE(two_thousand_encryptions_leave_no_descriptor_behind) {
  NhiiccFront front;
  front.stack.service().answer("legacy.nhi_encrypt_password", {{"encrypted", "00112233445566778899AABBCCDDEEFF"}});
  const auto page = front.page();
  static_cast<void>(asked(*page, "EnCrypt?Pwd=123456"));
  const auto before = open_descriptors();
  for (int i = 0; i < 2000; ++i) static_cast<void>(asked(*page, "EnCrypt?Pwd=123456"));
  BOOST_TEST(open_descriptors() == before);
  BOOST_TEST(front.stack.service().had_connections(1, 0));
}

BOOST_AUTO_TEST_CASE(nothing_of_a_request_or_a_reply_is_logged) {
  std::string log;
  {
    const CapturedErrors errors;
    NhiiccFront front;
    front.stack.service().answer(
        "legacy.nhi_basic",
        {{"card_number", "000012345678"}, {"name", "王小明"}, {"id_number", "A123456789"}, {"birth_date", "0690115"}});
    front.stack.service().fail("legacy.nhi_encrypt_password", Error(Errc::NoCard, "none of 000012345678"));
    const auto page = front.page();
    for (const char* request : {"GetBasic", "EnCrypt?Pwd=secret7", "unknown-A123456789"})
      static_cast<void>(asked(*page, request));
    log = errors.text();
  }
  BOOST_TEST(log.find("no_card") != std::string::npos);
  for (const char* secret : {"000012345678", "王小明", "A123456789", "0690115", "secret7"})
    BOOST_TEST(log.find(secret) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_port_is_taken_again_at_once_and_on_loopback_only) {
  std::uint16_t port = 0;
  std::unique_ptr<RawWebSocket> still_open;
  {
    NhiiccFront front;
    port = front.stack.port();
    still_open = front.page();
  }
  boost::asio::io_context io;
  const auto sockets = bound_sockets(io.get_executor(), port);
  for (const auto& socket : sockets) BOOST_TEST(socket.local_endpoint().address().is_loopback());
}

BOOST_AUTO_TEST_CASE(long_strings_are_bounded) {
  NhiiccFront front;
  front.stack.service().answer("legacy.nhi_encrypt_password", {{"encrypted", "00"}});
  const auto page = front.page();
  BOOST_TEST(asked(*page, "EnCrypt?Pwd=" + std::string(60'000, 'p')) == "EnCrypt:00");
  front.stack.service().answer("legacy.nhi_sign", {{"card_number", "000012345678"}, {"signature", "SIG"}});
  BOOST_TEST(asked(*page, "H_Sign?Random=" + std::string(60'000, '0')) == "H_Sign:SIG");
  BOOST_TEST(asked(*page, std::string(65'536, 'G')) == "9999");
  page->send_text(std::string(65'537, 'G'));
  BOOST_TEST(page->receive().close_code() == 1009U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
