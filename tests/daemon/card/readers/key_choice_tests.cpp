// Which key does what, and by which name: cards from the field (tests/cases) and what follows from the rule.
#include "daemon/card/readers/key_choice.hpp"

#include "daemon/card/keys/token_form.hpp"
#include "daemon/card/readers/unique_names.hpp"
#include "tests/daemon/card/keys/token_fixture.hpp"
#include "tests/support/field_case.hpp"

#include <boost/json/array.hpp>
#include <set>

namespace twcard::service::testing {

namespace json = boost::json;
using twcard::testing::field_case;

namespace {

constexpr const char* today = "2026-12-01T00:00:00Z"; // certificates of the cases are of this time

TokenCertificate certificate(const char* id, std::vector<std::string> usage,
                             const char* until = "2030-01-01T00:00:00Z") {
  TokenCertificate made;
  made.on_card.id = id;
  made.on_card.label = id;
  made.on_card.key_reference = 1;
  made.info.usage = std::move(usage);
  made.info.not_before = "2020-01-01T00:00:00Z";
  made.info.not_after = until;
  made.info.modulus = Bytes(256, 0xAA);
  return made;
}

Snapshot card_with(std::vector<TokenCertificate> certificates, card::CardKind kind = card::CardKind::Hicos) {
  Snapshot snapshot;
  snapshot.kind = kind;
  snapshot.certificates = std::move(certificates);
  return snapshot;
}

std::string chosen(const Snapshot& snapshot, KeyUse use, const char* now = today) {
  const auto* found = key_for(snapshot, use, now);
  return found == nullptr ? "none" : found->on_card.id;
}

std::string names_of(const Snapshot& snapshot) {
  std::string names;
  for (const auto& each : snapshot.certificates) names += each.on_card.id + "=" + each.on_card.label + " ";
  return names;
}

// What the service makes of a card of the cases, at a fixed time.
Snapshot snapshot_of(const char* name) {
  simulator::InProcessReaders readers({reader_a});
  readers.insert(reader_a, simulator::card_from_json(field_case(name)));
  const auto channel = readers.open(reader_a);
  reader::Transaction transaction(*channel);
  const card::CardRegistry registry{card::CardProfiles{}};
  const auto card = registry.recognise(transaction);
  auto snapshot = read_snapshot(transaction, *card, CertificateStore(std::filesystem::path()));
  for (auto& each : snapshot.certificates) {
    // As the card says them, whatever the time is when this test runs.
    const auto dash = each.on_card.id.find('-');
    each.on_card.id = each.on_card.id.substr(0, dash);
    each.on_card.label = each.on_card.label.substr(0, each.on_card.label.find('-'));
  }
  make_names_unique(snapshot, today);
  return snapshot;
}

} // namespace

BOOST_AUTO_TEST_SUITE(key_choice)

BOOST_AUTO_TEST_CASE(each_use_wants_its_key_usage) {
  const auto snapshot =
      card_with({certificate("enc", {"keyEncipherment"}), certificate("data", {"dataEncipherment"}),
                 certificate("both", {"digitalSignature", "nonRepudiation"}), certificate("doc", {"nonRepudiation"}),
                 certificate("ca", {"keyCertSign"}), certificate("any", {})});
  const auto uses = [&](std::size_t at) {
    std::string text;
    for (const auto use : {KeyUse::Login, KeyUse::Signing, KeyUse::Decryption})
      text += is_for(snapshot.certificates[at], use) ? "x" : "-";
    return text;
  };
  BOOST_TEST(uses(0) == "--x");
  BOOST_TEST(uses(1) == "--x");
  BOOST_TEST(uses(2) == "xx-");
  BOOST_TEST(uses(3) == "-x-");
  BOOST_TEST(uses(4) == "---");
  BOOST_TEST(uses(5) == "xxx"); // without the extension: RFC 5280, 4.2.1.3
}

BOOST_AUTO_TEST_CASE(a_certificate_without_a_key_of_the_card_is_for_nothing) {
  auto without = certificate("a", {"digitalSignature"});
  without.on_card.key_reference.reset();
  auto authority = certificate("b", {"digitalSignature", "keyCertSign"});
  authority.info.authority = true;
  auto not_rsa = certificate("c", {"digitalSignature"});
  not_rsa.info.modulus.clear();
  BOOST_TEST(chosen(card_with({without, authority, not_rsa}), KeyUse::Login) == "none");
}

BOOST_AUTO_TEST_CASE(one_that_is_valid_now_comes_first_then_digital_signature_then_the_cards_order) {
  const auto ended = certificate("ended", {"digitalSignature"}, "2025-01-01T00:00:00Z");
  const auto document = certificate("document", {"nonRepudiation"});
  const auto first = certificate("first", {"digitalSignature"});
  const auto second = certificate("second", {"digitalSignature"});
  BOOST_TEST(chosen(card_with({ended, document, first, second}), KeyUse::Signing) == "first");
  BOOST_TEST(chosen(card_with({ended, document}), KeyUse::Signing) == "document");
  BOOST_TEST(chosen(card_with({ended, document}), KeyUse::Login) == "ended"); // the site says what it thinks of it
  BOOST_TEST(chosen(card_with({first, ended}), KeyUse::Login, "2019-12-31T23:59:59Z") == "first");
}

BOOST_AUTO_TEST_CASE(a_key_that_the_card_does_not_use_so_is_not_taken) {
  auto mute = certificate("mute", {"digitalSignature", "keyEncipherment"});
  mute.key = {.signs = false, .decrypts = false};
  auto snapshot = card_with({mute});
  BOOST_TEST(chosen(snapshot, KeyUse::Signing) == "none");
  BOOST_TEST(chosen(snapshot, KeyUse::Decryption) == "none");
  snapshot.vendor_library = "a library"; // which takes the padding off by itself
  BOOST_TEST(chosen(snapshot, KeyUse::Decryption) == "mute");
}

BOOST_AUTO_TEST_CASE(a_named_key_is_taken_or_none) {
  const auto snapshot = card_with({certificate("a", {"digitalSignature"}), certificate("b", {"nonRepudiation"})});
  BOOST_TEST(key_for(snapshot, KeyUse::Signing, today, "b")->on_card.id == "b");
  BOOST_TEST(key_for(snapshot, KeyUse::Login, today, "b") == nullptr);
  BOOST_TEST(key_for(snapshot, KeyUse::Signing, today, "c") == nullptr);
}

BOOST_AUTO_TEST_CASE(names_are_unique_whatever_the_card_says) {
  auto same = card_with({certificate("SIGN", {}), certificate("SIGN", {}), certificate("SIGN-2", {}),
                         certificate("", {}), certificate("SIGN", {})});
  make_names_unique(same, today);
  BOOST_TEST(names_of(same) == "SIGN=SIGN SIGN-2=SIGN-2 SIGN-2-2=SIGN-2-2 00= SIGN-3=SIGN-3 ");
  auto of_iso_7816 = card_with({certificate("45", {}), certificate("45", {}), certificate("4502", {}),
                                certificate("", {}), certificate("00", {})},
                               card::CardKind::Pkcs15);
  make_names_unique(of_iso_7816, today);
  std::set<std::string> ids;
  for (const auto& each : of_iso_7816.certificates) {
    ids.insert(each.on_card.id);
    BOOST_TEST(from_hex(each.on_card.id).has_value()); // the identifier of PKCS#11 stays octets
  }
  BOOST_TEST(ids.size() == 5U);
  BOOST_TEST(of_iso_7816.certificates[0].on_card.id == "45");
}

BOOST_AUTO_TEST_CASE(the_valid_one_keeps_its_name) {
  const auto snapshot = snapshot_of("citizen_expired_certificate_first");
  BOOST_TEST(names_of(snapshot) == "ROOTCACert=rootCert CACert=caCert KEYX=cert2 SIGN-2=cert1-2 SIGN=cert1 ");
  const auto& valid = snapshot.certificates.back();
  BOOST_TEST(valid.info.serial_number == "5101");
  for (const auto use : {KeyUse::Login, KeyUse::Signing}) BOOST_TEST(key_for(snapshot, use, today) == &valid);
}

BOOST_AUTO_TEST_CASE(non_repudiation_signs_documents_and_does_not_log_in) {
  const auto snapshot = snapshot_of("citizen_nonrepudiation_only");
  BOOST_TEST(chosen(snapshot, KeyUse::Signing) == "SIGN");
  BOOST_TEST(chosen(snapshot, KeyUse::Login) == "none");
}

BOOST_AUTO_TEST_CASE(the_issuer_is_the_one_whose_key_made_the_signature) {
  const auto snapshot = snapshot_of("citizen_two_issuers_of_one_name");
  const auto form = token_form(snapshot);
  const auto& certificates = form.at("certificates").as_array();
  std::string issuer;
  for (const auto& each : snapshot.certificates)
    if (each.info.serial_number == "32") issuer = each.on_card.id; // of the two (32, 33) the one that signed
  BOOST_TEST(issuer == "CACert02");
  const auto key_hash_of = [&](const std::string& id) {
    for (const auto& each : certificates)
      if (each.at("id").as_string() == id) return each.at("key_hash").as_string();
    throw std::logic_error("no such certificate");
  };
  for (const auto& each : certificates)
    if (each.at("has_key").as_bool()) BOOST_TEST(each.at("issuer_key_hash").as_string() == key_hash_of(issuer));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(key_choice_by_all_ways, ServiceFixture)

// A page, the listing and the old interfaces take the same certificate, and PKCS#11 finds it under its usual name.
BOOST_AUTO_TEST_CASE(of_an_ended_and_a_valid_certificate_all_take_the_valid_one) {
  insert(reader_a, simulator::card_from_json(citizen_card_file(
                       {simulator::Habit::EndedCertificateFirst, simulator::Habit::ThreeCertificates})));
  std::string expected;
  const auto certificates = call("certificates").result;
  for (const auto& each : certificates.at("certificates").as_array())
    if (each.at("default_for") == (json::array{"login", "sign"})) expected = each.at("der").as_string();
  BOOST_TEST_REQUIRE(!expected.empty());
  const auto login = call("authenticate", {{"origin", site}, {"nonce", nonce}}).result;
  BOOST_TEST(login.at("certificate").as_string() == expected);
  const auto signature = call("legacy.sign", {{"origin", site}, {"hash_function", "SHA-256"}}, SecureBytes(32)).result;
  BOOST_TEST(signature.at("certificate").as_string() == expected);
  const auto listed = call("token.list").result;
  for (const auto& each : listed.at("readers").as_array().at(0).at("certificates").as_array())
    if (each.at("id").as_string() == "SIGN") BOOST_TEST(each.at("der").as_string() == expected);
}

BOOST_AUTO_TEST_CASE(a_card_for_documents_alone_signs_and_does_not_log_in) {
  insert(reader_a, simulator::card_from_json(citizen_card_file({simulator::Habit::NonRepudiation})));
  CHECK_ERROR(call("authenticate", {{"origin", site}, {"nonce", nonce}}), Errc::UnsupportedCard);
  BOOST_TEST(call("legacy.sign", {{"origin", site}, {"hash_function", "SHA-256"}}, SecureBytes(32)).blob.size() ==
             256U);
  std::string der;
  const auto certificates = call("certificates").result;
  for (const auto& each : certificates.at("certificates").as_array())
    if (each.at("uses") == json::array{"sign"}) der = each.at("der").as_string();
  BOOST_TEST(call("sign", {{"certificate", der}, {"hash_function", "SHA-256"}}, SecureBytes(32)).blob.size() == 256U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
