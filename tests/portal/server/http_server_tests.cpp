#include "portal/server/http_server.hpp"

#include "driver/crypto/x509.hpp"
#include "tests/portal/verification/test_authority.hpp"

#include <boost/test/unit_test.hpp>
#include <csignal>
#include <openssl/ssl.h>
#include <thread>

namespace twcard::portal::test {

namespace {

// The server on a thread of its own; its handler answers with what it understood.
struct Running {
  TemporaryFolder folder;
  std::unique_ptr<HttpServer> server;
  std::thread thread;

  Running() {
    // OpenSSL's BIO writes to a connection that the server has closed without MSG_NOSIGNAL.
    std::signal(SIGPIPE, SIG_IGN);
    write_site_certificate(folder);
    server = std::make_unique<HttpServer>(
        HttpServerSettings{"127.0.0.1", 0, folder.file("site.pem"), folder.file("site.key"), false},
        [](const HttpRequest& request) {
          const auto understood = request.method + " " + request.target + " origin=" + request.origin +
                                  " cookie=" + request.cookie + " body=" + std::to_string(request.body.size());
          return HttpResponse{200, "text/plain", understood, {{"X-Test", "yes"}}};
        });
    thread = std::thread([this] { server->run(); });
  }
  ~Running() {
    server->stop();
    thread.join();
  }
};

// One TLS connection. Certificate errors count: the server's own certificate is the only one trusted.
class Client final {
public:
  Client(const Running& running, int highest_version) : m_context(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_verify(m_context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_load_verify_locations(m_context.get(), running.folder.file("site.pem").c_str(), nullptr);
    SSL_CTX_set_min_proto_version(m_context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(m_context.get(), highest_version);
    SSL_CTX_set_security_level(m_context.get(), 0);
    m_bio.reset(BIO_new_ssl_connect(m_context.get()));
    BIO_set_conn_hostname(m_bio.get(), ("127.0.0.1:" + std::to_string(running.server->port())).c_str());
  }

  [[nodiscard]] bool connect() { return BIO_do_connect(m_bio.get()) == 1 && BIO_do_handshake(m_bio.get()) == 1; }
  void send(std::string_view text) {
    BOOST_REQUIRE(BIO_write(m_bio.get(), text.data(), static_cast<int>(text.size())) == static_cast<int>(text.size()));
  }
  // Everything up to the end of the connection, or up to `end` in it.
  [[nodiscard]] std::string receive(std::string_view end = {}) {
    std::string text;
    char buffer[4096];
    int size = 0;
    while ((end.empty() || text.find(end) == std::string::npos) &&
           (size = BIO_read(m_bio.get(), buffer, sizeof buffer)) > 0) {
      text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
  }

private:
  Owned<SSL_CTX, SSL_CTX_free> m_context;
  crypto::Bio m_bio;
};

std::string ask(const Running& running, const std::string& request) {
  Client client(running, TLS1_3_VERSION);
  BOOST_REQUIRE(client.connect());
  client.send(request);
  return client.receive();
}

constexpr const char* closing = "Host: localhost\r\nConnection: close\r\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_server, Running)

BOOST_AUTO_TEST_CASE(a_request_reaches_the_handler_and_its_answer_comes_back) {
  const auto answer = ask(*this, std::string("POST /api/x?y=1 HTTP/1.1\r\n") + closing +
                                     "Origin: https://page.test\r\nCookie: a=b\r\nContent-Length: 5\r\n\r\nhello");
  BOOST_TEST(answer.find("HTTP/1.1 200 OK\r\n") == 0U);
  BOOST_TEST(answer.find("X-Test: yes\r\n") != std::string::npos);
  BOOST_TEST(answer.find("POST /api/x?y=1 origin=https://page.test cookie=a=b body=5") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_connection_carries_several_requests) {
  Client client(*this, TLS1_2_VERSION);
  BOOST_REQUIRE(client.connect());
  for (int i = 0; i < 3; ++i) {
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    BOOST_TEST(client.receive("body=0").find("HTTP/1.1 200") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(two_origins_are_none) {
  const auto answer = ask(*this, std::string("GET / HTTP/1.1\r\n") + closing +
                                     "Origin: https://page.test\r\nOrigin: https://evil.test\r\n\r\n");
  BOOST_TEST(answer.find("origin= ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_of_64_kib_is_taken_and_one_more_octet_is_not) {
  const auto post = [&](std::size_t size) {
    return ask(*this, std::string("POST / HTTP/1.1\r\n") + closing + "Content-Length: " + std::to_string(size) +
                          "\r\n\r\n" + std::string(size <= 65536 ? size : 0, 'x'));
  };
  BOOST_TEST(post(65536).find("HTTP/1.1 200") == 0U);
  BOOST_TEST(post(65537).find("HTTP/1.1 413") == 0U);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_has_the_same_limit) {
  std::string body;
  for (int i = 0; i < 17; ++i) body += "1000\r\n" + std::string(4096, 'x') + "\r\n";
  const auto answer =
      ask(*this, std::string("POST / HTTP/1.1\r\n") + closing + "Transfer-Encoding: chunked\r\n\r\n" + body);
  BOOST_TEST(answer.find("HTTP/1.1 413") == 0U);
}

BOOST_AUTO_TEST_CASE(a_header_over_8_kib_is_refused) {
  const auto answer =
      ask(*this, std::string("GET / HTTP/1.1\r\n") + closing + "X-Long: " + std::string(9000, 'x') + "\r\n\r\n");
  BOOST_TEST(answer.find("HTTP/1.1 431") == 0U);
}

BOOST_AUTO_TEST_CASE(malformed_http_is_answered_400) {
  BOOST_TEST(ask(*this, "NONSENSE\r\n\r\n").find("HTTP/1.1 400") == 0U);
}

BOOST_AUTO_TEST_CASE(tls_below_1_2_is_refused) {
  Client client(*this, TLS1_1_VERSION);
  BOOST_TEST(!client.connect());
  Client current(*this, TLS1_3_VERSION);
  BOOST_TEST(current.connect());
}

BOOST_AUTO_TEST_CASE(connections_over_the_limit_are_closed_and_the_others_go_on) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 128; ++i) {
    clients.push_back(std::make_unique<Client>(*this, TLS1_3_VERSION));
    BOOST_REQUIRE(clients.back()->connect());
  }
  Client late(*this, TLS1_3_VERSION);
  BOOST_TEST(!late.connect());
  clients.front()->send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  BOOST_TEST(clients.front()->receive("body=0").find("HTTP/1.1 200") == 0U);
}

BOOST_AUTO_TEST_CASE(a_port_in_use_and_a_missing_key_are_errors_at_the_start) {
  const HttpServerSettings taken{"127.0.0.1", server->port(), folder.file("site.pem"), folder.file("site.key"), false};
  BOOST_CHECK_THROW(HttpServer(taken, {}), std::runtime_error);
  const HttpServerSettings keyless{"127.0.0.1", 0, folder.file("site.pem"), folder.file("none"), false};
  BOOST_CHECK_THROW(HttpServer(keyless, {}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
