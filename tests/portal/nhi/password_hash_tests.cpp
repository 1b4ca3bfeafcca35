#include "portal/nhi/password_hash.hpp"

#include "driver/base/bytes.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

namespace twcard::portal::test {

namespace {

// scrypt by OpenSSL's other interface, with the header's r and p.
Bytes scrypt(std::string password, Bytes salt, std::uint64_t n) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "SCRYPT", nullptr);
  EVP_KDF_CTX* context = EVP_KDF_CTX_new(kdf);
  std::uint32_t r = 8;
  std::uint32_t p = 3;
  std::uint64_t memory = 64 * 1024 * 1024;
  const std::array<OSSL_PARAM, 7> params{
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, password.data(), password.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt.data(), salt.size()),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
      OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory),
      OSSL_PARAM_construct_end()};
  Bytes hash(32);
  BOOST_REQUIRE(EVP_KDF_derive(context, hash.data(), hash.size(), params.data()) == 1);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(kdf);
  return hash;
}

} // namespace

BOOST_AUTO_TEST_SUITE(password_hash)

BOOST_AUTO_TEST_CASE(a_hash_fits_its_password_and_no_other) {
  const auto hash = hash_password("correct horse", 1);
  BOOST_TEST(is_password("correct horse", hash));
  for (const auto* other : {"", "correct hors", "correct horse ", "Correct horse"})
    BOOST_TEST(!is_password(other, hash));
}

BOOST_AUTO_TEST_CASE(two_hashes_of_a_password_differ) {
  BOOST_TEST(hash_password("correct horse", 1) != hash_password("correct horse", 1));
}

BOOST_AUTO_TEST_CASE(the_hash_is_scrypt_of_password_and_salt) {
  const auto hash = hash_password("pleaseletmein");
  BOOST_REQUIRE(hash.starts_with("scrypt$15$"));
  const auto middle = hash.rfind('$');
  const auto salt = from_base64(hash.substr(10, middle - 10)).value();
  BOOST_TEST(salt.size() == 16U);
  BOOST_TEST(from_base64(hash.substr(middle + 1)).value() == scrypt("pleaseletmein", salt, 32768));
}

BOOST_AUTO_TEST_CASE(a_malformed_hash_matches_nothing) {
  const auto hash = hash_password("password", 1);
  const auto rest = hash.substr(hash.find('$', 7));
  BOOST_TEST(is_password("password", "scrypt$1" + rest));
  for (const auto& text :
       {std::string(), std::string("scrypt$"), std::string("scrypt$1$"), std::string("scrypt$1$$"),
        std::string("scrypt$1$AAAA$AAAA"), "x" + hash, hash.substr(0, hash.size() - 4), "scrypt$" + rest,
        "scrypt$0" + rest, "scrypt$17" + rest, "scrypt$-1" + rest, "scrypt$99999999999" + rest, "scrypt$1x" + rest})
    BOOST_TEST(!is_password("password", text));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
