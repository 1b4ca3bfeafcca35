#include "tests/daemon/card/nhi/site_by_hand.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace {

std::string opened_by(ByteView key, ByteView message) {
  BOOST_REQUIRE(message.size() > 3);
  BOOST_TEST(as_text(message.last(3)) == "<E>");
  const auto padded = simulator::des3_ecb_decrypt(key, message.first(message.size() - 3));
  const auto padding = padded.back();
  BOOST_REQUIRE((padding >= 1 && padding <= 8));
  return std::string(as_text(ByteView(padded).first(padded.size() - padding)));
}

Bytes sealed_by(ByteView key, std::string text) {
  const auto missing = 8 - text.size() % 8;
  text.append(missing, static_cast<char>(missing));
  auto message = simulator::des3_ecb_encrypt(key, as_bytes(text));
  for (const char c : {'<', 'E', '>'}) message.push_back(static_cast<std::uint8_t>(c));
  return message;
}

} // namespace

SiteByHand::SiteByHand(SiteSession& client) {
  const auto link_key = as_bytes(simulator::hello_key);
  const auto site_nonce = as_bytes("the site's nonce");
  const auto hello = opened_by(link_key, client.hello());
  BOOST_REQUIRE(hello.starts_with("Hello "));
  const auto cipher = simulator::encrypt_to(hello.substr(6), site_nonce).value();
  const auto nonce =
      client.take_hello(sealed_by(link_key, "Hello " + m_key.public_pem() + " 128 " + std::string(as_text(cipher))));
  BOOST_REQUIRE(nonce.has_value());
  BOOST_REQUIRE(nonce->size() == 136U);
  m_session_key = m_key.decrypt(ByteView(*nonce).subspan(5, 128)).value();
  BOOST_REQUIRE(m_session_key.size() == 16U);
  m_session_key.insert(m_session_key.end(), site_nonce.begin(), site_nonce.begin() + 8);
}

std::string SiteByHand::opened(ByteView message) const {
  return opened_by(m_session_key, message);
}

Bytes SiteByHand::sealed(std::string text) const {
  return sealed_by(m_session_key, std::move(text));
}

} // namespace twcard::service::testing
