// Plain requests at a listener that serves them, over raw sockets.
#include "daemon/web/front/http_exchange.hpp"

#include "daemon/web/front/connection_limits.hpp"
#include "driver/base/error.hpp"
#include "tests/daemon/web/test_identity.hpp"
#include "tests/daemon/web/web_stack.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <future>

namespace twcard::web {

namespace {

// Answers with what it was asked; /throw fails, /wait never ends by itself and tells when it was broken off.
class Echo final : public HttpDialect {
public:
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override {
    if (request.target == "/throw") throw Error(Errc::Internal, "as asked");
    if (request.target == "/wait") co_await wait();
    HttpResponse response;
    response.content_type = "application/json";
    response.fields = {{"X-Origin", request.origin.empty() ? "none" : request.origin}};
    response.body = request.method + " " + request.target + " " + request.body;
    co_return response;
  }
  [[nodiscard]] std::future<void> started() { return m_started.get_future(); }
  [[nodiscard]] std::future<void> broken_off() { return m_broken_off.get_future(); }

private:
  boost::asio::awaitable<void> wait() {
    boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                    boost::asio::steady_timer::time_point::max());
    m_started.set_value();
    try {
      co_await never.async_wait(boost::asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      m_broken_off.set_value();
      throw;
    }
  }

  std::promise<void> m_started;
  std::promise<void> m_broken_off;
};

ListenerOptions plain_options() {
  ListenerOptions options;
  options.rules.allowed = {"https://page.test", "http://localhost:61161"};
  options.rules.web_socket_path = "/echo";
  options.rules.subprotocol.clear();
  options.rules.plain_requests = true;
  options.max_message_size = 64 * 1024;
  return options;
}

struct Site {
  explicit Site(ListenerOptions options = plain_options())
      : stack((options.http = echo, std::move(options))), host("localhost:" + std::to_string(stack.port())) {}

  unsigned ask(RawWebSocket& client, const std::string& method_and_target, std::vector<Header> headers,
               const std::string& body = {}) const {
    headers.insert(headers.begin(), {"Host", host});
    if (!body.empty()) headers.push_back({"Content-Length", std::to_string(body.size())});
    return client.request(method_and_target + " HTTP/1.1", headers, body);
  }
  unsigned status_of(const std::string& method_and_target, const std::vector<Header>& headers) const {
    RawWebSocket client(stack.port());
    return ask(client, method_and_target, headers);
  }

  std::shared_ptr<Echo> echo = std::make_shared<Echo>();
  WebStack stack;
  std::string host;
};

const Header page{"Origin", "https://page.test"};
const Header other_page{"Origin", "https://other.test"};

} // namespace

BOOST_AUTO_TEST_SUITE(http_exchange)

BOOST_AUTO_TEST_CASE(a_request_of_a_listed_site_is_answered_for_that_site_alone) {
  const Site site;
  RawWebSocket client(site.stack.port());
  BOOST_TEST(site.ask(client, "POST /sign?x=1", {page}, "tbs") == 200U);
  BOOST_TEST(client.answer_header("Access-Control-Allow-Origin") == "https://page.test");
  BOOST_TEST(client.answer_header("Vary") == "Origin");
  BOOST_TEST(client.answer_header("Content-Type") == "application/json");
  BOOST_TEST(client.answer_header("Cache-Control") == "no-store");
  BOOST_TEST(client.answer_header("X-Content-Type-Options") == "nosniff");
  BOOST_TEST(client.answer_header("X-Origin") == "https://page.test");
  BOOST_TEST(client.answer_header("Access-Control-Allow-Credentials").empty());
  BOOST_TEST(client.receive_all() == "POST /sign?x=1 tbs");
}

BOOST_AUTO_TEST_CASE(a_navigation_has_no_origin_and_its_answer_is_for_nobody_to_read) {
  const Site site;
  RawWebSocket client(site.stack.port());
  BOOST_TEST(site.ask(client, "GET /page", {}) == 200U);
  BOOST_TEST(client.answer_header("X-Origin") == "none");
  BOOST_TEST(client.head().find("Access-Control-Allow-Origin") == std::string::npos);
  BOOST_TEST(client.answer_header("Vary") == "Origin");
}

BOOST_AUTO_TEST_CASE(a_site_that_is_not_listed_is_forbidden_whatever_it_asks) {
  const Site site;
  for (const char* origin :
       {"https://other.test", "https://page.test:444", "http://page.test", "null", "", "https://page.test.evil.test",
        "http://localhost:8080", "https://page.test https://x.test"})
    for (const char* request : {"GET /", "POST /sign", "OPTIONS /sign", "GET /echo"})
      BOOST_TEST_CONTEXT(origin << " " << request)
  BOOST_TEST(site.status_of(request, {{"Origin", origin}}) == 403U);
  BOOST_TEST(site.status_of("POST /sign", {}) == 403U);
  BOOST_TEST(site.status_of("GET /", {page, page}) == 403U);
  BOOST_TEST(site.status_of("GET /", {page, other_page}) == 403U);
}

BOOST_AUTO_TEST_CASE(what_a_page_of_another_site_embeds_is_forbidden_whatever_the_dialect) {
  const Site site;
  const auto status = [&](const std::string& from, const std::string& destination) {
    return site.status_of("GET /page", {{"Sec-Fetch-Site", from}, {"Sec-Fetch-Dest", destination}});
  };
  for (const char* destination : {"image", "script", "iframe", "empty", "object"})
    for (const char* from : {"cross-site", "same-site"}) BOOST_TEST(status(from, destination) == 403U);
  BOOST_TEST(status("cross-site", "document") == 200U);
  BOOST_TEST(status("none", "document") == 200U);
  BOOST_TEST(status("same-origin", "script") == 200U);
  BOOST_TEST(status("same-origin", "image") == 200U);
}

BOOST_AUTO_TEST_CASE(nothing_is_installed_as_a_service_worker) {
  const Site site;
  const Header worker{"Service-Worker", "script"};
  const Header own_origin{"Origin", "http://localhost:61161"};
  BOOST_TEST(site.status_of("GET /popup.js", {worker}) == 403U);
  BOOST_TEST(site.status_of("GET /popup.js", {own_origin, worker}) == 403U);
  BOOST_TEST(site.status_of("GET /popup.js", {{"Sec-Fetch-Site", "same-origin"}, worker}) == 403U);
  BOOST_TEST(site.status_of("GET /popup.js", {own_origin}) == 200U);
}

BOOST_AUTO_TEST_CASE(requests_without_an_origin_do_not_crowd_each_other_out) {
  const Site site;
  std::vector<std::unique_ptr<RawWebSocket>> slow;
  for (std::size_t i = 0; i < 2 * ConnectionLimits::max_of_an_origin; ++i) {
    slow.push_back(std::make_unique<RawWebSocket>(site.stack.port()));
    slow.back()->send("GET /page HTTP/1.1\r\nHost: " + site.host + "\r\nContent-Length: 1\r\n\r\n");
  }
  BOOST_TEST(site.status_of("GET /page", {}) == 200U);
}

BOOST_AUTO_TEST_CASE(methods_without_a_meaning_here_are_not_allowed) {
  const Site site;
  for (const char* method : {"PUT", "DELETE", "HEAD", "TRACE", "get"})
    BOOST_TEST_CONTEXT(method) BOOST_TEST(site.status_of(std::string(method) + " /", {page}) == 405U);
}

BOOST_AUTO_TEST_CASE(another_host_is_forbidden) {
  const Site site;
  for (const char* host : {"evil.test", "localhost", "localhost:1", ""})
    BOOST_TEST(RawWebSocket(site.stack.port()).request("GET / HTTP/1.1", {{"Host", host}}) == 403U);
}

BOOST_AUTO_TEST_CASE(a_preflight_allows_this_origin_and_the_networks_that_it_asks_for) {
  const Site site;
  RawWebSocket client(site.stack.port());
  BOOST_TEST(site.ask(client, "OPTIONS /sign",
                      {page,
                       {"Access-Control-Request-Method", "POST"},
                       {"Access-Control-Request-Headers", "content-type"},
                       {"Access-Control-Request-Private-Network", "true"}}) == 204U);
  BOOST_TEST(client.answer_header("Access-Control-Allow-Origin") == "https://page.test");
  BOOST_TEST(client.answer_header("Access-Control-Allow-Methods") == "GET, POST");
  BOOST_TEST(client.answer_header("Access-Control-Allow-Headers") == "content-type");
  BOOST_TEST(client.answer_header("Access-Control-Allow-Private-Network") == "true");
  BOOST_TEST(client.answer_header("Access-Control-Allow-Local-Network").empty());
  RawWebSocket newer(site.stack.port());
  BOOST_TEST(site.ask(newer, "OPTIONS /sign", {page, {"Access-Control-Request-Local-Network", "true"}}) == 204U);
  BOOST_TEST(newer.answer_header("Access-Control-Allow-Local-Network") == "true");
  BOOST_TEST(newer.answer_header("Access-Control-Allow-Private-Network").empty());
}

BOOST_AUTO_TEST_CASE(a_body_of_64_kib_is_read_and_one_octet_more_is_too_long) {
  const Site site;
  RawWebSocket client(site.stack.port());
  BOOST_TEST(site.ask(client, "POST /sign", {page}, std::string(65536, 'x')) == 200U);
  BOOST_TEST(client.receive_all().size() == std::string("POST /sign ").size() + 65536);
  BOOST_TEST(site.status_of("POST /sign", {page, {"Content-Length", "65537"}}) == 413U);
  RawWebSocket chunked(site.stack.port());
  BOOST_TEST(site.ask(chunked, "POST /sign", {page, {"Transfer-Encoding", "chunked"}}) == 0U);
}

BOOST_AUTO_TEST_CASE(a_body_that_does_not_come_in_time_is_not_waited_for) {
  auto options = plain_options();
  options.handshake_limit = std::chrono::milliseconds(50);
  const Site site(options);
  RawWebSocket client(site.stack.port());
  BOOST_TEST(site.ask(client, "POST /sign", {page, {"Content-Length", "10"}}) == 0U);
}

BOOST_AUTO_TEST_CASE(what_a_dialect_throws_is_status_500_without_a_word_of_it) {
  const Site site;
  RawWebSocket client(site.stack.port());
  BOOST_TEST(site.ask(client, "GET /throw", {page}) == 500U);
  BOOST_TEST(client.receive_all() == "unexpected fault\n");
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_ends_what_was_done_for_it) {
  const Site site;
  auto started = site.echo->started();
  auto broken_off = site.echo->broken_off();
  RawWebSocket client(site.stack.port());
  client.send("GET /wait HTTP/1.1\r\nHost: " + site.host + "\r\nOrigin: https://page.test\r\n\r\n");
  BOOST_REQUIRE(started.wait_for(std::chrono::seconds(10)) == std::future_status::ready);
  client.close();
  BOOST_TEST((broken_off.wait_for(std::chrono::seconds(10)) == std::future_status::ready));
}

BOOST_AUTO_TEST_CASE(a_web_socket_beside_it_needs_no_subprotocol_and_chooses_none) {
  const Site site;
  for (const char* offered : {"", "chat, twcard.v1"}) {
    RawWebSocket client(site.stack.port());
    auto headers = browser_headers(site.host, "https://page.test");
    for (auto& header : headers)
      if (header.name == "Sec-WebSocket-Protocol") header.value = offered;
    BOOST_TEST(client.request("GET /echo HTTP/1.1", headers) == 101U);
    BOOST_TEST(client.head().find("Sec-WebSocket-Protocol") == std::string::npos);
  }
  const auto status_of = [&](const std::string& line, const std::string& origin) {
    return RawWebSocket(site.stack.port()).request(line, browser_headers(site.host, origin));
  };
  BOOST_TEST(status_of("GET / HTTP/1.1", "https://page.test") == 404U);
  BOOST_TEST(status_of("GET /echo HTTP/1.1", "https://other.test") == 403U);
}

BOOST_AUTO_TEST_CASE(under_tls_everything_is_the_same) {
  const TestIdentity identity;
  auto options = plain_options();
  options.tls = identity.files();
  const Site site(options);
  RawWebSocket client(site.stack.port());
  client.start_tls();
  BOOST_TEST(site.ask(client, "POST /sign", {page}, std::string(65536, 'x')) == 200U);
  BOOST_TEST(client.receive_all().size() == std::string("POST /sign ").size() + 65536);
  RawWebSocket refused(site.stack.port());
  refused.start_tls();
  BOOST_TEST(site.ask(refused, "POST /sign", {other_page}, "tbs") == 403U);
  RawWebSocket plain(site.stack.port());
  BOOST_TEST(site.ask(plain, "GET /", {}) == 0U);
}

BOOST_AUTO_TEST_CASE(an_answered_client_frees_its_place_without_a_farewell) {
  const TestIdentity identity;
  auto options = plain_options();
  options.tls = identity.files();
  const Site site(options);
  std::vector<std::unique_ptr<RawWebSocket>> silent;
  for (std::size_t i = 0; i <= ConnectionLimits::max_of_an_origin; ++i) {
    silent.push_back(std::make_unique<RawWebSocket>(site.stack.port()));
    silent.back()->start_tls();
    BOOST_TEST(site.ask(*silent.back(), "GET /page", {page}) == 200U);
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_finish_the_tls_handshake_in_time_is_dropped) {
  const TestIdentity identity;
  auto options = plain_options();
  options.tls = identity.files();
  options.handshake_limit = std::chrono::milliseconds(50);
  const Site site(options);
  RawWebSocket silent(site.stack.port());
  BOOST_TEST(silent.receive_all().empty());
}

BOOST_AUTO_TEST_CASE(a_malformed_key_or_one_that_others_may_read_is_not_used) {
  const TestIdentity identity;
  auto options = plain_options();
  options.tls = identity.files();
  std::filesystem::permissions(identity.files().key, std::filesystem::perms(0640));
  BOOST_CHECK_THROW(Site{options}, Error);
  std::filesystem::permissions(identity.files().key, std::filesystem::perms(0600));
  std::filesystem::copy_file(identity.files().certificate, identity.files().key,
                             std::filesystem::copy_options::overwrite_existing);
  BOOST_CHECK_THROW(Site{options}, Error);
  std::filesystem::remove(identity.files().certificate);
  BOOST_CHECK_THROW(Site{options}, Error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
