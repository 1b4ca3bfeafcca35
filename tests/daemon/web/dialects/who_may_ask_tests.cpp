// Every address of the dialects, at its port as twcard-web makes it, against sites and hosts that are not ours to
// serve: docs/dialects/protocol.md, "who may ask". What is refused never gets as far as the service, so it makes no
// prompt and no APDU.
#include "daemon/web/dialects/hipki/dialect.hpp"
#include "daemon/web/dialects/nhiicc/api.hpp"
#include "daemon/web/front/loopback_sockets.hpp"
#include "daemon/web/legacy_listeners.hpp"
#include "tests/cli/child_program.hpp"
#include "tests/daemon/web/fake_service.hpp"
#include "tests/daemon/web/front/bad_origins.hpp"
#include "tests/daemon/web/front/raw_web_socket.hpp"
#include "tests/daemon/web/test_identity.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

namespace twcard::web {

namespace {

namespace asio = boost::asio;

const std::string site = "https://page.test";

struct Address {
  std::uint16_t port;
  std::string method_and_target;
  bool is_web_socket = false;
};

const std::vector<Address> addresses = {
    {7777, "GET /echo", true},
    {7777, "GET /echo"},
    {59001, "POST /api/GetVersion"},
    {59001, "POST /api/GetRandom"},
    {59001, "POST /api/GetBasic"},
    {59001, "POST /api/SignHC"},
    {59001, "POST /api/EncryptPwd"},
    {59001, "POST /api/GetEncryptBasic"},
    {59001, "GET /api/GetStatus.bmp"},
    {59001, "GET /api/GetCardStatus.bmp?tick=1"},
    {59001, "OPTIONS /api/GetBasic"},
    {59001, "POST /auth"},
    {59002, "POST /api/GetBasic"},
    {59002, "POST /auth"},
    {61161, "GET /"},
    {61161, "GET /pkcs11info"},
    {61161, "GET /pkcs11info?withcert=true"},
    {61161, "GET /p11Image.bmp"},
    {61161, "OPTIONS /sign"},
    {61161, "POST /sign"},
    {61161, "POST /decrypt"},
    {61161, "POST /popup"},
};

// Both dialects for one site, at free ports, and a fake service, on a thread of their own.
class Dialects final {
public:
  Dialects() {
    const auto socket = m_folder.path() / "card.sock";
    m_server = std::make_unique<rpc::Server>(rpc::listen_at(m_io.get_executor(), socket), service);
    const rpc::LegacySettings settings{rpc::LegacySites{{site}, {}}, rpc::LegacySites{{site}, {}}};
    for (auto& place : legacy_places(m_io.get_executor(), settings, m_identity.files(), socket)) {
      if (place.options.tls) m_secured.insert(place.port);
      m_listeners[place.port] = std::make_unique<Listener>(loopback_sockets(m_io.get_executor(), 0),
                                                           std::move(place.options), std::move(place.sessions));
    }
    m_thread = std::thread([this] {
      const auto work = asio::make_work_guard(m_io);
      m_io.run();
    });
  }
  ~Dialects() {
    for (const bool last : {false, true}) {
      std::promise<void> done;
      asio::post(m_io, [&] {
        if (!last) {
          m_listeners.clear();
          m_server.reset();
        }
        done.set_value();
      });
      done.get_future().wait();
    }
    m_io.stop();
    m_thread.join();
  }
  Dialects(const Dialects&) = delete;
  Dialects& operator=(const Dialects&) = delete;

  [[nodiscard]] int port_for(const Address& address) const { return m_listeners.at(address.port)->port(); }
  [[nodiscard]] std::string host_for(const Address& address) const {
    return "localhost:" + std::to_string(port_for(address));
  }
  // Of a request with this Host and these fields.
  [[nodiscard]] unsigned status(const Address& address, const std::string& host, std::vector<Header> fields) const {
    RawWebSocket client(m_listeners.at(address.port)->port());
    if (m_secured.contains(address.port)) client.start_tls();
    std::string body;
    fields.push_back({"Host", host});
    if (address.is_web_socket) {
      for (auto& field : browser_headers(host, ""))
        if (field.name != "Host" && field.name != "Origin") fields.push_back(std::move(field));
    } else if (address.method_and_target.starts_with("POST")) {
      body = R"(tbsPackage={"tbs":"hello"})";
      fields.push_back({"Content-Length", std::to_string(body.size())});
    }
    return client.request(address.method_and_target + " HTTP/1.1", fields, body);
  }
  [[nodiscard]] unsigned status_for(const Address& address, const std::string& origin) const {
    return status(address, host_for(address), {{"Origin", origin}});
  }
  [[nodiscard]] bool nobody_was_asked() {
    return service.calls() == 0 && service.hellos().empty() && service.had_connections(0, 0);
  }

  FakeService service;

private:
  cli::testing::PrivateFolder m_folder;
  TestIdentity m_identity;
  asio::io_context m_io{1};
  std::unique_ptr<rpc::Server> m_server;
  std::set<std::uint16_t> m_secured;
  std::map<std::uint16_t, std::unique_ptr<Listener>> m_listeners;
  std::thread m_thread;
};

// Of that form, and not on the list.
std::vector<std::string> other_origins() {
  auto others = bad_origins();
  std::erase_if(others, [](const std::string& origin) { return !fits_a_header(origin); });
  for (const char* other : {"https://other.test", "https://page.test:8443", "https://www.page.test", "https://test",
                            "https://localhost:7777", "http://localhost:59003", "http://127.0.0.1:59001"})
    others.emplace_back(other);
  return others;
}

} // namespace

BOOST_AUTO_TEST_SUITE(who_may_ask)

BOOST_AUTO_TEST_CASE(no_address_of_a_dialect_serves_another_site) {
  Dialects dialects;
  BOOST_TEST(other_origins().size() > 120U);
  for (const auto& address : addresses)
    for (const auto& origin : other_origins())
      BOOST_TEST_CONTEXT(address.port << ' ' << address.method_and_target << " of " << origin)
  BOOST_TEST(dialects.status_for(address, origin) == 403U);
  BOOST_TEST(dialects.nobody_was_asked());
}

BOOST_AUTO_TEST_CASE(a_popup_speaks_for_no_other_site) {
  Dialects dialects;
  for (const auto& [address, own] : std::vector<std::pair<Address, std::string>>{
           {{59001, "POST /auth"}, rpc::nhiicc_http_origin}, {{61161, "POST /popup"}, rpc::hipki_own_origin}})
    for (const auto& opener : other_origins()) BOOST_TEST_CONTEXT(address.port << " opened by " << opener)
  BOOST_TEST(dialects.status(address, dialects.host_for(address), {{"Origin", own}, {"Twcard-Page-Origin", opener}}) ==
             403U);
  BOOST_TEST(dialects.nobody_was_asked());
}

BOOST_AUTO_TEST_CASE(the_origin_of_a_popup_is_not_a_site) {
  Dialects dialects;
  const std::map<std::uint16_t, std::string> own_origins{
      {59001, rpc::nhiicc_http_origin}, {59002, rpc::nhiicc_https_origin}, {61161, rpc::hipki_own_origin}};
  for (const auto& address : addresses)
    for (const auto& [port, own] : own_origins) {
      const auto status = dialects.status_for(address, own);
      // At its own port HiPKI tells it "76000031", and the version.
      if (port != address.port) BOOST_TEST_CONTEXT(address.port << ' ' << address.method_and_target << " of " << own)
      BOOST_TEST(status == 403U);
    }
  BOOST_TEST(dialects.nobody_was_asked());
}

BOOST_AUTO_TEST_CASE(a_name_that_somebody_points_here_is_not_ours_at_any_port) {
  Dialects dialects;
  for (const auto& address : addresses) {
    auto hosts = bad_hosts(dialects.port_for(address));
    if (address.port != 7777) hosts.push_back("iccert.nhi.gov.tw:" + std::to_string(dialects.port_for(address)));
    for (const auto& host : hosts)
      if (fits_a_header(host)) BOOST_TEST_CONTEXT(address.port << ' ' << address.method_and_target << " at " << host)
    BOOST_TEST(dialects.status(address, host, {{"Origin", site}}) == 403U);
  }
  BOOST_TEST(dialects.nobody_was_asked());
}

// What the refusals above are worth.
BOOST_AUTO_TEST_CASE(the_site_of_the_list_is_served_at_every_address) {
  Dialects dialects;
  dialects.service.answer("legacy.sign", {{"certificate", ""}, {"card_number", ""}}, "signature");
  for (const auto& address : addresses) {
    if (address.method_and_target == "POST /auth" || address.method_and_target == "POST /popup") continue;
    const auto status = dialects.status_for(address, site);
    BOOST_TEST_CONTEXT(address.port << ' ' << address.method_and_target)
    BOOST_TEST((status == 200 || status == 204 || status == 101));
  }
  BOOST_TEST(!dialects.nobody_was_asked());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
