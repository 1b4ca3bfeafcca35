// authenticate and sign: what is asked, what the card receives, what leaves.
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace twcard::service::testing {

namespace json = boost::json;
using simulator::Damage;

namespace {

using EvpKey = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

EvpKey key_of(ByteView der) {
  const auto* octets = der.data();
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      d2i_X509(nullptr, &octets, static_cast<long>(der.size())), X509_free);
  BOOST_REQUIRE(certificate);
  return {X509_get_pubkey(certificate.get()), EVP_PKEY_free};
}

Bytes digest(const EVP_MD* function, ByteView octets) {
  Bytes out(static_cast<std::size_t>(EVP_MD_get_size(function)));
  BOOST_REQUIRE_EQUAL(EVP_Digest(octets.data(), octets.size(), out.data(), nullptr, function, nullptr), 1);
  return out;
}

// RSASSA-PKCS1-v1_5 over a message, by OpenSSL's own hashing and padding.
bool message_verifies(ByteView certificate, const EVP_MD* function, ByteView message, ByteView signature) {
  const auto key = key_of(certificate);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return EVP_DigestVerifyInit(context.get(), nullptr, function, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

json::object login() {
  return {{"origin", site}, {"nonce", nonce}};
}

struct Fixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  Fixture() {
    insert(reader_a, card);
    card->reset_counters();
  }
  // The DER, in base64, of the certificate with this id.
  std::string certificate(std::string_view id) const {
    const auto listing = call("certificates").result;
    for (const auto& each : listing.at("certificates").as_array())
      if (each.at("id").as_string() == id) return std::string(each.at("der").as_string());
    BOOST_FAIL("no certificate " << id);
    return {};
  }
  rpc::Reply sign(std::string_view id, const char* function, ByteView hash) const {
    return call("sign", {{"certificate", certificate(id)}, {"hash_function", function}}, SecureBytes::copy_of(hash));
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signing, Fixture)

BOOST_AUTO_TEST_CASE(a_login_signs_origin_and_nonce_and_nothing_else) {
  const auto reply = call("authenticate", login());
  BOOST_TEST(reply.result.at("algorithm").as_string() == "RS256");
  const auto certificate = *from_base64(reply.result.at("certificate").as_string());
  auto message = digest(EVP_sha256(), as_bytes(site));
  const auto of_nonce = digest(EVP_sha256(), as_bytes(nonce));
  message.insert(message.end(), of_nonce.begin(), of_nonce.end());
  BOOST_TEST(message_verifies(certificate, EVP_sha256(), message, reply.blob.view()));
}

BOOST_AUTO_TEST_CASE(a_cold_signature_costs_seven_apdus_and_one_verify) {
  static_cast<void>(call("authenticate", login()));
  const auto counters = card->counters();
  BOOST_TEST(counters.apdus == 7U);
  BOOST_TEST(counters.verifies == 1U);
}

BOOST_AUTO_TEST_CASE(a_login_asks_for_consent_and_then_for_the_pin) {
  static_cast<void>(call("authenticate", login()));
  const auto asked = prompt->questions();
  BOOST_REQUIRE_EQUAL(asked.size(), 2U);
  BOOST_TEST(asked[0].method == "prompt.consent");
  BOOST_TEST(asked[0].params.at("operation").as_string() == "authenticate");
  BOOST_TEST(asked[0].params.at("caller").at("origin").as_string() == site);
  BOOST_TEST(asked[0].params.at("card").is_null());
  BOOST_TEST(asked[1].method == "prompt.pin");
  BOOST_TEST(asked[1].params.at("card").at("kind").as_string() == "hicos");
  BOOST_TEST(asked[1].params.at("card").at("holder").as_string() == "citizen");
  BOOST_TEST(asked[1].params.at("card").at("reader").as_string() == reader_a);
  BOOST_TEST(asked[1].params.at("tries_left").is_null());
  BOOST_TEST(asked[1].params.at("min_length").to_number<int>() == 6);
  BOOST_TEST(asked[1].params.at("max_length").to_number<int>() == 8);
}

BOOST_AUTO_TEST_CASE(a_hash_is_signed_with_each_hash_function) {
  const auto message = as_bytes("what is signed");
  const std::pair<const char*, const EVP_MD*> functions[] = {
      {"SHA-256", EVP_sha256()}, {"SHA-384", EVP_sha384()}, {"SHA-512", EVP_sha512()}};
  const auto der = *from_base64(certificate("SIGN"));
  for (const auto& [name, function] : functions) {
    const auto reply = sign("SIGN", name, digest(function, message));
    BOOST_TEST(reply.result.at("algorithm").as_string() == std::string("RS") + (name + 4));
    BOOST_TEST(message_verifies(der, function, message, reply.blob.view()), name);
  }
}

BOOST_AUTO_TEST_CASE(the_consent_to_a_signature_shows_the_hash_and_the_program) {
  const auto hash = digest(EVP_sha256(), as_bytes("x"));
  static_cast<void>(sign("SIGN", "SHA-256", hash));
  const auto consent = prompt->questions().at(0).params;
  BOOST_TEST(consent.at("operation").as_string() == "sign");
  BOOST_TEST(consent.at("hash").as_string() == to_hex(hash));
  BOOST_TEST(consent.at("hash_function").as_string() == "SHA-256");
  BOOST_TEST(consent.at("caller").at("program").as_string().ends_with("service_tests"));
  BOOST_TEST(consent.at("caller").at("pid").to_number<int>() == ::getpid());
}

BOOST_AUTO_TEST_CASE(only_a_certificate_of_the_card_that_may_sign_is_signed_with) {
  const auto hash = digest(EVP_sha256(), as_bytes("x"));
  CHECK_ERROR(sign("KEYX", "SHA-256", hash), Errc::BadRequest);   // a key, but for encryption
  CHECK_ERROR(sign("CACert", "SHA-256", hash), Errc::BadRequest); // no key
  const auto mine = certificate("SIGN");
  remove(reader_a);
  insert(reader_a, another_citizen_card());
  const json::object params{{"certificate", mine}, {"hash_function", "SHA-256"}};
  CHECK_ERROR(call("sign", params, SecureBytes::copy_of(hash)), Errc::NoCard);
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_costs_one_try_and_the_next_prompt_says_what_is_left) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Enter{"999999"});
  const auto error = error_of([&] { call("authenticate", login()); });
  BOOST_TEST((error.code() == Errc::PinIncorrect));
  BOOST_TEST(error.tries_left().value() == 2);
  BOOST_TEST(card->counters().failed_verifies == 1U);

  static_cast<void>(call("authenticate", login()));
  BOOST_TEST(prompt->questions().at(3).params.at("tries_left").to_number<int>() == 2);

  static_cast<void>(call("authenticate", login()));
  BOOST_TEST(prompt->questions().at(5).params.at("tries_left").is_null());
}

BOOST_AUTO_TEST_CASE(tries_left_are_remembered_when_the_card_is_inserted_again_and_only_for_that_card) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Enter{"999999"});
  CHECK_ERROR(call("authenticate", login()), Errc::PinIncorrect);
  remove(reader_a);
  insert(reader_b, card);
  insert(reader_a, another_citizen_card());
  auto with_reader = login();
  with_reader["reader"] = reader_a;
  static_cast<void>(call("authenticate", with_reader));
  BOOST_TEST(prompt->questions().at(3).params.at("tries_left").is_null());
  with_reader["reader"] = reader_b;
  static_cast<void>(call("authenticate", with_reader));
  BOOST_TEST(prompt->questions().at(5).params.at("tries_left").to_number<int>() == 2);
}

BOOST_AUTO_TEST_CASE(three_wrong_pins_lock_the_card_and_a_fourth_learns_it) {
  std::vector<Errc> codes;
  for (int i = 0; i < 4; ++i) {
    prompt->answer(ScriptedPrompt::Approve{});
    if (i == 2) prompt->answer(ScriptedPrompt::Approve{}); // to use the last attempt
    prompt->answer(ScriptedPrompt::Enter{"999999"});
    codes.push_back(error_of([&] { call("authenticate", login()); }).code());
  }
  BOOST_TEST((codes[0] == Errc::PinIncorrect));
  BOOST_TEST((codes[1] == Errc::PinIncorrect));
  BOOST_TEST((codes[2] == Errc::PinBlocked));
  BOOST_TEST((codes[3] == Errc::PinBlocked));
}

BOOST_AUTO_TEST_CASE(a_pin_of_the_wrong_length_never_reaches_the_card) {
  for (const char* pin : {"12345", "123456789"}) {
    prompt->answer(ScriptedPrompt::Approve{});
    prompt->answer(ScriptedPrompt::Enter{pin});
    CHECK_ERROR(call("authenticate", login()), Errc::PinLength);
  }
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Enter{""});
  CHECK_ERROR(call("authenticate", login()), Errc::PinLength);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_signature_that_does_not_fit_the_certificate_is_not_released) {
  readers.on_response([](ByteView command, Bytes response) {
    const bool rest_of_signature = command.size() > 1 && command[1] == 0xC1;
    if (rest_of_signature && response.size() > 2) response[0] ^= 1;
    return response;
  });
  CHECK_ERROR(call("authenticate", login()), Errc::SignatureMismatch);
}

BOOST_AUTO_TEST_CASE(nobody_else_finds_the_card_logged_in) {
  static_cast<void>(call("authenticate", login()));
  // A second client of the reader: its private operation has to be refused for want of a PIN (6982).
  const auto channel = readers.simulator().open(reader_a);
  reader::Transaction transaction(*channel);
  const auto send = [&](const char* hex) { return transaction.transmit(apdu::CommandApdu::decode(*from_hex(hex))); };
  for (const char* select : {"80A40000023F00", "80A40000025030", "80A40000020810"}) static_cast<void>(send(select));
  static_cast<void>(send(("80EA820180" + std::string(256, '0')).c_str()));
  BOOST_TEST(send(("80EA020180" + std::string(256, '0')).c_str()).status.value() == 0x6982);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_in_the_middle_of_a_signature_is_card_removed) {
  readers.simulator().play(reader_a, simulator::removal_after(5));
  CHECK_ERROR(call("authenticate", login()), Errc::CardRemoved);
  wait_for_event("card_removed");
  insert(reader_a, card);
  BOOST_CHECK_NO_THROW(call("authenticate", login()));
}

BOOST_AUTO_TEST_CASE(a_card_pulled_while_the_pin_is_asked_for_closes_the_prompt) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  bool asked = false;
  std::thread person([&] {
    asked = prompt->wait_for_questions(2);
    readers.simulator().remove(reader_a);
  });
  CHECK_ERROR(call("authenticate", login()), Errc::CardRemoved);
  person.join();
  BOOST_TEST(asked);
  BOOST_TEST(prompt->wait_for_closed(1));
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_swapped_while_the_pin_is_asked_for_never_sees_that_pin) {
  const auto other = another_citizen_card();
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  bool asked = false;
  std::thread person([&] {
    asked = prompt->wait_for_questions(2);
    readers.simulator().remove(reader_a);
    readers.simulator().insert(reader_a, other);
    prompt->release();
  });
  CHECK_ERROR(call("authenticate", login()), Errc::CardRemoved);
  person.join();
  BOOST_TEST(asked);
  BOOST_TEST(other->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(two_logins_at_once_are_both_served) {
  insert(reader_b, another_citizen_card());
  const auto login_at = [this](const char* reader) {
    auto params = login();
    params["reader"] = reader;
    return call("authenticate", params).blob.size();
  };
  auto other = std::async(std::launch::async, [&] { return login_at(reader_a); });
  BOOST_TEST(login_at(reader_b) == 256U);
  BOOST_TEST(other.get() == 256U);
  BOOST_TEST(prompt->most_open_at_once() == 1U);
}

BOOST_AUTO_TEST_CASE(random_octets_come_from_the_card) {
  BOOST_TEST(call("token.random").blob.size() == 8U);
  BOOST_TEST(card->counters().by_instruction[0x84] == 1U);
  BOOST_TEST(prompt->questions().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(signing_with_faulty_cards)

BOOST_AUTO_TEST_CASE(without_a_profile_a_login_names_what_is_missing_and_asks_for_no_pin) {
  ServiceFixture service(ServiceFixture::Profiles::Missing);
  service.insert(reader_a, citizen_card());
  const auto error = error_of([&] { service.call("authenticate", login()); });
  BOOST_TEST((error.code() == Errc::ProfileMissing));
  BOOST_TEST(std::string(error.what()) != "");
  BOOST_TEST(service.prompt->questions().size() == 1U);
  const auto listing = service.call("certificates").result;
  BOOST_TEST(listing.at("certificates").as_array().size() == 4U);
  BOOST_TEST(!listing.at("card").at("missing_profile").as_string().empty());
}

BOOST_AUTO_TEST_CASE(a_damaged_signature_certificate_leaves_the_others_and_signs_nothing) {
  ServiceFixture service;
  const auto card = damaged_citizen_card(Damage::SignatureCertificate);
  service.insert(reader_a, card);
  BOOST_TEST(service.call("certificates").result.at("certificates").as_array().size() == 3U);
  CHECK_ERROR(service.call("authenticate", login()), Errc::BadCardData);
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
