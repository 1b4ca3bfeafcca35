#include "portal/verification/token_verification.hpp"

#include "tests/portal/verification/refusal_check.hpp"
#include "tests/portal/verification/test_authority.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace twcard::portal::test {

namespace {

namespace json = boost::json;

constexpr std::string_view origin = "https://page.test:8443";
constexpr std::string_view nonce = "dGhpcnR5LXR3byBvY3RldHMgb2Ygb25lIG5vbmNlISE=";

struct Fixture {
  TestAuthority authority;
  TemporaryFolder folder;
  TrustStore trust{authority.write_to(folder)};
  KeyPair key = rsa_key();
  Certificate certificate = authority.issue({}, key);
  LoginExpectation expectation{origin, nonce, "A123456789", std::chrono::system_clock::now()};

  [[nodiscard]] json::object good_token() const { return token_of(certificate, sign_login(key, origin, nonce)); }
  CardHolder verify(const json::value& token) { return verify_login(parse_login_token(token), expectation, trust); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(token_verification, Fixture)

BOOST_AUTO_TEST_CASE(a_good_token_tells_the_holder) {
  const auto holder = verify(good_token());
  BOOST_TEST(holder.name == "王小明");
  BOOST_TEST(holder.serial_number == "0000111122223333");
}

BOOST_AUTO_TEST_CASE(holders_under_a_simulated_root_are_marked_and_others_are_not) {
  BOOST_TEST(verify(good_token()).simulated);
  const TestAuthority real("a government");
  const TemporaryFolder other_folder;
  trust = TrustStore(real.write_to(other_folder));
  certificate = real.issue({}, key);
  BOOST_TEST(!verify(good_token()).simulated);
}

BOOST_AUTO_TEST_CASE(a_signature_for_another_origin_or_nonce_or_by_another_key_is_refused) {
  const auto refused = [&](const KeyPair& signer, std::string_view signed_origin, std::string_view signed_nonce) {
    const auto token = token_of(certificate, sign_login(signer, signed_origin, signed_nonce));
    check_refused(Reason::SignatureInvalid, [&] { verify(token); });
  };
  refused(key, "https://evil.test:8443", nonce);
  refused(key, "https://page.test", nonce);
  refused(key, origin, "bm9uY2U=");
  refused(key, nonce, origin);
  refused(rsa_key(), origin, nonce);
}

BOOST_AUTO_TEST_CASE(a_signature_with_any_octet_changed_is_refused) {
  const auto signature = sign_login(key, origin, nonce);
  for (std::size_t i = 0; i < signature.size(); i += 17) {
    auto changed = signature;
    changed[i] ^= 1;
    check_refused(Reason::SignatureInvalid, [&] { verify(token_of(certificate, changed)); });
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_for_signatures_is_refused) {
  certificate = authority.issue({.key_usage = "critical,keyEncipherment"}, key);
  check_refused(Reason::CertificateUsage, [&] { verify(good_token()); });
}

BOOST_AUTO_TEST_CASE(an_untrusted_an_expired_and_a_revoked_certificate_are_refused) {
  const TestAuthority impostor;
  certificate = impostor.issue({}, key);
  check_refused(Reason::CertificateUntrusted, [&] { verify(good_token()); });
  certificate = authority.issue({.starts = -7200, .ends = -60}, key);
  check_refused(Reason::CertificateExpired, [&] { verify(good_token()); });
  trust = TrustStore(authority.write_to(folder, {.revoked = 7}));
  certificate = authority.issue({.serial = 7}, key);
  check_refused(Reason::CertificateRevoked, [&] { verify(good_token()); });
}

BOOST_AUTO_TEST_CASE(dates_are_judged_at_the_time_of_the_login) {
  expectation.now += std::chrono::days(3);
  BOOST_CHECK_NO_THROW(verify(good_token()));
  certificate = authority.issue({.ends = 86400}, key);
  check_refused(Reason::CertificateExpired, [&] { verify(good_token()); });
}

BOOST_AUTO_TEST_CASE(an_id_number_with_another_ending_is_refused) {
  expectation.id_number = "A123456788";
  check_refused(Reason::IdMismatch, [&] { verify(good_token()); });
  expectation.id_number = "F131232216";
  check_refused(Reason::IdMismatch, [&] { verify(good_token()); });
}

BOOST_AUTO_TEST_CASE(a_citizens_certificate_needs_four_characters_of_an_id_number) {
  certificate = authority.issue({.id_number_ending = std::nullopt}, key);
  check_refused(Reason::CertificateProfile, [&] { verify(good_token()); });
  // Shorter endings would fit more people.
  for (const auto* ending : {"", "9", "789", "56789"}) {
    certificate = authority.issue({.id_number_ending = ending}, key);
    check_refused(Reason::CertificateProfile, [&] { verify(good_token()); });
  }
}

// The serial number is what a site knows people by: without one, all of these would be one person.
BOOST_AUTO_TEST_CASE(a_citizens_certificate_needs_a_serial_number_of_its_subject) {
  certificate = authority.issue({.serial_number = {}}, key);
  check_refused(Reason::CertificateProfile, [&] { verify(good_token()); });
}

BOOST_AUTO_TEST_CASE(a_token_in_text_is_json_of_bounded_size) {
  auto text = json::serialize(good_token());
  BOOST_CHECK_NO_THROW(static_cast<void>(verify_login(parse_login_token_text(text), expectation, trust)));
  check_refused(Reason::TokenMalformed, [&] { (void)parse_login_token_text(text.substr(0, text.size() - 1)); });
  check_refused(Reason::TokenMalformed, [&] { (void)parse_login_token_text(text + std::string(32768, ' ')); });
  check_refused(Reason::TokenMalformed, [] { (void)parse_login_token_text(std::string(20000, '[')); });
}

BOOST_AUTO_TEST_CASE(only_the_known_format_and_algorithm_are_taken) {
  for (const auto* format : {"web-eid:1", "web-eid:1.1", "web-eid:2.0", "", "WEB-EID:1.0"}) {
    auto token = good_token();
    token["format"] = format;
    check_refused(Reason::TokenFormat, [&] { verify(token); });
  }
  for (const auto* algorithm : {"RS384", "PS256", "ES256", "HS256", "none", ""}) {
    auto token = good_token();
    token["algorithm"] = algorithm;
    check_refused(Reason::TokenAlgorithm, [&] { verify(token); });
  }
}

BOOST_AUTO_TEST_CASE(members_that_are_missing_or_no_text_are_malformed) {
  for (const auto* member : {"unverifiedCertificate", "algorithm", "signature", "format"}) {
    auto token = good_token();
    token.erase(member);
    check_refused(Reason::TokenMalformed, [&] { verify(token); });
    for (const auto* value : {"null", "7", "true", "[]", "{}"}) {
      token[member] = json::parse(value);
      check_refused(Reason::TokenMalformed, [&] { verify(token); });
    }
  }
  for (const auto* token : {"null", "[]", "\"web-eid:1.0\"", "1", "{}"}) {
    check_refused(Reason::TokenMalformed, [&] { verify(json::parse(token)); });
  }
}

BOOST_AUTO_TEST_CASE(base64_is_strict_and_bounded) {
  const auto refused = [&](const char* member, std::string value, Reason reason) {
    auto token = good_token();
    token[member] = value;
    check_refused(reason, [&] { verify(token); });
  };
  const std::string signature(good_token()["signature"].as_string());
  refused("signature", signature.substr(1), Reason::TokenMalformed);
  refused("signature", signature + "\n", Reason::TokenMalformed);
  refused("signature", "!" + signature.substr(1), Reason::TokenMalformed);
  refused("signature", "", Reason::TokenMalformed);
  refused("signature", to_base64(Bytes(255)), Reason::TokenMalformed);
  refused("signature", to_base64(Bytes(1025)), Reason::TokenMalformed);
  refused("unverifiedCertificate", "not base64", Reason::TokenMalformed);
  refused("unverifiedCertificate", std::string(16 * 1024 + 4, 'A'), Reason::TokenMalformed);
  refused("unverifiedCertificate", to_base64(Bytes(2000, 0x30)), Reason::CertificateMalformed);
}

BOOST_AUTO_TEST_CASE(members_of_later_versions_are_ignored) {
  auto token = good_token();
  token["unverifiedSigningCertificates"] = json::array{};
  token.erase("appVersion");
  BOOST_CHECK_NO_THROW(verify(token));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
