// Logins of programs and what they may do: what PKCS#11 stands on.
#include "tests/daemon/card/keys/token_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace json = boost::json;

BOOST_FIXTURE_TEST_SUITE(token_sessions, TokenFixture)

BOOST_AUTO_TEST_CASE(the_listing_costs_no_apdu_and_has_everything_in_der) {
  const auto entry = reader_entry(reader_a);
  BOOST_TEST(card->counters().apdus == 0U);
  BOOST_TEST(entry.at("state").as_string() == "ready");
  BOOST_TEST(entry.at("label").as_string() == "HiCOS PKI Smart Card");
  BOOST_TEST(entry.at("serial_number").as_string().size() == 16U);
  BOOST_TEST(entry.at("tries_left").is_null());
  const auto& certificates = entry.at("certificates").as_array();
  BOOST_REQUIRE(certificates.size() == 4U);
  for (const auto& certificate : certificates) {
    const auto der = from_base64(certificate.at("der").as_string());
    const auto contains = [&](const char* member) {
      const auto part = from_base64(certificate.at(member).as_string());
      return part && !part->empty() && std::search(der->begin(), der->end(), part->begin(), part->end()) != der->end();
    };
    for (const auto* member : {"subject", "issuer", "serial_number", "public_key_info", "modulus", "public_exponent"})
      BOOST_TEST(contains(member), member);
    BOOST_TEST(from_base64(certificate.at("issuer_key_hash").as_string())->size() == 20U);
    BOOST_TEST(certificate.at("not_before").as_string().size() == 8U);
    const auto id = std::string(certificate.at("id").as_string());
    BOOST_TEST(certificate.at("has_key").as_bool() == (id == "SIGN" || id == "KEYX"));
    BOOST_TEST(certificate.at("authority").as_bool() == id.ends_with("CACert"));
    if (id == "SIGN") BOOST_TEST(certificate.at("signs").as_bool());
    if (id == "KEYX") BOOST_TEST(certificate.at("decrypts").as_bool());
  }
  BOOST_TEST(reader_entry(reader_b).at("state").as_string() == "empty");
}

BOOST_AUTO_TEST_CASE(a_key_is_listed_for_what_its_card_can_do_with_it) {
  for (const bool raw : {false, true}) {
    insert(reader_b, pkcs15_card(raw));
    const auto entry = reader_entry(reader_b);
    std::size_t signing = 0;
    std::size_t decrypting = 0;
    for (const auto& certificate : entry.at("certificates").as_array()) {
      if (!certificate.at("has_key").as_bool()) continue;
      signing += certificate.at("signs").as_bool() ? 1 : 0;
      decrypting += certificate.at("decrypts").as_bool() ? 1 : 0;
    }
    BOOST_TEST(signing == 1U);
    BOOST_TEST(decrypting == (raw ? 1U : 0U), "a card that pads by itself gives no whole block");
    remove(reader_b);
  }
}

BOOST_AUTO_TEST_CASE(an_nhi_card_is_unrecognised_and_cannot_be_used) {
  insert(reader_b, health_card());
  const auto entry = reader_entry(reader_b);
  BOOST_TEST(entry.at("state").as_string() == "unrecognised");
  const json::object params{{"reader", reader_b}, {"insertion", entry.at("insertion")}};
  CHECK_ERROR(call("token.login", params, SecureBytes::copy_of(as_bytes("246810"))), Errc::UnsupportedCard);
}

BOOST_AUTO_TEST_CASE(a_login_verifies_once_and_signs_until_logout) {
  auto client = connect();
  log_in(client);
  BOOST_TEST(card->counters().verifies == 1U);
  for (int i = 0; i < 3; ++i) {
    const auto result = client.call("token.sign", key_params("SIGN"), block()).blob;
    const auto undone = call("token.public", key_params("SIGN"), SecureBytes::copy_of(result.view())).blob;
    BOOST_TEST(to_hex(undone.view()) == to_hex(block().view()));
  }
  BOOST_TEST(client.call("token.decrypt", key_params("KEYX"), block()).blob.size() == 256U);
  BOOST_TEST(prompt->questions().empty());
  client.call("token.logout", card_params());
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
}

BOOST_AUTO_TEST_CASE(a_login_is_of_its_connection_alone) {
  auto client = connect();
  log_in(client);
  auto other = connect();
  CHECK_ERROR(other.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
  other.call("token.logout", card_params());
  CHECK_ERROR(other.call("token.login", card_params(), SecureBytes::copy_of(as_bytes("999999"))), Errc::PinIncorrect);
  BOOST_TEST(client.call("token.sign", key_params("SIGN"), block()).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_costs_one_attempt_and_is_reported) {
  auto client = connect();
  const auto error = error_of([&] { log_in(client, "999999"); });
  BOOST_TEST((error.code() == Errc::PinIncorrect));
  BOOST_TEST(error.tries_left().value() == 2);
  BOOST_TEST(card->counters().failed_verifies == 1U);
  BOOST_TEST(reader_entry(reader_a).at("tries_left").to_number<int>() == 2);
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
  log_in(client);
  BOOST_TEST(reader_entry(reader_a).at("tries_left").is_null());
}

BOOST_AUTO_TEST_CASE(a_pin_that_cannot_be_right_never_reaches_the_card) {
  auto client = connect();
  for (const std::string_view pin :
       {std::string_view(""), std::string_view("12345"), std::string_view("123456789"), std::string_view("24681\0", 6)})
    CHECK_ERROR(log_in(client, pin), Errc::PinLength);
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_pin_the_person_is_asked_for_the_program) {
  auto client = connect();
  auto params = card_params();
  params["prompt"] = true;
  client.call("token.login", params);
  const auto asked = prompt->questions();
  BOOST_REQUIRE(asked.size() == 1U);
  BOOST_TEST(asked[0].method == "prompt.pin");
  BOOST_TEST(asked[0].params.at("operation").as_string() == "login");
  BOOST_TEST(asked[0].params.at("caller").at("pid").to_number<int>() == ::getpid());
  BOOST_TEST(client.call("token.sign", key_params("SIGN"), block()).blob.size() == 256U);
  prompt->answer(ScriptedPrompt::Fail{Errc::Cancelled});
  CHECK_ERROR(client.call("token.login", params), Errc::Cancelled);
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
}

BOOST_AUTO_TEST_CASE(a_reinserted_card_is_another_insertion_without_login) {
  auto client = connect();
  log_in(client);
  const auto before = key_params("SIGN");
  remove(reader_a);
  CHECK_ERROR(client.call("token.sign", before, block()), Errc::CardRemoved);
  insert(reader_a, card);
  CHECK_ERROR(client.call("token.sign", before, block()), Errc::CardRemoved);
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
}

BOOST_AUTO_TEST_CASE(a_malformed_block_or_key_is_refused_without_the_card) {
  auto client = connect();
  log_in(client);
  card->reset_counters();
  SecureBytes above_modulus(256);
  std::ranges::fill(above_modulus.span(), std::uint8_t{0xFF});
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), std::move(above_modulus)), Errc::BadRequest);
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), SecureBytes(255)), Errc::BadRequest);
  CHECK_ERROR(client.call("token.sign", key_params("CACert"), block()), Errc::BadRequest);
  CHECK_ERROR(client.call("token.sign", card_params(), block()), Errc::BadRequest);
  BOOST_TEST(card->counters().apdus == 0U);
  BOOST_TEST(client.call("token.sign", key_params("SIGN"), block()).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(a_held_pin_that_the_card_refuses_is_never_sent_again) {
  auto client = connect();
  log_in(client);
  // Another program locks the card with wrong PINs.
  auto other = connect();
  for (int i = 0; i < 3; ++i) error_of([&] { log_in(other, "999999"); });
  card->reset_counters();
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinBlocked);
  const auto verifies = card->counters().verifies;
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
  BOOST_TEST(card->counters().verifies == verifies);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
