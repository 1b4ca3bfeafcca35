// The client's side of the authentication site against the simulator's site, message by message.
#include "daemon/card/nhi/site_session.hpp"

#include "simulator/site/conversation.hpp"
#include "tests/daemon/card/nhi/site_by_hand.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::service {

namespace {

using simulator::SiteConversation;
using simulator::SiteFault;
using simulator::SiteMessage;
using testing::SiteByHand;

constexpr std::string_view card_number = "000012345678";
constexpr std::string_view to_sign = "00011234567890123456";
const Bytes challenge{1, 2, 3, 4, 5, 6, 7, 8};

struct Line {
  SiteKeyPair key_pair;
  SiteSession client{as_bytes(simulator::hello_key), key_pair};
  simulator::SiteKey signing_key;
  SiteConversation site{signing_key};
  Bytes at_site;

  // The site's answer to what the client sends.
  Bytes say(const Bytes& message, std::optional<SiteFault> fault = std::nullopt) {
    at_site.insert(at_site.end(), message.begin(), message.end());
    const auto asked = site.take(at_site);
    return asked ? site.answer(*asked, fault).octets : Bytes();
  }
  void greet() {
    const auto nonce = client.take_hello(say(client.hello()));
    BOOST_REQUIRE(nonce.has_value());
    BOOST_TEST(say(*nonce).empty());
  }
  Bytes module_data(std::optional<SiteFault> fault = std::nullopt) {
    const auto data = client.take_module_data(say(client.card(as_bytes(card_number), challenge), fault));
    BOOST_REQUIRE(data.has_value());
    return *data;
  }
};

struct LineByHand {
  SiteKeyPair key_pair;
  SiteSession client{as_bytes(simulator::hello_key), key_pair};
  SiteByHand site{client};
};

const std::string module_text = "02<au=32>" + std::string(32, '\x55');
const std::string signature_text = "04<rc=2>OK<si=256>" + std::string(256, 'A');
// What may not follow the last field: only one "<E>" or nothing does.
const std::string no_ends[] = {
    "<E><E>", "<E", "E>", "<E>x", "x<E>", "x", std::string("<E>\0", 4), std::string(1, '\0')};

// Whether the client takes it for a refusal.
template <typename Take>
bool is_refused(Take take) {
  try {
    static_cast<void>(take());
    return false;
  } catch (const SiteRefusal&) {
    return true;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(site_session)

BOOST_AUTO_TEST_CASE(messages_have_the_documented_lengths) {
  Line line;
  const auto hello = line.client.hello();
  BOOST_TEST(hello.size() == 283U);
  const auto answer = line.say(hello);
  BOOST_TEST(answer.size() == 419U);
  const auto nonce = line.client.take_hello(answer);
  BOOST_REQUIRE(nonce.has_value());
  BOOST_TEST(nonce->size() == 136U);
  BOOST_TEST(line.say(*nonce).empty());
  const auto card = line.client.card(as_bytes(card_number), challenge);
  BOOST_TEST(card.size() == 43U);
  const auto module = line.say(card);
  BOOST_TEST(module.size() == 51U);
  const auto data = line.client.take_module_data(module);
  BOOST_REQUIRE(data.has_value());
  BOOST_TEST(data->size() == 32U);
  const auto proof = line.client.proof(simulator::card_answer(*data, as_bytes(card_number)), to_sign);
  BOOST_TEST(proof.size() == 59U);
  const auto signature = line.say(proof);
  BOOST_TEST(signature.size() == 283U);
  const auto text = line.client.take_signature(signature);
  BOOST_REQUIRE(text.has_value());
  std::string signed_text(card_number);
  signed_text += to_sign;
  BOOST_TEST(*text == to_hex(line.signing_key.sign(as_bytes(signed_text))));
}

BOOST_AUTO_TEST_CASE(module_data_are_good_for_this_card_and_challenge_only) {
  Line line;
  line.greet();
  const auto data = line.module_data();
  BOOST_TEST(simulator::is_module_data(data, as_bytes(card_number), challenge));
  BOOST_TEST(!simulator::is_module_data(data, as_bytes("000012345679"), challenge));
}

BOOST_AUTO_TEST_CASE(every_shorter_part_of_a_message_waits_for_the_rest) {
  Line line;
  const auto hello = line.say(line.client.hello());
  for (std::size_t size = 0; size < hello.size(); ++size)
    BOOST_TEST(!line.client.take_hello(ByteView(hello).first(size)).has_value());
  const auto nonce = line.client.take_hello(hello);
  BOOST_REQUIRE(nonce.has_value());
  BOOST_TEST(line.say(*nonce).empty());
  const auto module = line.say(line.client.card(as_bytes(card_number), challenge));
  for (std::size_t size = 0; size < module.size(); ++size)
    BOOST_TEST(!line.client.take_module_data(ByteView(module).first(size)).has_value());
}

BOOST_AUTO_TEST_CASE(a_terminator_inside_of_the_ciphertext_ends_nothing) {
  Line line;
  line.greet();
  const auto module = line.say(line.client.card(as_bytes(card_number), challenge), SiteFault::Terminator);
  const auto inside = as_text(module).find("<E>");
  BOOST_TEST(inside == 8U);
  BOOST_TEST(!line.client.take_module_data(ByteView(module).first(inside + 3)).has_value());
  BOOST_TEST(line.client.take_module_data(module).has_value());
}

BOOST_AUTO_TEST_CASE(a_site_that_is_not_well_says_so) {
  Line line;
  line.greet();
  const auto well = line.say(SiteSession::health_question());
  BOOST_TEST(line.client.take_health(well).value());
  for (std::size_t size = 0; size < well.size(); ++size)
    BOOST_TEST(!line.client.take_health(ByteView(well).first(size)).has_value());
  BOOST_TEST(!line.client.take_health(as_bytes("04<rc=2>NO<E>")).value());
  BOOST_TEST(!line.client.take_health(as_bytes("04<rc=3>OK<E>")).value());
  BOOST_TEST(is_refused([&] { return line.client.take_health(as_bytes("99<E>")); }));
}

BOOST_AUTO_TEST_CASE(a_forged_hello_is_refused_and_a_damaged_one_never_whole) {
  for (const auto fault : {SiteFault::Forged, SiteFault::Length}) {
    Line line;
    const auto hello = line.say(line.client.hello(), fault);
    BOOST_TEST(is_refused([&] { return line.client.take_hello(hello); }));
  }
  Line line;
  BOOST_TEST(!line.client.take_hello(line.say(line.client.hello(), SiteFault::Padding)).has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_in_the_place_of_an_answer_is_one) {
  Line line;
  line.greet();
  const auto refusal = line.say(line.client.card(as_bytes(card_number), challenge), SiteFault::Refuse);
  BOOST_TEST(is_refused([&] { return line.client.take_module_data(refusal); }));
}

BOOST_AUTO_TEST_CASE(a_card_that_is_not_proved_gets_no_signature) {
  Line line;
  line.greet();
  static_cast<void>(line.module_data());
  const auto refusal = line.say(line.client.proof(Bytes(16), to_sign));
  BOOST_TEST(is_refused([&] { return line.client.take_signature(refusal); }));
}

BOOST_AUTO_TEST_CASE(a_signature_is_256_printable_characters) {
  for (const auto fault : {SiteFault::Forged, SiteFault::Refuse}) {
    Line line;
    line.greet();
    const auto proof = line.client.proof(simulator::card_answer(line.module_data(), as_bytes(card_number)), to_sign);
    const auto answer = line.say(proof, fault);
    BOOST_TEST(is_refused([&] { return line.client.take_signature(answer); }));
  }
}

BOOST_AUTO_TEST_CASE(the_texts_of_messages_4_and_6_end_in_a_terminator_of_their_own) {
  const LineByHand line;
  BOOST_TEST(line.site.opened(line.client.card(as_bytes(card_number), challenge)) ==
             "01<id=12>000012345678<rn=8>\1\2\3\4\5\6\7\10<E>");
  BOOST_TEST(line.site.opened(line.client.proof(as_bytes("sixteen of card."), to_sign)) ==
             "03<au=16>sixteen of card.<se=20>00011234567890123456<E>");
}

BOOST_AUTO_TEST_CASE(module_data_are_accepted_with_and_without_the_texts_own_terminator) {
  const LineByHand line;
  for (const char* end : {"<E>", ""}) {
    const auto data = line.client.take_module_data(line.site.sealed(module_text + end));
    BOOST_REQUIRE(data.has_value());
    BOOST_TEST(to_hex(*data) == to_hex(Bytes(32, 0x55)));
  }
}

BOOST_AUTO_TEST_CASE(a_signature_is_accepted_with_and_without_the_texts_own_terminator) {
  const LineByHand line;
  for (const char* end : {"<E>", ""})
    BOOST_TEST(line.client.take_signature(line.site.sealed(signature_text + end)).value() == std::string(256, 'A'));
}

BOOST_AUTO_TEST_CASE(anything_else_behind_the_last_field_is_refused) {
  const LineByHand line;
  for (const auto& end : no_ends) {
    BOOST_TEST_CONTEXT(to_hex(as_bytes(end))) {
      BOOST_TEST(is_refused([&] { return line.client.take_module_data(line.site.sealed(module_text + end)); }));
      BOOST_TEST(is_refused([&] { return line.client.take_signature(line.site.sealed(signature_text + end)); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_field_that_holds_terminators_is_taken_whole) {
  const LineByHand line;
  const std::string field = std::string(29, '\0') + "<E>";
  const auto data = line.client.take_module_data(line.site.sealed("02<au=32>" + field + "<E>"));
  BOOST_REQUIRE(data.has_value());
  BOOST_TEST(to_hex(*data) == to_hex(as_bytes(field)));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_one_with_and_without_the_texts_own_terminator) {
  const LineByHand line;
  for (const char* refusal : {"04<rc=2>NO", "04<rc=2>NO<E>", "04<rc=4>1234<E>", "04<rc=4>1234"}) {
    BOOST_TEST_CONTEXT(refusal) {
      BOOST_TEST(is_refused([&] { return line.client.take_module_data(line.site.sealed(refusal)); }));
      BOOST_TEST(is_refused([&] { return line.client.take_signature(line.site.sealed(refusal)); }));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_message_of_over_64_kib_is_refused) {
  Line line;
  BOOST_TEST(is_refused([&] { return line.client.take_hello(Bytes(64 * 1024 + 1)); }));
}

BOOST_AUTO_TEST_CASE(nonces_differ) {
  Line first;
  Line second;
  first.greet();
  second.greet();
  const auto card = [](Line& line) { return to_hex(line.client.card(as_bytes(card_number), challenge)); };
  BOOST_TEST(card(first) != card(second));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service
