#include "pkcs11/mechanisms/padding.hpp"
#include "tests/pkcs11/module_fixture.hpp"
#include "tests/pkcs11/operations/openssl_side.hpp"

#include <openssl/rsa.h>

namespace twcard::tests {

namespace {

struct CipheringFixture : ModuleFixture {
  CK_SESSION_HANDLE session = open_logged_in();
  CK_OBJECT_HANDLE private_handle = private_key(session, "KEYX");
  CK_OBJECT_HANDLE public_handle = public_key(session, "KEYX");
  Key key = FakeService::card().key("KEYX");
  Bytes secret = to_bytes(as_bytes("a session key"));

  [[nodiscard]] std::pair<CK_RV, Bytes> decrypt(CK_MECHANISM mechanism, Bytes encrypted) {
    Bytes data(256);
    CK_ULONG size = data.size();
    BOOST_REQUIRE_EQUAL(p11->C_DecryptInit(session, &mechanism, private_handle), CKR_OK);
    const auto result = p11->C_Decrypt(session, encrypted.data(), encrypted.size(), data.data(), &size);
    data.resize(result == CKR_OK ? size : 0);
    return {result, data};
  }
  [[nodiscard]] Bytes encrypt(CK_MECHANISM mechanism, Bytes data) {
    Bytes encrypted(256);
    CK_ULONG size = encrypted.size();
    BOOST_REQUIRE_EQUAL(p11->C_EncryptInit(session, &mechanism, public_handle), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_Encrypt(session, data.data(), data.size(), encrypted.data(), &size), CKR_OK);
    return encrypted;
  }
};

const RsaScheme pkcs1{RSA_PKCS1_PADDING, nullptr, nullptr, 0, {}};
const CK_MECHANISM pkcs1_mechanism{CKM_RSA_PKCS, nullptr, 0};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ciphering, CipheringFixture)

BOOST_AUTO_TEST_CASE(pkcs1_goes_to_openssl_and_comes_from_it_with_every_length) {
  for (const std::size_t size : {0U, 1U, 13U, 100U, 244U, 245U}) {
    const Bytes data(size, 0x00);
    BOOST_TEST((decrypt(pkcs1_mechanism, openssl_encrypts(key, pkcs1, data)) == std::pair(CKR_OK, data)));
    BOOST_TEST((openssl_decrypts(key, pkcs1, encrypt(pkcs1_mechanism, data)) == data));
  }
}

BOOST_AUTO_TEST_CASE(oaep_goes_to_openssl_and_comes_from_it_with_every_hash_and_a_label) {
  struct Row {
    const char* name;
    CK_MECHANISM_TYPE hash;
    CK_RSA_PKCS_MGF_TYPE mgf;
  };
  for (const auto& row : {Row{"SHA1", CKM_SHA_1, CKG_MGF1_SHA1}, Row{"SHA224", CKM_SHA224, CKG_MGF1_SHA224},
                          Row{"SHA256", CKM_SHA256, CKG_MGF1_SHA256}, Row{"SHA384", CKM_SHA384, CKG_MGF1_SHA384},
                          Row{"SHA512", CKM_SHA512, CKG_MGF1_SHA512}}) {
    for (const std::string label : {"", "a label"}) {
      BOOST_TEST_CONTEXT(row.name << " " << label) {
        CK_RSA_PKCS_OAEP_PARAMS parameters{row.hash, row.mgf, CKZ_DATA_SPECIFIED, const_cast<char*>(label.data()),
                                           label.size()};
        const CK_MECHANISM mechanism{CKM_RSA_PKCS_OAEP, &parameters, sizeof parameters};
        const RsaScheme scheme{RSA_PKCS1_OAEP_PADDING, row.name, row.name, 0, to_bytes(as_bytes(label))};
        BOOST_TEST((decrypt(mechanism, openssl_encrypts(key, scheme, secret)) == std::pair(CKR_OK, secret)));
        BOOST_TEST((openssl_decrypts(key, scheme, encrypt(mechanism, secret)) == secret));
        auto other = scheme;
        other.label = {1, 2, 3};
        BOOST_TEST(decrypt(mechanism, openssl_encrypts(key, other, secret)).first == CKR_ENCRYPTED_DATA_INVALID);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(oaep_without_a_source_is_oaep_without_a_label) {
  CK_RSA_PKCS_OAEP_PARAMS parameters{CKM_SHA256, CKG_MGF1_SHA256, 0, nullptr, 0};
  CK_MECHANISM mechanism{CKM_RSA_PKCS_OAEP, &parameters, sizeof parameters};
  const RsaScheme scheme{RSA_PKCS1_OAEP_PADDING, "SHA256", "SHA256", 0, {}};
  BOOST_TEST((decrypt(mechanism, openssl_encrypts(key, scheme, secret)) == std::pair(CKR_OK, secret)));
  parameters.source = 9;
  BOOST_TEST(p11->C_DecryptInit(session, &mechanism, private_handle) == CKR_MECHANISM_PARAM_INVALID);
  parameters = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, nullptr, 5};
  BOOST_TEST(p11->C_DecryptInit(session, &mechanism, private_handle) == CKR_MECHANISM_PARAM_INVALID);
}

BOOST_AUTO_TEST_CASE(raw_rsa_gives_the_whole_block) {
  const CK_MECHANISM raw{CKM_RSA_X_509, nullptr, 0};
  const auto encrypted = encrypt(raw, secret);
  const auto [result, block] = decrypt(raw, encrypted);
  BOOST_TEST(result == CKR_OK);
  BOOST_TEST(block.size() == 256U);
  BOOST_TEST(Bytes(block.end() - static_cast<std::ptrdiff_t>(secret.size()), block.end()) == secret);
}

BOOST_AUTO_TEST_CASE(parts_are_collected_to_one_block) {
  auto encrypted = openssl_encrypts(key, pkcs1, secret);
  CK_MECHANISM mechanism = pkcs1_mechanism;
  Bytes data(256);
  CK_ULONG size = data.size();
  BOOST_TEST(p11->C_DecryptInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_DecryptUpdate(session, encrypted.data(), 100, nullptr, &size) == CKR_OK);
  BOOST_TEST(size == 0U); // only asked
  BOOST_TEST(p11->C_DecryptUpdate(session, encrypted.data(), 100, data.data(), &size) == CKR_OK);
  BOOST_TEST(p11->C_DecryptUpdate(session, encrypted.data() + 100, 156, data.data(), &size) == CKR_OK);
  BOOST_TEST(size == 0U);
  size = data.size();
  BOOST_TEST(p11->C_DecryptFinal(session, data.data(), &size) == CKR_OK);
  data.resize(size);
  BOOST_TEST(data == secret);

  encrypted.resize(256);
  BOOST_TEST(p11->C_EncryptInit(session, &mechanism, public_handle) == CKR_OK);
  BOOST_TEST(p11->C_EncryptUpdate(session, secret.data(), 4, encrypted.data(), &size) == CKR_OK);
  BOOST_TEST(p11->C_EncryptUpdate(session, secret.data() + 4, secret.size() - 4, encrypted.data(), &size) == CKR_OK);
  size = 10;
  BOOST_TEST(p11->C_EncryptFinal(session, encrypted.data(), &size) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(p11->C_EncryptFinal(session, encrypted.data(), &size) == CKR_OK);
  BOOST_TEST((openssl_decrypts(key, pkcs1, encrypted) == secret));
}

BOOST_AUTO_TEST_CASE(a_buffer_too_small_for_the_plain_text_does_not_use_the_card_twice) {
  auto encrypted = openssl_encrypts(key, pkcs1, secret);
  CK_MECHANISM mechanism = pkcs1_mechanism;
  Bytes data(256);
  CK_ULONG size = 0;
  BOOST_TEST(p11->C_DecryptInit(session, &mechanism, private_handle) == CKR_OK);
  BOOST_TEST(p11->C_Decrypt(session, encrypted.data(), 256, nullptr, &size) == CKR_OK);
  BOOST_TEST(size == 245U);
  BOOST_TEST(service.calls("token.decrypt") == 0);
  size = 3;
  BOOST_TEST(p11->C_Decrypt(session, encrypted.data(), 256, data.data(), &size) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(size == secret.size());
  BOOST_TEST(p11->C_Decrypt(session, encrypted.data(), 256, data.data(), &size) == CKR_OK);
  BOOST_TEST(service.calls("token.decrypt") == 1);
  BOOST_TEST(p11->C_Decrypt(session, encrypted.data(), 256, data.data(), &size) == CKR_OPERATION_NOT_INITIALIZED);
}

BOOST_AUTO_TEST_CASE(a_malformed_ciphertext_is_refused) {
  BOOST_TEST(decrypt(pkcs1_mechanism, Bytes(255, 1)).first == CKR_ENCRYPTED_DATA_LEN_RANGE);
  BOOST_TEST(decrypt(pkcs1_mechanism, Bytes(257, 1)).first == CKR_ENCRYPTED_DATA_LEN_RANGE);
  BOOST_TEST(decrypt(pkcs1_mechanism, Bytes(256, 0xFF)).first == CKR_ENCRYPTED_DATA_INVALID);
  const RsaScheme raw{RSA_NO_PADDING, nullptr, nullptr, 0, {}};
  Bytes block(256, 0x01);
  block[0] = 0;
  BOOST_TEST(decrypt(pkcs1_mechanism, openssl_encrypts(key, raw, block)).first == CKR_ENCRYPTED_DATA_INVALID);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(padding)

BOOST_AUTO_TEST_CASE(every_fault_in_an_encryption_block_is_found) {
  using namespace pkcs11::padding;
  const Bytes data{1, 2, 3};
  const auto good = pkcs1_encryption(data, 256);
  BOOST_REQUIRE(remove_pkcs1_encryption(good.view()));
  BOOST_TEST(to_bytes(remove_pkcs1_encryption(good.view())->view()) == data);
  const auto bad_with = [&](std::size_t position, std::uint8_t value) {
    auto block = to_bytes(good.view());
    block[position] = value;
    return !remove_pkcs1_encryption(block);
  };
  BOOST_TEST(bad_with(0, 1));
  BOOST_TEST(bad_with(1, 1));
  for (std::size_t i = 2; i < 10; ++i) BOOST_TEST(bad_with(i, 0)); // fewer than eight octets of padding
  BOOST_TEST(!bad_with(10, 0));
  BOOST_TEST(bad_with(252, 1)); // no separator
}

BOOST_AUTO_TEST_CASE(every_fault_in_an_oaep_block_is_found) {
  using namespace pkcs11;
  using namespace pkcs11::padding;
  const Bytes data{1, 2, 3};
  const auto good = oaep(data, Hash::Sha256, Hash::Sha256, {}, 256);
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto block = to_bytes(good.view());
    block[i] ^= 0x80;
    const auto removed = remove_oaep(block, Hash::Sha256, Hash::Sha256, {});
    // A changed octet of the data changes the data and nothing else; but it also changes the seed, and so everything.
    BOOST_TEST(!removed);
  }
  const auto removed = remove_oaep(good.view(), Hash::Sha256, Hash::Sha256, {});
  BOOST_REQUIRE(removed);
  BOOST_TEST(to_bytes(removed->view()) == data);
}

BOOST_AUTO_TEST_CASE(a_digest_info_of_sha256_is_the_one_of_rfc_8017) {
  const Bytes digest(32, 0xAB);
  const auto info = pkcs11::padding::digest_info(pkcs11::Hash::Sha256, digest);
  BOOST_TEST(to_hex(ByteView(info).first(19)) == "3031300D060960864801650304020105000420");
  BOOST_TEST(info.size() == 51U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
