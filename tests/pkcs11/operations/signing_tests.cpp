#include "tests/pkcs11/module_fixture.hpp"
#include "tests/pkcs11/operations/openssl_side.hpp"

#include <openssl/rsa.h>

namespace twcard::tests {

namespace {

struct HashRow {
  const char* name;
  CK_MECHANISM_TYPE digest;
  CK_RSA_PKCS_MGF_TYPE mgf;
  CK_MECHANISM_TYPE pkcs1;
  CK_MECHANISM_TYPE pss;
};
constexpr HashRow hashes[] = {
    {"SHA1", CKM_SHA_1, CKG_MGF1_SHA1, CKM_SHA1_RSA_PKCS, CKM_SHA1_RSA_PKCS_PSS},
    {"SHA224", CKM_SHA224, CKG_MGF1_SHA224, CKM_SHA224_RSA_PKCS, CKM_SHA224_RSA_PKCS_PSS},
    {"SHA256", CKM_SHA256, CKG_MGF1_SHA256, CKM_SHA256_RSA_PKCS, CKM_SHA256_RSA_PKCS_PSS},
    {"SHA384", CKM_SHA384, CKG_MGF1_SHA384, CKM_SHA384_RSA_PKCS, CKM_SHA384_RSA_PKCS_PSS},
    {"SHA512", CKM_SHA512, CKG_MGF1_SHA512, CKM_SHA512_RSA_PKCS, CKM_SHA512_RSA_PKCS_PSS},
    {"SHA3-224", CKM_SHA3_224, CKG_MGF1_SHA3_224, CKM_SHA3_224_RSA_PKCS, CKM_SHA3_224_RSA_PKCS_PSS},
    {"SHA3-256", CKM_SHA3_256, CKG_MGF1_SHA3_256, CKM_SHA3_256_RSA_PKCS, CKM_SHA3_256_RSA_PKCS_PSS},
    {"SHA3-384", CKM_SHA3_384, CKG_MGF1_SHA3_384, CKM_SHA3_384_RSA_PKCS, CKM_SHA3_384_RSA_PKCS_PSS},
    {"SHA3-512", CKM_SHA3_512, CKG_MGF1_SHA3_512, CKM_SHA3_512_RSA_PKCS, CKM_SHA3_512_RSA_PKCS_PSS},
};

struct SigningFixture : ModuleFixture {
  CK_SESSION_HANDLE session = open_logged_in();
  CK_OBJECT_HANDLE private_handle = private_key(session);
  CK_OBJECT_HANDLE public_handle = public_key(session);
  Key key = FakeService::card().key("SIGN");
  Bytes data = to_bytes(as_bytes("what is signed, in two parts"));

  [[nodiscard]] Bytes sign(CK_MECHANISM mechanism, Bytes of) {
    Bytes signature(256);
    CK_ULONG size = signature.size();
    BOOST_REQUIRE_EQUAL(p11->C_SignInit(session, &mechanism, private_handle), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_Sign(session, of.data(), of.size(), signature.data(), &size), CKR_OK);
    BOOST_REQUIRE_EQUAL(size, 256U);
    return signature;
  }
  [[nodiscard]] Bytes sign_in_parts(CK_MECHANISM mechanism, Bytes of) {
    Bytes signature(256);
    CK_ULONG size = signature.size();
    BOOST_REQUIRE_EQUAL(p11->C_SignInit(session, &mechanism, private_handle), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_SignUpdate(session, of.data(), 5), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_SignUpdate(session, of.data() + 5, of.size() - 5), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_SignFinal(session, nullptr, &size), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_SignFinal(session, signature.data(), &size), CKR_OK);
    return signature;
  }
  [[nodiscard]] CK_RV verify(CK_MECHANISM mechanism, Bytes of, Bytes signature) {
    BOOST_REQUIRE_EQUAL(p11->C_VerifyInit(session, &mechanism, public_handle), CKR_OK);
    return p11->C_Verify(session, of.data(), of.size(), signature.data(), signature.size());
  }
  [[nodiscard]] CK_RV verify_in_parts(CK_MECHANISM mechanism, Bytes of, Bytes signature) {
    BOOST_REQUIRE_EQUAL(p11->C_VerifyInit(session, &mechanism, public_handle), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_VerifyUpdate(session, of.data(), 3), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_VerifyUpdate(session, of.data() + 3, of.size() - 3), CKR_OK);
    return p11->C_VerifyFinal(session, signature.data(), signature.size());
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signing, SigningFixture)

BOOST_AUTO_TEST_CASE(pkcs1_signatures_over_every_hash_are_good_for_openssl_and_back) {
  for (const auto& hash : hashes) {
    BOOST_TEST_CONTEXT(hash.name) {
      const RsaScheme scheme{RSA_PKCS1_PADDING, hash.name, nullptr, 0, {}};
      const auto digest = openssl_digest(hash.name, data);
      const CK_MECHANISM mechanism{hash.pkcs1, nullptr, 0};
      BOOST_TEST(openssl_verifies(key, scheme, digest, sign(mechanism, data)));
      BOOST_TEST(openssl_verifies(key, scheme, digest, sign_in_parts(mechanism, data)));
      const auto theirs = openssl_signature(key, scheme, digest);
      BOOST_TEST(verify(mechanism, data, theirs) == CKR_OK);
      BOOST_TEST(verify_in_parts(mechanism, data, theirs) == CKR_OK);
      BOOST_TEST(verify(mechanism, Bytes{1, 2, 3}, theirs) == CKR_SIGNATURE_INVALID);
    }
  }
}

BOOST_AUTO_TEST_CASE(pss_signatures_over_every_hash_are_good_for_openssl_and_back) {
  for (const auto& hash : hashes) {
    const auto digest = openssl_digest(hash.name, data);
    for (const std::size_t salt_size : {std::size_t{0}, digest.size(), 256 - digest.size() - 2}) {
      BOOST_TEST_CONTEXT(hash.name << ", salt of " << salt_size) {
        const RsaScheme scheme{RSA_PKCS1_PSS_PADDING, hash.name, hash.name, static_cast<int>(salt_size), {}};
        CK_RSA_PKCS_PSS_PARAMS parameters{hash.digest, hash.mgf, salt_size};
        const CK_MECHANISM mechanism{hash.pss, &parameters, sizeof parameters};
        const CK_MECHANISM of_digest{CKM_RSA_PKCS_PSS, &parameters, sizeof parameters};
        BOOST_TEST(openssl_verifies(key, scheme, digest, sign(mechanism, data)));
        BOOST_TEST(openssl_verifies(key, scheme, digest, sign(of_digest, digest)));
        const auto theirs = openssl_signature(key, scheme, digest);
        BOOST_TEST(verify(mechanism, data, theirs) == CKR_OK);
        BOOST_TEST(verify(of_digest, digest, theirs) == CKR_OK);
        BOOST_TEST(verify(mechanism, Bytes{1, 2, 3}, theirs) == CKR_SIGNATURE_INVALID);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(pss_may_mask_with_another_hash) {
  const auto digest = openssl_digest("SHA256", data);
  CK_RSA_PKCS_PSS_PARAMS parameters{CKM_SHA256, CKG_MGF1_SHA1, 20};
  const CK_MECHANISM mechanism{CKM_SHA256_RSA_PKCS_PSS, &parameters, sizeof parameters};
  BOOST_TEST(openssl_verifies(key, {RSA_PKCS1_PSS_PADDING, "SHA256", "SHA1", 20, {}}, digest, sign(mechanism, data)));
}

BOOST_AUTO_TEST_CASE(a_ready_digest_info_is_signed_as_it_is) {
  const CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  const RsaScheme scheme{RSA_PKCS1_PADDING, nullptr, nullptr, 0, {}};
  BOOST_TEST(openssl_verifies(key, scheme, data, sign(mechanism, data)));
  BOOST_TEST(openssl_verifies(key, scheme, data, sign_in_parts(mechanism, data)));
  BOOST_TEST(verify(mechanism, data, openssl_signature(key, scheme, data)) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(raw_rsa_signs_a_number_below_the_modulus) {
  const CK_MECHANISM mechanism{CKM_RSA_X_509, nullptr, 0};
  const auto signature = sign(mechanism, data);
  auto block = FakeService::card().public_operation("SIGN", signature);
  Bytes expected(256 - data.size());
  expected.insert(expected.end(), data.begin(), data.end());
  BOOST_TEST(to_bytes(block.view()) == expected);
  BOOST_TEST(verify(mechanism, data, signature) == CKR_OK);
  Bytes too_large(256, 0xFF);
  CK_MECHANISM raw = mechanism;
  Bytes room(256);
  CK_ULONG size = room.size();
  BOOST_TEST(p11->C_SignInit(session, &raw, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, too_large.data(), 256, room.data(), &size) == CKR_DATA_INVALID);
}

BOOST_AUTO_TEST_CASE(what_was_signed_can_be_recovered) {
  for (const auto type : {CKM_RSA_PKCS, CKM_RSA_X_509}) {
    CK_MECHANISM mechanism{type, nullptr, 0};
    Bytes signature(256);
    CK_ULONG size = signature.size();
    BOOST_TEST(p11->C_SignRecoverInit(session, &mechanism, private_handle) == CKR_OK);
    BOOST_TEST(p11->C_SignRecover(session, data.data(), data.size(), signature.data(), &size) == CKR_OK);
    Bytes recovered(256);
    CK_ULONG recovered_size = 3;
    BOOST_TEST(p11->C_VerifyRecoverInit(session, &mechanism, public_handle) == CKR_OK);
    BOOST_TEST(p11->C_VerifyRecover(session, signature.data(), size, recovered.data(), &recovered_size) ==
               CKR_BUFFER_TOO_SMALL);
    BOOST_TEST(p11->C_VerifyRecover(session, signature.data(), size, recovered.data(), &recovered_size) == CKR_OK);
    recovered.resize(recovered_size);
    BOOST_TEST(recovered.size() == (type == CKM_RSA_PKCS ? data.size() : 256U));
    BOOST_TEST(Bytes(recovered.end() - static_cast<std::ptrdiff_t>(data.size()), recovered.end()) == data);
  }
}

BOOST_AUTO_TEST_CASE(asking_for_the_size_and_a_small_buffer_leave_the_operation_active) {
  CK_MECHANISM mechanism{CKM_SHA256_RSA_PKCS, nullptr, 0};
  Bytes signature(256);
  CK_ULONG size = 0;
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_OPERATION_ACTIVE);
  BOOST_TEST(p11->C_Sign(session, data.data(), data.size(), nullptr, &size) == CKR_OK);
  BOOST_TEST(size == 256U);
  size = 255;
  BOOST_TEST(p11->C_Sign(session, data.data(), data.size(), signature.data(), &size) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(size == 256U);
  BOOST_TEST(service.calls("token.sign") == 0);
  BOOST_TEST(p11->C_Sign(session, data.data(), data.size(), signature.data(), &size) == CKR_OK);
  BOOST_TEST(service.calls("token.sign") == 1);
  BOOST_TEST(p11->C_Sign(session, data.data(), data.size(), signature.data(), &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(
      openssl_verifies(key, {RSA_PKCS1_PADDING, "SHA256", nullptr, 0, {}}, openssl_digest("SHA256", data), signature));
}

BOOST_AUTO_TEST_CASE(a_failure_ends_the_operation) {
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  Bytes large(246);
  Bytes signature(256);
  CK_ULONG size = signature.size();
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, large.data(), large.size(), signature.data(), &size) == CKR_DATA_LEN_RANGE);
  BOOST_TEST(p11->C_Sign(session, large.data(), 1, signature.data(), &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_SignUpdate(session, large.data(), 5) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, large.data(), 1, signature.data(), &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_SignFinal(session, signature.data(), &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_VerifyInit(session, &mechanism, public_handle) == CKR_OK);
  BOOST_TEST(p11->C_Verify(session, large.data(), 1, signature.data(), 255) == CKR_SIGNATURE_LEN_RANGE);
  BOOST_TEST(p11->C_Verify(session, large.data(), 1, signature.data(), 256) == CKR_OPERATION_NOT_INITIALIZED);
  Bytes above_modulus(256, 0xFF);
  BOOST_TEST(verify(mechanism, data, above_modulus) == CKR_SIGNATURE_INVALID);
}

BOOST_AUTO_TEST_CASE(an_operation_can_be_cancelled) {
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  CK_ULONG size = 0;
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_SignInit(session, nullptr, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_SignFinal(session, nullptr, &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_VerifyInit(session, &mechanism, public_handle) == CKR_OK);
  BOOST_TEST(p11->C_SessionCancel(session, CKF_SIGN) == CKR_OK);
  BOOST_TEST(p11->C_SignFinal(session, nullptr, &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_VerifyInit(session, &mechanism, public_handle) == CKR_OPERATION_ACTIVE);
}

BOOST_AUTO_TEST_CASE(the_state_of_an_operation_cannot_be_saved) {
  CK_ULONG size = 0;
  CK_BYTE state = 0;
  BOOST_TEST(p11->C_GetOperationState(session, nullptr, &size) == CKR_OPERATION_NOT_INITIALIZED);
  CK_MECHANISM mechanism{CKM_SHA256, nullptr, 0};
  BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
  BOOST_TEST(p11->C_GetOperationState(session, nullptr, &size) == CKR_STATE_UNSAVEABLE);
  BOOST_TEST(p11->C_SetOperationState(session, &state, 1, 0, 0) == CKR_SAVED_STATE_INVALID);
  BOOST_TEST(p11->C_DigestFinal(session, nullptr, &size) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(keys_do_what_they_are_for) {
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session, "KEYX")) == CKR_KEY_FUNCTION_NOT_PERMITTED);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, public_handle) == CKR_KEY_FUNCTION_NOT_PERMITTED);
  BOOST_TEST(p11->C_DecryptInit(session, &mechanism, private_handle) == CKR_KEY_FUNCTION_NOT_PERMITTED);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, object(session, CKO_CERTIFICATE, "SIGN")) == CKR_KEY_HANDLE_INVALID);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, 0) == CKR_KEY_HANDLE_INVALID);
  BOOST_TEST(p11->C_Logout(session) == CKR_OK);
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_handle) == CKR_USER_NOT_LOGGED_IN);
}

BOOST_AUTO_TEST_CASE(mechanisms_and_parameters_that_do_not_fit_are_refused) {
  CK_RSA_PKCS_PSS_PARAMS parameters{CKM_SHA256, CKG_MGF1_SHA256, 32};
  const auto init = [&](CK_MECHANISM_TYPE type, void* parameter, CK_ULONG size) {
    CK_MECHANISM mechanism{type, parameter, size};
    return p11->C_SignInit(session, &mechanism, private_handle);
  };
  BOOST_TEST(init(CKM_SHA256, nullptr, 0) == CKR_MECHANISM_INVALID);
  BOOST_TEST(init(CKM_RSA_PKCS_OAEP, nullptr, 0) == CKR_MECHANISM_INVALID);
  BOOST_TEST(init(0x1041, nullptr, 0) == CKR_MECHANISM_INVALID);
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, nullptr, 0) == CKR_MECHANISM_PARAM_INVALID);
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, &parameters, sizeof parameters - 1) == CKR_MECHANISM_PARAM_INVALID);
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, nullptr, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
  BOOST_TEST(init(CKM_SHA384_RSA_PKCS_PSS, &parameters, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
  BOOST_TEST(init(CKM_RSA_PKCS, &parameters, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
  parameters.sLen = 256 - 32 - 1;
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, &parameters, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
  parameters.sLen = ~CK_ULONG{0};
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, &parameters, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
  parameters = {CKM_RSA_PKCS, CKG_MGF1_SHA256, 32};
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, &parameters, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
  parameters = {CKM_SHA256, 77, 32};
  BOOST_TEST(init(CKM_RSA_PKCS_PSS, &parameters, sizeof parameters) == CKR_MECHANISM_PARAM_INVALID);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(digests, ModuleFixture)

BOOST_AUTO_TEST_CASE(every_digest_is_openssls_in_one_part_and_in_several) {
  const auto session = open();
  Bytes data(1000, 0x61);
  for (const auto& hash : hashes) {
    const auto expected = openssl_digest(hash.name, data);
    CK_MECHANISM mechanism{hash.digest, nullptr, 0};
    Bytes digest(64);
    CK_ULONG size = digest.size();
    BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
    BOOST_TEST(p11->C_Digest(session, data.data(), data.size(), digest.data(), &size) == CKR_OK);
    BOOST_TEST(Bytes(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(size)) == expected);
    BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
    for (std::size_t i = 0; i < data.size(); i += 100)
      BOOST_TEST(p11->C_DigestUpdate(session, data.data() + i, 100) == CKR_OK);
    size = expected.size() - 1;
    BOOST_TEST(p11->C_DigestFinal(session, digest.data(), &size) == CKR_BUFFER_TOO_SMALL);
    BOOST_TEST(size == expected.size());
    BOOST_TEST(p11->C_DigestFinal(session, digest.data(), &size) == CKR_OK);
    BOOST_TEST(Bytes(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(size)) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_failed_digest_is_over) {
  const auto session = open();
  CK_MECHANISM mechanism{CKM_SHA256, nullptr, 0};
  CK_BYTE data = 0;
  CK_BYTE digest[32];
  CK_ULONG size = sizeof digest;
  BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
  BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OPERATION_ACTIVE);
  BOOST_TEST(p11->C_Digest(session, nullptr, 5, digest, &size) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_Digest(session, &data, 1, digest, &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
  BOOST_TEST(p11->C_DigestUpdate(session, nullptr, 5) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_DigestFinal(session, digest, &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
  BOOST_TEST(p11->C_DigestKey(session, public_key(session)) == CKR_KEY_INDIGESTIBLE);
  BOOST_TEST(p11->C_DigestFinal(session, digest, &size) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(p11->C_DigestInit(session, &mechanism) == CKR_OK);
  BOOST_TEST(p11->C_Digest(session, nullptr, 0, digest, &size) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(random_octets_differ_and_the_generator_takes_no_seed) {
  const auto session = open();
  Bytes one(200);
  Bytes other(200);
  BOOST_TEST(p11->C_GenerateRandom(session, one.data(), one.size()) == CKR_OK);
  BOOST_TEST(p11->C_GenerateRandom(session, other.data(), other.size()) == CKR_OK);
  BOOST_TEST(one != other);
  BOOST_TEST(Bytes(one.end() - 8, one.end()) != Bytes(8));
  BOOST_TEST(service.calls("token.random") == 2);
  BOOST_TEST(p11->C_GenerateRandom(session, nullptr, 0) == CKR_OK);
  BOOST_TEST(p11->C_SeedRandom(session, one.data(), one.size()) == CKR_RANDOM_SEED_NOT_SUPPORTED);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
