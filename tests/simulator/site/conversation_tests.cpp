// The simulated authentication site against a client written out by hand, message by message; only the ciphers are the
// simulator's. Source: docs/nhi-authentication.md, "The messages".
#include "simulator/site/conversation.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

const std::string card_text = "01<id=12>000012345678<rn=8>challeng";
constexpr std::string_view card_number = "000012345678";
constexpr std::string_view client_nonce = "1234567890123456";
const std::string to_sign = "00011234567890123456";
// What may not follow the last field of messages 4 and 6, where one "<E>" belongs.
const std::string no_ends[] = {
    "", "<E><E>", "<E", "E>", "<E>x", "x<E>", "x", std::string("<E>\0", 4), "<e>", std::string(3, '\0')};

Bytes sealed(ByteView key, std::string text) {
  const auto missing = 8 - text.size() % 8;
  text.append(missing, static_cast<char>(missing));
  auto message = des3_ecb_encrypt(key, as_bytes(text));
  for (const char c : {'<', 'E', '>'}) message.push_back(static_cast<std::uint8_t>(c));
  return message;
}

std::string opened(ByteView key, ByteView message) {
  BOOST_REQUIRE(message.size() > 3);
  BOOST_TEST(as_text(message.last(3)) == "<E>");
  const auto padded = des3_ecb_decrypt(key, message.first(message.size() - 3));
  return std::string(as_text(ByteView(padded).first(padded.size() - padded.back())));
}

struct ClientByHand {
  SiteKey signing_key;
  SiteConversation site{signing_key};
  SiteKey own_key;
  Bytes at_site;
  Bytes session_key;

  // Messages 1 to 3.
  ClientByHand() {
    const auto hello = opened(as_bytes(hello_key), say(sealed(as_bytes(hello_key), "Hello " + own_key.public_pem())));
    BOOST_REQUIRE(hello.size() == 6U + 272 + 5 + 128);
    const auto site_nonce = own_key.decrypt(as_bytes(hello).last(128)).value();
    auto nonce = to_bytes(as_bytes(" 128 "));
    const auto cipher = encrypt_to(hello.substr(6, 272), as_bytes(client_nonce)).value();
    nonce.insert(nonce.end(), cipher.begin(), cipher.end());
    for (const char c : {'<', 'E', '>'}) nonce.push_back(static_cast<std::uint8_t>(c));
    BOOST_TEST(say(nonce).empty());
    session_key = to_bytes(as_bytes(client_nonce));
    session_key.insert(session_key.end(), site_nonce.begin(), site_nonce.begin() + 8);
  }
  Bytes say(const Bytes& message) {
    at_site.insert(at_site.end(), message.begin(), message.end());
    const auto asked = site.take(at_site);
    return asked ? site.answer(*asked, std::nullopt).octets : Bytes();
  }
  std::string ask(const std::string& text) { return opened(session_key, say(sealed(session_key, text))); }
  bool is_refused(const std::string& text) {
    try {
      static_cast<void>(say(sealed(session_key, text)));
      return false;
    } catch (const Error& error) {
      return error.code() == Errc::BadRequest;
    }
  }
  // Message 6 for the site's message 5.
  static std::string proof_text(const std::string& module_text) {
    const auto answer = card_answer(as_bytes(module_text).subspan(9, 32), as_bytes(card_number));
    return "03<au=16>" + std::string(as_text(answer)) + "<se=20>" + to_sign;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(site_conversation)

BOOST_AUTO_TEST_CASE(the_texts_of_messages_5_and_7_end_in_a_terminator_of_their_own) {
  ClientByHand client;
  const auto module_text = client.ask(card_text + "<E>");
  BOOST_TEST(module_text.size() == 9U + 32 + 3);
  BOOST_TEST(module_text.starts_with("02<au=32>"));
  BOOST_TEST(module_text.ends_with("<E>"));
  const auto signature = client.ask(ClientByHand::proof_text(module_text) + "<E>");
  const auto signed_text = std::string(card_number) + to_sign;
  BOOST_TEST(signature == "04<rc=2>OK<si=256>" + to_hex(client.signing_key.sign(as_bytes(signed_text))) + "<E>");
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_in_a_terminator_of_its_own) {
  ClientByHand client;
  static_cast<void>(client.ask(card_text + "<E>"));
  BOOST_TEST(client.ask("03<au=16>not of this card<se=20>" + to_sign + "<E>") == "04<rc=2>NO<E>");
}

BOOST_AUTO_TEST_CASE(message_4_without_its_own_terminator_or_with_more_is_refused) {
  for (const auto& end : no_ends) {
    ClientByHand client;
    BOOST_TEST(client.is_refused(card_text + end), to_hex(as_bytes(end)));
  }
}

BOOST_AUTO_TEST_CASE(message_6_without_its_own_terminator_or_with_more_is_refused) {
  for (const auto& end : no_ends) {
    ClientByHand client;
    const auto proof = ClientByHand::proof_text(client.ask(card_text + "<E>"));
    BOOST_TEST(client.is_refused(proof + end), to_hex(as_bytes(end)));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
