// legacy.tokens, legacy.sign and legacy.decrypt: a card with keys over the old local protocols.
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "simulator/cards/fault_plan.hpp"
#include "tests/daemon/card/service_fixture.hpp"
#include "tests/driver/card/certificate/encryption.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace json = boost::json;
using twcard::testing::encrypted_for;

namespace {

const json::object from_site{{"origin", site}};
constexpr std::string_view secret = "a message";

struct Fixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  rpc::Client page = connect();
  Fixture() {
    insert(reader_a, card);
    card->reset_counters();
  }
  rpc::Reply ask(std::string_view method, json::object params, ByteView blob = {}) {
    params["origin"] = site;
    return page.call(method, std::move(params), SecureBytes::copy_of(blob), std::chrono::seconds(20));
  }
  std::string detail(std::string_view method, json::object params, ByteView blob = {}) {
    const auto error = error_of([&] { ask(method, std::move(params), blob); });
    BOOST_TEST(name_of(error.code()) == "bad_request");
    return error.what();
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> operations;
    for (const auto& question : prompt->questions())
      operations.emplace_back(question.method + " " + std::string(question.params.at("operation").as_string()));
    return operations;
  }
  // DER of the certificate of this id, as a program gets it.
  [[nodiscard]] Bytes certificate(std::string_view id) const { return certificate_in(reader_a, id); }
  [[nodiscard]] Bytes certificate_in(const char* reader, std::string_view id) const {
    const auto listing = call("certificates", {{"reader", reader}}).result;
    for (const auto& each : listing.at("certificates").as_array())
      if (each.at("id").as_string() == id) return from_base64(each.at("der").as_string()).value();
    BOOST_FAIL("no such certificate");
    return {};
  }
};

Bytes with_pin(std::string_view pin, ByteView rest) {
  auto octets = to_bytes(as_bytes(pin));
  octets.insert(octets.end(), rest.begin(), rest.end());
  return octets;
}

json::object page_pin(std::size_t size) {
  return {{"page_pin", true}, {"pin_size", size}};
}

simulator::Fault key_operation_refused(std::uint16_t status) {
  simulator::Fault fault;
  fault.kind = simulator::FaultKind::Status;
  fault.instruction = 0xEA; // docs/cards/citizen.md
  fault.status = status;
  return fault;
}

// The first octet of what the key operation gives.
Bytes spoiled(ByteView command, Bytes response) {
  const bool result = command.size() > 1 && command[1] == 0xC1;
  if (result && response.size() > 2) response[0] ^= 1;
  return response;
}

json::value token_of(const json::object& result, std::size_t reader) {
  return result.at("readers").as_array().at(reader).at("token");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(legacy_keys, Fixture)

BOOST_AUTO_TEST_CASE(every_reader_is_listed_with_what_is_in_it) {
  insert(reader_b, health_card());
  const auto result = ask("legacy.tokens", {{"certificates", true}, {"keys", true}}).result;
  const auto token = token_of(result, 0).as_object();
  BOOST_TEST(token.at("serial_number").as_string().size() == 16U);
  BOOST_TEST(token.at("certificates").as_array().size() == 4U);
  BOOST_TEST(token.at("keys").as_array().size() == 2U);
  BOOST_TEST(token_of(result, 1).as_string() == "unknown");
  remove(reader_b);
  const auto later = ask("legacy.tokens", {}).result;
  BOOST_TEST(token_of(later, 1).is_null());
  BOOST_TEST(!token_of(later, 0).as_object().contains("certificates"));
  BOOST_TEST(!token_of(later, 0).as_object().contains("keys"));
}

BOOST_AUTO_TEST_CASE(a_public_key_is_the_certificates) {
  const auto token = token_of(ask("legacy.tokens", {{"certificates", true}, {"keys", true}}).result, 0).as_object();
  for (const auto& key : token.at("keys").as_array()) {
    const auto der = from_base64(key.at("public_key_info").as_string()).value();
    bool found = false;
    for (const auto& each : token.at("certificates").as_array()) {
      const auto certificate = from_base64(each.at("der").as_string()).value();
      found = found || (each.at("id") == key.at("id") && std::search(certificate.begin(), certificate.end(),
                                                                     der.begin(), der.end()) != certificate.end());
    }
    BOOST_TEST(found);
  }
}

BOOST_AUTO_TEST_CASE(a_listing_is_asked_once_for_the_cards_that_are_there) {
  static_cast<void>(ask("legacy.tokens", {}));
  static_cast<void>(ask("legacy.tokens", {{"certificates", true}}));
  BOOST_TEST(asked().size() == 1U);
  insert(reader_b, another_citizen_card());
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(ask("legacy.tokens", {}), Errc::ConsentDenied);
  static_cast<void>(ask("legacy.tokens", {}));
  BOOST_TEST(asked().size() == 3U);
  remove(reader_b);
  static_cast<void>(ask("legacy.tokens", {}));
  BOOST_TEST(asked().size() == 3U);
}

BOOST_AUTO_TEST_CASE(without_a_card_a_consent_holds_until_one_comes) {
  remove(reader_a);
  for (int i = 0; i < 2; ++i) BOOST_TEST(token_of(ask("legacy.tokens", {}).result, 0).is_null());
  BOOST_TEST(asked().size() == 1U);
  insert(reader_a, card);
  static_cast<void>(ask("legacy.tokens", {}));
  BOOST_TEST(asked().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_signature_of_each_hash_fits_the_certificate) {
  for (const char* name : {"SHA-1", "SHA-256", "SHA-384", "SHA-512"}) {
    const auto function = card::hash_function_of(name).value();
    const Bytes hash(card::hash_size(function), 0x5A);
    const auto made = ask("legacy.sign", {{"hash_function", name}}, hash);
    const auto der = from_base64(made.result.at("certificate").as_string()).value();
    BOOST_TEST((der == certificate("SIGN")));
    BOOST_TEST(card::verifies(der, function, hash, made.blob.view()));
    BOOST_TEST(made.result.at("card_number").as_string().size() == 16U);
  }
}

BOOST_AUTO_TEST_CASE(a_digest_info_is_signed_as_the_hash_that_it_holds) {
  // RFC 8017 section 9.2, note 1: SHA-1.
  auto info = from_hex("3021300906052B0E03021A05000414").value();
  const Bytes hash(20, 0x5A);
  info.insert(info.end(), hash.begin(), hash.end());
  const auto made = ask("legacy.sign", {{"digest_info", true}}, info);
  BOOST_TEST(card::verifies(certificate("SIGN"), card::HashFunction::Sha1, hash, made.blob.view()));
  const auto shown = prompt->questions().at(0).params;
  BOOST_TEST(shown.at("hash_function").as_string() == "SHA-1");
  BOOST_TEST(shown.at("hash").as_string() == to_hex(hash));
}

BOOST_AUTO_TEST_CASE(signing_and_decrypting_ask_for_consent_and_pin_each_time) {
  const auto cipher = encrypted_for(certificate("KEYX"), secret);
  for (int i = 0; i < 2; ++i) {
    static_cast<void>(ask("legacy.sign", {{"hash_function", "SHA-256"}}, Bytes(32)));
    static_cast<void>(ask("legacy.decrypt", {}, cipher));
  }
  const std::vector<std::string> once{"prompt.consent legacy.sign", "prompt.pin legacy.sign",
                                      "prompt.consent legacy.decrypt", "prompt.pin legacy.decrypt"};
  auto twice = once;
  twice.insert(twice.end(), once.begin(), once.end());
  BOOST_TEST(asked() == twice, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_was_encrypted_for_the_card_is_decrypted) {
  const auto der = certificate("KEYX");
  const auto made = ask("legacy.decrypt", {}, encrypted_for(der, secret));
  BOOST_TEST((as_text(made.blob.view()) == secret));
  BOOST_TEST((from_base64(made.result.at("certificate").as_string()).value() == der));
}

BOOST_AUTO_TEST_CASE(whatever_is_wrong_with_a_block_is_one_error) {
  const auto der = certificate("KEYX");
  std::vector<Bytes> blocks;
  for (std::uint8_t i = 1; i <= 3; ++i) {
    Bytes block(256, 0);
    block[255] = i; // decrypts to something without padding
    blocks.push_back(block);
  }
  blocks.push_back(Bytes(256, 0)); // decrypts to zero
  std::optional<Error> first;
  for (const auto& block : blocks) {
    const auto error = error_of([&] { ask("legacy.decrypt", {}, block); });
    BOOST_TEST(name_of(error.code()) == "card_refused");
    if (!first) first = error;
    BOOST_TEST(std::string(error.what()) == first->what());
  }
  // A card that refuses the key operation itself, and one that gives something else.
  const auto refused = [&] {
    const auto error = error_of([&] { ask("legacy.decrypt", {}, encrypted_for(der, secret)); });
    BOOST_TEST(name_of(error.code()) == "card_refused");
    BOOST_TEST(std::string(error.what()) == first->what());
  };
  for (const auto status : {std::uint16_t{0x6A80}, std::uint16_t{0x6F00}}) {
    readers.simulator().play(reader_a, {key_operation_refused(status)});
    refused();
  }
  readers.on_response(spoiled);
  refused();
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_is_reported_with_the_remaining_attempts) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Enter{"999999"});
  const auto error = error_of([this] { ask("legacy.decrypt", {}, encrypted_for(certificate("KEYX"), secret)); });
  BOOST_TEST(name_of(error.code()) == "pin_incorrect");
  BOOST_TEST(error.tries_left().value() == 2);
}

BOOST_AUTO_TEST_CASE(a_pin_of_the_page_takes_the_place_of_the_prompt_and_not_of_the_consent) {
  const Bytes hash(32, 0x5A);
  auto params = page_pin(6);
  params["hash_function"] = "SHA-256";
  const auto made = ask("legacy.sign", params, with_pin(ScriptedPrompt::right_pin, hash));
  BOOST_TEST(card::verifies(certificate("SIGN"), card::HashFunction::Sha256, hash, made.blob.view()));
  const auto cipher = encrypted_for(certificate("KEYX"), secret);
  const auto plain = ask("legacy.decrypt", page_pin(6), with_pin(ScriptedPrompt::right_pin, cipher));
  BOOST_TEST((as_text(plain.blob.view()) == secret));
  const std::vector<std::string> expected{"prompt.consent legacy.sign", "prompt.consent legacy.decrypt"};
  BOOST_TEST(asked() == expected, boost::test_tools::per_element());
  prompt->answer(ScriptedPrompt::Refuse{});
  card->reset_counters();
  CHECK_ERROR(ask("legacy.decrypt", page_pin(6), with_pin(ScriptedPrompt::right_pin, cipher)), Errc::ConsentDenied);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_of_the_page_costs_one_try_and_the_last_one_wants_an_agreement) {
  auto params = page_pin(6);
  params["hash_function"] = "SHA-256";
  const auto blob = with_pin("999999", Bytes(32));
  BOOST_TEST(error_of([&] { ask("legacy.sign", params, blob); }).tries_left().value() == 2);
  BOOST_TEST(error_of([&] { ask("legacy.sign", params, blob); }).tries_left().value() == 1);
  BOOST_TEST(card->counters().verifies == 2U);
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(ask("legacy.sign", params, blob), Errc::Cancelled);
  BOOST_TEST(prompt->questions().back().method == "prompt.last_try");
  BOOST_TEST(card->counters().verifies == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_can_be_named_and_must_be_made_for_it) {
  static_cast<void>(ask("legacy.sign", {{"hash_function", "SHA-256"}, {"key", "SIGN"}}, Bytes(32)));
  for (const char* key : {"KEYX", "CACert", "nothing"})
    CHECK_ERROR(ask("legacy.sign", {{"hash_function", "SHA-256"}, {"key", key}}, Bytes(32)), Errc::NoCard);
  CHECK_ERROR(ask("legacy.decrypt", {{"key", "SIGN"}}, Bytes(256, 1)), Errc::NoCard);
  BOOST_TEST(card->counters().verifies == 1U);
}

BOOST_AUTO_TEST_CASE(a_card_that_does_not_decrypt_with_its_key_is_said_to_be_one_before_the_pin) {
  remove(reader_a);
  insert(reader_b, pkcs15_card(false));
  const auto error = error_of([this] { ask("legacy.decrypt", {}, Bytes(256, 1)); });
  BOOST_TEST(name_of(error.code()) == "unsupported_card");
  const std::vector<std::string> consent_only{"prompt.consent legacy.decrypt"};
  BOOST_TEST(asked() == consent_only);
  BOOST_TEST(ask("legacy.sign", {{"hash_function", "SHA-256"}}, Bytes(32)).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(a_card_that_cannot_is_not_offered_beside_one_that_can) {
  insert(reader_b, pkcs15_card(false));
  const auto block = encrypted_for(certificate_in(reader_a, "KEYX"), secret);
  BOOST_TEST((as_text(ask("legacy.decrypt", {}, block).blob.view()) == secret));
  const std::vector<std::string> no_choice{"prompt.consent legacy.decrypt", "prompt.pin legacy.decrypt"};
  BOOST_TEST(asked() == no_choice);
  CHECK_ERROR(ask("legacy.decrypt", {{"reader", reader_b}}, block), Errc::UnsupportedCard);
}

BOOST_AUTO_TEST_CASE(a_card_that_takes_whole_blocks_decrypts) {
  remove(reader_a);
  insert(reader_b, pkcs15_card(true));
  const auto listing = ask("legacy.tokens", {{"certificates", true}}).result;
  for (const auto& each : listing.at("readers").at(1).at("token").at("certificates").as_array()) {
    const auto& usage = each.at("usage").as_array();
    if (std::ranges::find(usage, json::value("keyEncipherment")) == usage.end()) continue;
    const auto block = encrypted_for(from_base64(each.at("der").as_string()).value(), secret);
    BOOST_TEST((as_text(ask("legacy.decrypt", {}, block).blob.view()) == secret));
    return;
  }
  BOOST_FAIL("no certificate for encryption");
}

BOOST_AUTO_TEST_CASE(with_two_cards_the_page_may_name_the_reader) {
  insert(reader_b, another_citizen_card());
  const auto made = ask("legacy.sign", {{"hash_function", "SHA-256"}, {"reader", reader_b}}, Bytes(32));
  BOOST_TEST(made.blob.size() == 256U);
  BOOST_TEST(asked().size() == 2U); // consent and PIN
  remove(reader_b);
  insert(reader_b, unknown_card());
  BOOST_TEST(ask("legacy.sign", {{"hash_function", "SHA-256"}}, Bytes(32)).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(wrong_parameters_are_named_before_anybody_is_asked) {
  const Bytes hash(32);
  BOOST_TEST(detail("legacy.sign", {}, hash).starts_with("hash_function: "));
  BOOST_TEST(detail("legacy.sign", {{"hash_function", "MD5"}}, hash).starts_with("hash_function: "));
  BOOST_TEST(detail("legacy.sign", {{"hash_function", "SHA-256"}, {"digest_info", true}}, hash)
                 .starts_with("hash_function: "));
  BOOST_TEST(detail("legacy.sign", {{"hash_function", "SHA-1"}}, hash).starts_with("blob: "));
  BOOST_TEST(detail("legacy.sign", {{"digest_info", true}}, hash).starts_with("blob: "));
  BOOST_TEST(detail("legacy.sign", {{"hash_function", "SHA-256"}, {"page_pin", true}}, hash).starts_with("pin_size: "));
  BOOST_TEST(detail("legacy.sign", {{"hash_function", "SHA-256"}, {"pin_size", 6}}, hash).starts_with("pin_size: "));
  for (const std::int64_t size : {-1, 0, 65})
    BOOST_TEST(
        detail("legacy.decrypt", {{"page_pin", true}, {"pin_size", size}}, Bytes(256)).starts_with("pin_size: "));
  BOOST_TEST(detail("legacy.decrypt", {}).starts_with("blob: "));
  BOOST_TEST(detail("legacy.tokens", {{"certificates", 1}}).starts_with("certificates: "));
  BOOST_TEST(detail("legacy.tokens", {{"surprise", 1}}).starts_with("surprise: "));
  BOOST_TEST(asked().empty());
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_malformed_block_is_the_same_error_before_the_pin_is_asked) {
  const auto without_padding = error_of([this] { ask("legacy.decrypt", {}, Bytes(256, 0)); });
  card->reset_counters();
  const auto questions = asked().size();
  for (const auto& block : {Bytes(255, 1), Bytes(257, 1), Bytes(256, 0xFF)}) {
    const auto error = error_of([&] { ask("legacy.decrypt", {}, block); });
    BOOST_TEST(name_of(error.code()) == "card_refused");
    BOOST_TEST(std::string(error.what()) == without_padding.what());
  }
  BOOST_TEST(card->counters().apdus == 0U);
  const auto all = asked();
  for (auto at = questions; at < all.size(); ++at) BOOST_TEST(all[at] == "prompt.consent legacy.decrypt");
}

BOOST_AUTO_TEST_CASE(a_signature_that_does_not_fit_the_certificate_is_not_released) {
  readers.on_response(spoiled);
  CHECK_ERROR(ask("legacy.sign", {{"hash_function", "SHA-256"}}, Bytes(32)), Errc::SignatureMismatch);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
