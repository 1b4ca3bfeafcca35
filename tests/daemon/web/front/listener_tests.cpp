// The running listener, spoken to over raw sockets.
#include "tests/daemon/web/front/bad_origins.hpp"
#include "tests/daemon/web/web_stack.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <unistd.h>

namespace twcard::web {

namespace {

constexpr const char* hello = R"({"id":1,"method":"hello"})";

std::string host_of(const WebStack& stack) {
  return "127.0.0.1:" + std::to_string(stack.port());
}

// Of a handshake in which one header is replaced.
unsigned status_with(const WebStack& stack, const std::string& name, const std::string& value) {
  auto headers = browser_headers(host_of(stack), "https://page.test");
  for (auto& header : headers)
    if (header.name == name) header.value = value;
  return RawWebSocket(stack.port()).request("GET / HTTP/1.1", headers);
}

bool answers(RawWebSocket& page) {
  page.send_text(hello);
  return boost::json::parse(page.receive_text()).at("result").at("service").as_string() == "twcard";
}

} // namespace

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(a_page_is_served_at_both_loopback_addresses) {
  WebStack stack;
  for (const bool ipv6 : {false, true}) {
    RawWebSocket page(stack.port(), ipv6);
    BOOST_TEST(page.open("https://page.test") == 101U);
    BOOST_TEST(page.answer_header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    BOOST_TEST(page.answer_header("Sec-WebSocket-Protocol") == "twcard.v1");
    BOOST_TEST(page.answer_header("Sec-WebSocket-Extensions").empty());
    BOOST_TEST(page.answer_header("Server") == "twcard-web");
    BOOST_TEST(answers(page));
  }
}

BOOST_AUTO_TEST_CASE(no_bad_origin_and_no_bad_host_is_ever_upgraded) {
  WebStack stack;
  for (const auto& origin : bad_origins())
    if (fits_a_header(origin)) BOOST_TEST_CONTEXT(origin) BOOST_TEST(status_with(stack, "Origin", origin) == 403U);
  for (const auto& host : bad_hosts(stack.port()))
    if (fits_a_header(host)) BOOST_TEST_CONTEXT(host) BOOST_TEST(status_with(stack, "Host", host) == 403U);
  auto twice = browser_headers(host_of(stack), "https://page.test");
  twice.push_back({"Origin", "https://page.test"});
  BOOST_TEST(RawWebSocket(stack.port()).request("GET / HTTP/1.1", twice) == 403U);
  auto none = browser_headers(host_of(stack), "https://page.test");
  std::erase_if(none, [](const Header& header) { return header.name == "Origin"; });
  BOOST_TEST(RawWebSocket(stack.port()).request("GET / HTTP/1.1", none) == 403U);
  BOOST_TEST(stack.sessions() == 0U);
  BOOST_TEST(stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(a_plain_request_gets_a_small_answer_that_no_page_can_read) {
  WebStack stack;
  for (const auto& [line, status] : std::vector<std::pair<std::string, unsigned>>{{"GET / HTTP/1.1", 426},
                                                                                  {"POST / HTTP/1.1", 426},
                                                                                  {"OPTIONS / HTTP/1.1", 426},
                                                                                  {"GET /favicon.ico HTTP/1.1", 404},
                                                                                  {"DELETE /x HTTP/1.1", 404}}) {
    RawWebSocket browser(stack.port());
    BOOST_TEST_CONTEXT(line) {
      BOOST_TEST(browser.request(line, {{"Host", host_of(stack)}, {"Origin", "https://page.test"}}) == status);
      BOOST_TEST(browser.answer_header("Cache-Control") == "no-store");
      BOOST_TEST(browser.answer_header("Connection") == "close");
      BOOST_TEST(browser.answer_header("Server").empty());
      BOOST_TEST(browser.head().find("Access-Control") == std::string::npos);
      BOOST_TEST(browser.receive_all().size() < 100U);
    }
  }
}

BOOST_AUTO_TEST_CASE(malformed_http_is_answered_400_and_dropped) {
  WebStack stack;
  for (const std::string& text : {std::string("nonsense\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
                                  std::string("GET / HTTP/1.1\r\nHost 127.0.0.1\r\n\r\n"),
                                  "GET / HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"}) {
    RawWebSocket client(stack.port());
    client.send(text);
    const auto answer = client.receive_all();
    BOOST_TEST_CONTEXT(text.substr(0, 40)) BOOST_TEST(answer.substr(0, 12) == "HTTP/1.1 400");
  }
  RawWebSocket hasty(stack.port());
  auto headers = browser_headers(host_of(stack), "https://page.test");
  std::string request = "GET / HTTP/1.1\r\n";
  for (const auto& header : headers) request += header.name + ": " + header.value + "\r\n";
  hasty.send(request + "\r\n" + std::string("\x81\x80\0\0\0\0", 6)); // a frame in the same packet
  BOOST_TEST(hasty.receive_all().substr(0, 12) == "HTTP/1.1 400");
}

BOOST_AUTO_TEST_CASE(another_user_and_an_unknown_one_are_forbidden) {
  for (const auto& user : {std::optional<uid_t>(::geteuid() + 1), std::optional<uid_t>()}) {
    ListenerOptions options;
    options.user_of_peer = [user](const TcpEnd&, const TcpEnd&) { return user; };
    WebStack stack(options);
    BOOST_TEST(RawWebSocket(stack.port()).open("https://page.test") == 403U);
    BOOST_TEST(stack.sessions() == 0U);
  }
}

BOOST_AUTO_TEST_CASE(a_refused_site_is_closed_with_4403_and_nothing_of_it_is_read) {
  ListenerOptions options;
  options.policy.deny("https://bad.test");
  WebStack stack(options);
  RawWebSocket page(stack.port());
  BOOST_TEST(page.open("https://bad.test") == 101U);
  page.send_text(hello);
  const auto frame = page.receive();
  BOOST_TEST(frame.close_code() == 4403U);
  BOOST_TEST(frame.payload.substr(2) == "origin refused");
  page.send_frame(8, frame.payload.substr(0, 2));
  BOOST_TEST(page.receive().ended);
  BOOST_TEST(stack.sessions() == 0U);
  BOOST_TEST(stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(the_fifth_connection_of_an_origin_is_closed_with_4429) {
  WebStack stack;
  std::vector<std::unique_ptr<RawWebSocket>> pages;
  for (int i = 0; i < 4; ++i) {
    pages.push_back(stack.page());
    BOOST_TEST(answers(*pages.back()));
  }
  BOOST_TEST(stack.page()->receive().close_code() == 4429U);
  const auto other = stack.page("https://other.test");
  BOOST_TEST(answers(*other));
  pages.front()->send_frame(8, "\x03\xE8");
  BOOST_TEST(pages.front()->receive().close_code() == 1000U);
  pages.front()->close();
  // The place is free once the listener has also seen the end.
  std::unique_ptr<RawWebSocket> next;
  do {
    next = stack.page();
    next->send_text(hello);
  } while (next->receive().opcode == 8);
  BOOST_TEST(answers(*next));
}

BOOST_AUTO_TEST_CASE(the_33rd_connection_is_closed_with_4429) {
  WebStack stack;
  std::vector<std::unique_ptr<RawWebSocket>> pages;
  for (int i = 0; i < 32; ++i) {
    pages.push_back(stack.page("https://n" + std::to_string(i / 4) + ".test"));
    BOOST_TEST(answers(*pages.back()));
  }
  BOOST_TEST(stack.page("https://new.test")->receive().close_code() == 4429U);
}

BOOST_AUTO_TEST_CASE(a_message_of_8_kib_is_read_and_one_octet_more_closes_with_1009) {
  WebStack stack;
  const auto page = stack.page();
  std::string message = R"({"id":1,"method":"hello","params":{"client":")";
  message += std::string(8192 - message.size() - 3, 'x') + "\"}}";
  BOOST_REQUIRE(message.size() == 8192);
  page->send_text(message);
  BOOST_TEST(boost::json::parse(page->receive_text()).at("error").at("code").as_string() == "bad_request");
  page->send_text(message + " ");
  BOOST_TEST(page->receive().close_code() == 1009U);
}

BOOST_AUTO_TEST_CASE(an_endless_fragmented_message_closes_with_1009) {
  WebStack stack;
  const auto page = stack.page();
  page->send_frame(1, std::string(4096, ' '), false);
  page->send_frame(0, std::string(4096, ' '), false);
  page->send_frame(0, " ", false);
  BOOST_TEST(page->receive().close_code() == 1009U);
}

BOOST_AUTO_TEST_CASE(fragments_and_pings_between_them_are_one_message) {
  WebStack stack;
  const auto page = stack.page();
  page->send_frame(1, R"({"id":5,)", false);
  page->send_frame(9, "still here");
  page->send_frame(0, R"("method")", false);
  page->send_frame(0, R"(:"hello"})", true);
  const auto pong = page->receive();
  BOOST_TEST(pong.opcode == 10U);
  BOOST_TEST(pong.payload == "still here");
  BOOST_TEST(boost::json::parse(page->receive_text()).at("id").as_int64() == 5);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_json_request_in_text_is_closed_with_its_code) {
  WebStack stack;
  const auto close_code_after = [&](unsigned opcode, const std::string& payload) {
    const auto page = stack.page();
    page->send_frame(opcode, payload);
    return page->receive().close_code();
  };
  BOOST_TEST(close_code_after(2, hello) == 1003U);
  BOOST_TEST(close_code_after(1, "nonsense") == 1007U);
  BOOST_TEST(close_code_after(1, "{\"id\":1,\"method\":\"\xFF\"}") == 1007U);
  BOOST_TEST(close_code_after(1, R"({"method":"hello"})") == 1007U);
  BOOST_TEST(close_code_after(1, R"({"id":1,"params":)" + std::string(8, '[') + std::string(8, ']') + "}") == 1007U);
  BOOST_TEST(close_code_after(3, "") == 1002U); // a reserved opcode
  BOOST_TEST(stack.service().calls() == 0U);
}

BOOST_AUTO_TEST_CASE(frames_without_a_mask_or_with_reserved_bits_are_protocol_errors) {
  WebStack stack;
  for (const std::string& frame : {std::string("\x81\x02{}"), std::string("\xC1\x80\x11\x22\x33\x44", 6)}) {
    const auto page = stack.page();
    page->send(frame);
    BOOST_TEST(page->receive().close_code() == 1002U);
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_finish_the_handshake_in_time_is_dropped) {
  ListenerOptions options;
  options.handshake_limit = std::chrono::milliseconds(50);
  WebStack stack(options);
  RawWebSocket silent(stack.port());
  RawWebSocket slow(stack.port());
  slow.send("GET / HTTP/1.1\r\nHost: ");
  BOOST_TEST(silent.receive_all().empty());
  BOOST_TEST(slow.receive_all().empty());
}

BOOST_AUTO_TEST_CASE(a_page_that_does_not_answer_pings_is_dropped_and_one_that_does_is_kept) {
  ListenerOptions options;
  options.ping_interval = std::chrono::milliseconds(20);
  options.idle_limit = std::chrono::milliseconds(400);
  WebStack stack(options);
  const auto silent = stack.page();
  const auto alive = stack.page();
  // The silent one has its end only after the limit, and all that time the other one has nothing to say but pongs.
  std::thread pongs([&] {
    for (int i = 0; i < 60; ++i) {
      alive->send_frame(10, "");
      std::this_thread::sleep_for(std::chrono::milliseconds(20)); // the page's own clock, not a wait for us
    }
  });
  BOOST_TEST(silent->receive().ended);
  pongs.join();
  BOOST_TEST(answers(*alive));
}

BOOST_AUTO_TEST_CASE(many_waiting_connections_do_not_keep_a_page_out) {
  WebStack stack;
  std::vector<std::unique_ptr<RawWebSocket>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<RawWebSocket>(stack.port()));
  for (int i = 0; i < 50; ++i) idle[static_cast<std::size_t>(i)]->send("GET / HT");
  const auto page = stack.page();
  BOOST_TEST(answers(*page));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
