#include "daemon/card/nhi/authenticator.hpp"

#include "daemon/card/nhi/site_session.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

namespace twcard::service {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

// One connection to the site. A limit that passes closes it, and what waits for it fails.
class SiteConnection final {
public:
  SiteConnection(const asio::any_io_executor& executor, std::chrono::milliseconds step,
                 steady_clock::time_point deadline)
      : m_resolver(executor), m_socket(std::make_shared<tcp::socket>(executor)), m_limit(executor), m_step(step),
        m_deadline(deadline) {}

  asio::awaitable<void> connect(const SiteAddress& address) {
    try {
      begin_step();
      const auto port = std::to_string(address.port);
      const auto found = co_await m_resolver.async_resolve(address.host, port, asio::use_awaitable);
      if (!m_socket) throw SiteRefusal("no answer in time");
      co_await asio::async_connect(*m_socket, found, asio::use_awaitable);
      m_socket->set_option(tcp::no_delay(true));
    } catch (const std::exception& failure) {
      throw Error(Errc::SiteUnreachable, "the authentication site of the card profile cannot be reached");
    }
  }

  asio::awaitable<void> send(Bytes message) {
    co_await asio::async_write(*m_socket, asio::buffer(message), asio::use_awaitable);
  }

  // Sends, and reads until `take` has its answer.
  template <typename Take>
  auto ask(Bytes message, Take take) -> asio::awaitable<typename std::invoke_result_t<Take, ByteView>::value_type> {
    begin_step();
    co_await send(std::move(message));
    Bytes received;
    std::array<std::uint8_t, 4096> some{};
    for (;;) {
      const auto count = co_await m_socket->async_read_some(asio::buffer(some), asio::use_awaitable);
      received.insert(received.end(), some.begin(), some.begin() + count);
      if (auto answer = take(ByteView(received))) co_return std::move(*answer);
    }
  }

private:
  void begin_step() {
    m_limit.expires_at(std::min(steady_clock::now() + m_step, m_deadline));
    m_limit.async_wait([this, weak = std::weak_ptr(m_socket)](const boost::system::error_code& cancelled) {
      const auto socket = weak.lock();
      if (cancelled || socket == nullptr) return; // this object may be gone
      m_resolver.cancel();
      boost::system::error_code ignored;
      socket->close(ignored);
    });
  }

  tcp::resolver m_resolver;
  std::shared_ptr<tcp::socket> m_socket;
  asio::steady_timer m_limit;
  std::chrono::milliseconds m_step;
  steady_clock::time_point m_deadline;
};

// What fails while the site is spoken to, as the step at which it did.
class Step final {
public:
  explicit Step(const char* name) : m_name(name) {}
  template <typename Value>
  asio::awaitable<Value> of(asio::awaitable<Value> part) const {
    try {
      co_return co_await std::move(part);
    } catch (const SiteRefusal& refusal) {
      throw Error(Errc::SiteFailed, refusal.what(), m_name);
    } catch (const boost::system::system_error&) {
      throw Error(Errc::SiteFailed, "the site did not answer in time, or ended the connection", m_name);
    }
  }

private:
  const char* m_name;
};

// Messages 1 to 3.
asio::awaitable<void> greet(SiteConnection& site, SiteSession& session) {
  auto take = [&session](ByteView received) { return session.take_hello(received); };
  auto answer = co_await site.ask(session.hello(), std::move(take));
  co_await site.send(std::move(answer));
}

asio::awaitable<void> check_health(SiteConnection& site, SiteSession& session) {
  co_await greet(site, session);
  auto take = [&session](ByteView received) { return session.take_health(received); };
  const bool healthy = co_await site.ask(SiteSession::health_question(), std::move(take));
  // As the old component does: the signature itself shows whether the site works.
  if (!healthy) log::warning("site", "the authentication site reports that it does not work; asking it nevertheless");
}

} // namespace

// The time that a part takes is gone for the next one; what happens between them costs nothing.
class NhiAuthenticator::Budget final {
public:
  explicit Budget(NhiAuthenticator& site) : m_site(site) {}
  ~Budget() {
    const auto spent = std::chrono::ceil<std::chrono::milliseconds>(steady_clock::now() - m_begun);
    m_site.m_limits.whole = std::max(m_site.m_limits.whole - spent, std::chrono::milliseconds(0));
  }
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;
  [[nodiscard]] steady_clock::time_point deadline() const { return m_begun + m_site.m_limits.whole; }

private:
  NhiAuthenticator& m_site;
  const steady_clock::time_point m_begun = steady_clock::now();
};

NhiAuthenticator::NhiAuthenticator(asio::any_io_executor executor, SiteAddress address, SiteLimits limits)
    : m_executor(std::move(executor)), m_address(std::move(address)), m_limits(limits),
      m_key_pair(std::make_unique<const SiteKeyPair>()) {}

NhiAuthenticator::~NhiAuthenticator() = default;

asio::awaitable<void> NhiAuthenticator::check_health() {
  const Budget budget(*this);
  SiteConnection site(m_executor, m_limits.step, budget.deadline());
  SiteSession session(m_address.link_key, *m_key_pair);
  co_await site.connect(m_address);
  co_await Step("health_check").of(service::check_health(site, session));
}

asio::awaitable<SiteSignature> NhiAuthenticator::sign(std::string to_sign, CardSide& card) {
  const Budget budget(*this);
  SiteConnection site(m_executor, m_limits.step, budget.deadline());
  SiteSession session(m_address.link_key, *m_key_pair);
  co_await site.connect(m_address);
  co_await Step("hello").of(greet(site, session));

  auto opening = co_await card.open();
  auto take_data = [&session](ByteView received) { return session.take_module_data(received); };
  auto about_card = session.card(as_bytes(opening.number), opening.challenge);
  auto module_data = co_await Step("challenge").of(site.ask(std::move(about_card), std::move(take_data)));

  const auto card_answer = co_await card.answer(std::move(module_data));
  auto take_signature = [&session](ByteView received) { return session.take_signature(received); };
  auto proof = session.proof(card_answer, to_sign);
  auto text = co_await Step("signature").of(site.ask(std::move(proof), std::move(take_signature)));
  co_return SiteSignature{std::move(opening.number), std::move(text)};
}

} // namespace twcard::service
