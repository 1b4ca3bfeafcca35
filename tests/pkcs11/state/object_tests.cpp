#include "tests/pkcs11/module_fixture.hpp"

#include <openssl/sha.h>
#include <set>

namespace twcard::tests {

BOOST_FIXTURE_TEST_SUITE(objects, ModuleFixture)

BOOST_AUTO_TEST_CASE(public_objects_are_seen_without_login_and_private_keys_with_it) {
  const auto session = open();
  BOOST_TEST(find(session, {}).size() == 5U); // three certificates, two public keys
  CK_OBJECT_CLASS private_class = CKO_PRIVATE_KEY;
  BOOST_TEST(find(session, {{CKA_CLASS, &private_class, sizeof private_class}}).empty());
  BOOST_TEST(log_in(session) == CKR_OK);
  const auto keys = find(session, {{CKA_CLASS, &private_class, sizeof private_class}});
  BOOST_TEST(keys.size() == 2U);
  BOOST_TEST(p11->C_Logout(session) == CKR_OK);
  CK_ULONG size = 0;
  BOOST_TEST(p11->C_GetObjectSize(session, keys[0], &size) == CKR_OBJECT_HANDLE_INVALID);
}

BOOST_AUTO_TEST_CASE(a_certificate_has_all_that_the_standard_gives_it) {
  const auto session = open();
  const auto certificate = object(session, CKO_CERTIFICATE, "SIGN");
  const auto der = FakeService::card().certificate("SIGN");
  BOOST_TEST(attribute(session, certificate, CKA_VALUE) == der);
  BOOST_TEST(as_text(attribute(session, certificate, CKA_LABEL)) == "cert1");
  BOOST_TEST(attribute(session, certificate, CKA_TRUSTED) == Bytes{CK_FALSE});
  BOOST_TEST(attribute(session, certificate, CKA_CERTIFICATE_CATEGORY)[0] == CK_CERTIFICATE_CATEGORY_TOKEN_USER);
  BOOST_TEST(as_text(attribute(session, certificate, CKA_START_DATE)) == "20240203");
  BOOST_TEST(as_text(attribute(session, certificate, CKA_END_DATE)) == "20340506");
  Bytes hash(SHA_DIGEST_LENGTH);
  SHA1(der.data(), der.size(), hash.data());
  BOOST_TEST(attribute(session, certificate, CKA_CHECK_VALUE) == Bytes(hash.begin(), hash.begin() + 3));
  BOOST_TEST(attribute(session, certificate, CKA_HASH_OF_SUBJECT_PUBLIC_KEY).size() == 20U);
  BOOST_TEST(attribute(session, certificate, CKA_SERIAL_NUMBER) == (Bytes{0x02, 0x02, 0x12, 0x67}));
  BOOST_TEST(attribute(session, certificate, CKA_URL).empty());
  const auto authority = object(session, CKO_CERTIFICATE, "CACert");
  BOOST_TEST(attribute(session, authority, CKA_CERTIFICATE_CATEGORY)[0] == CK_CERTIFICATE_CATEGORY_AUTHORITY);
}

// The card of these tests lists them last.
BOOST_AUTO_TEST_CASE(the_signing_key_and_its_certificate_are_found_first) {
  const auto session = open_logged_in();
  for (CK_OBJECT_CLASS wanted : {CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY}) {
    const auto found = find(session, {{CKA_CLASS, &wanted, sizeof wanted}});
    BOOST_REQUIRE(found.size() > 1U);
    BOOST_TEST(as_text(attribute(session, found.front(), CKA_ID)) == "SIGN");
  }
}

BOOST_AUTO_TEST_CASE(keys_are_tied_to_their_certificate_and_tell_what_they_may_do) {
  const auto session = open_logged_in();
  for (const std::string id : {"SIGN", "KEYX"}) {
    const bool signs = id == "SIGN";
    const auto certificate = object(session, CKO_CERTIFICATE, id);
    const auto public_key = this->public_key(session, id);
    const auto private_key = this->private_key(session, id);
    for (const auto type : {CKA_ID, CKA_SUBJECT, CKA_PUBLIC_KEY_INFO}) {
      BOOST_TEST(attribute(session, public_key, type) == attribute(session, certificate, type));
      BOOST_TEST(attribute(session, private_key, type) == attribute(session, certificate, type));
    }
    BOOST_TEST(attribute(session, public_key, CKA_MODULUS).size() == 256U);
    BOOST_TEST(attribute(session, public_key, CKA_PUBLIC_EXPONENT) == (Bytes{1, 0, 1}));
    CK_ULONG bits = 0;
    CK_ATTRIBUTE wanted{CKA_MODULUS_BITS, &bits, sizeof bits};
    BOOST_TEST(p11->C_GetAttributeValue(session, public_key, &wanted, 1) == CKR_OK);
    BOOST_TEST(bits == 2048U);
    const auto flag = [&](CK_ATTRIBUTE_TYPE type) { return attribute(session, private_key, type)[0] == CK_TRUE; };
    BOOST_TEST(flag(CKA_SIGN) == signs);
    BOOST_TEST(flag(CKA_DECRYPT) == !signs);
    BOOST_TEST(flag(CKA_SENSITIVE));
    BOOST_TEST(!flag(CKA_EXTRACTABLE));
    BOOST_TEST(!flag(CKA_ALWAYS_AUTHENTICATE));
  }
}

BOOST_AUTO_TEST_CASE(every_object_has_an_identifier_of_its_own) {
  const auto session = open_logged_in();
  std::set<Bytes> identifiers;
  const auto found = find(session, {});
  for (const auto handle : found) identifiers.insert(attribute(session, handle, CKA_UNIQUE_ID));
  BOOST_TEST(identifiers.size() == found.size());
  BOOST_TEST(found.size() == 7U);
}

BOOST_AUTO_TEST_CASE(profile_and_mechanism_objects_are_found_by_their_class) {
  const auto session = open();
  CK_OBJECT_CLASS profile = CKO_PROFILE;
  const auto found = find(session, {{CKA_CLASS, &profile, sizeof profile}});
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(attribute(session, found[0], CKA_PROFILE_ID)[0] == CKP_PUBLIC_CERTIFICATES_TOKEN);
  CK_OBJECT_CLASS mechanism = CKO_MECHANISM;
  BOOST_TEST(find(session, {{CKA_CLASS, &mechanism, sizeof mechanism}}).size() == 31U);
  CK_BBOOL yes = CK_TRUE;
  BOOST_TEST(find(session, {{CKA_TOKEN, &yes, 1}}).size() == 5U);
}

BOOST_AUTO_TEST_CASE(a_template_matches_exactly) {
  const auto session = open();
  std::string label = "cert1";
  BOOST_TEST(find(session, {{CKA_LABEL, label.data(), 5}}).size() == 2U);
  BOOST_TEST(find(session, {{CKA_LABEL, label.data(), 4}}).empty());
  BOOST_TEST(find(session, {{CKA_LABEL, nullptr, 0}}).empty());
  BOOST_TEST(find(session, {{0x80000001, nullptr, 0}}).empty());
}

BOOST_AUTO_TEST_CASE(found_objects_come_in_portions_and_one_search_at_a_time) {
  const auto session = open();
  BOOST_TEST(p11->C_FindObjectsInit(session, nullptr, 0) == CKR_OK);
  BOOST_TEST(p11->C_FindObjectsInit(session, nullptr, 0) == CKR_OPERATION_ACTIVE);
  std::set<CK_OBJECT_HANDLE> seen;
  CK_OBJECT_HANDLE portion[2]{};
  CK_ULONG count = 0;
  do {
    BOOST_TEST(p11->C_FindObjects(session, portion, 2, &count) == CKR_OK);
    seen.insert(portion, portion + count);
  } while (count != 0);
  BOOST_TEST(seen.size() == 5U);
  BOOST_TEST(p11->C_FindObjectsFinal(session) == CKR_OK);
  BOOST_TEST(p11->C_FindObjectsFinal(session) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_FindObjects(session, portion, 2, &count) == CKR_OPERATION_NOT_INITIALIZED);
}

BOOST_AUTO_TEST_CASE(what_can_be_given_is_given_beside_what_cannot) {
  const auto session = open_logged_in();
  const auto key = private_key(session);
  std::array<CK_BYTE, 256> modulus{};
  std::array<CK_BYTE, 2> little{};
  CK_BYTE secret = 0x5A;
  CK_ATTRIBUTE wanted[] = {{CKA_PRIVATE_EXPONENT, &secret, 1},
                           {CKA_MODULUS, modulus.data(), modulus.size()},
                           {CKA_VALUE, nullptr, 0},
                           {CKA_ID, little.data(), little.size()},
                           {CKA_LABEL, nullptr, 0}};
  BOOST_TEST(p11->C_GetAttributeValue(session, key, wanted, 5) == CKR_ATTRIBUTE_SENSITIVE);
  BOOST_TEST(wanted[0].ulValueLen == CK_UNAVAILABLE_INFORMATION);
  BOOST_TEST(secret == 0x5A);
  BOOST_TEST(wanted[1].ulValueLen == 256U);
  BOOST_TEST(modulus[0] != 0);
  BOOST_TEST(wanted[2].ulValueLen == CK_UNAVAILABLE_INFORMATION);
  BOOST_TEST(wanted[3].ulValueLen == CK_UNAVAILABLE_INFORMATION);
  BOOST_TEST(wanted[4].ulValueLen == 5U);
  BOOST_TEST(p11->C_GetAttributeValue(session, key, wanted + 2, 1) == CKR_ATTRIBUTE_TYPE_INVALID);
  wanted[3] = {CKA_ID, little.data(), little.size()};
  BOOST_TEST(p11->C_GetAttributeValue(session, key, wanted + 3, 1) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(p11->C_GetAttributeValue(session, 9999, wanted, 1) == CKR_OBJECT_HANDLE_INVALID);
}

BOOST_AUTO_TEST_CASE(the_size_of_an_object_covers_its_value) {
  const auto session = open();
  CK_ULONG size = 0;
  const auto certificate = object(session, CKO_CERTIFICATE, "SIGN");
  BOOST_TEST(p11->C_GetObjectSize(session, certificate, &size) == CKR_OK);
  BOOST_TEST(size > FakeService::card().certificate("SIGN").size());
  BOOST_TEST(size != CK_UNAVAILABLE_INFORMATION);
  BOOST_TEST(p11->C_GetObjectSize(session, 0, &size) == CKR_OBJECT_HANDLE_INVALID);
}

BOOST_AUTO_TEST_CASE(handles_of_a_card_are_not_those_of_the_next) {
  auto session = open();
  const auto before = object(session, CKO_CERTIFICATE, "SIGN");
  service.insert(first_reader);
  session = open();
  CK_ULONG size = 0;
  BOOST_TEST(p11->C_GetObjectSize(session, before, &size) == CKR_OBJECT_HANDLE_INVALID);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
