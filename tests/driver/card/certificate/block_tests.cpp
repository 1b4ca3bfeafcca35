#include "driver/card/certificate/block.hpp"

#include "tests/support/has_code.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <openssl/evp.h>
#include <openssl/rsa.h>

namespace twcard::card {

using testing::has_code;

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

// The block inside a signature that OpenSSL makes of a hash.
Bytes block_of_openssl(EVP_PKEY* key, const EVP_MD* digest, ByteView hash) {
  const KeyContext signing(EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free);
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  auto size = signature.size();
  BOOST_REQUIRE(EVP_PKEY_sign_init(signing.get()) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_rsa_padding(signing.get(), RSA_PKCS1_PADDING) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_signature_md(signing.get(), digest) == 1);
  BOOST_REQUIRE(EVP_PKEY_sign(signing.get(), signature.data(), &size, hash.data(), hash.size()) == 1);

  const KeyContext recovering(EVP_PKEY_CTX_new(key, nullptr), EVP_PKEY_CTX_free);
  Bytes block(size);
  BOOST_REQUIRE(EVP_PKEY_verify_recover_init(recovering.get()) == 1);
  BOOST_REQUIRE(EVP_PKEY_CTX_set_rsa_padding(recovering.get(), RSA_NO_PADDING) == 1);
  BOOST_REQUIRE(EVP_PKEY_verify_recover(recovering.get(), block.data(), &size, signature.data(), signature.size()) ==
                1);
  return block;
}

// 00 02, eight octets of padding, 00, and this message: what RSA decryption gives.
Bytes encryption_block(std::string_view message) {
  auto block = *from_hex("0002A1A2A3A4A5A6A7A800");
  block.insert(block.end(), message.begin(), message.end());
  return block;
}

} // namespace

BOOST_AUTO_TEST_SUITE(block)

// With the openssl program: printf twcard | openssl dgst -sha256 -sign key.pem, then
// openssl pkeyutl -verifyrecover -pkeyopt rsa_padding_mode:none.
BOOST_AUTO_TEST_CASE(a_block_is_that_of_the_openssl_program) {
  const auto hash = *from_hex("5bcaf1ba4f503753d60e81b60bfe703a5f0ed7c73e03a63c4cdf24bcb062997c");
  std::string expected = "0001";
  for (int i = 0; i < 202; ++i) expected += "FF";
  expected += "003031300D060960864801650304020105000420";
  expected += "5BCAF1BA4F503753D60E81B60BFE703A5F0ED7C73E03A63C4CDF24BCB062997C";
  BOOST_TEST(to_hex(signature_block(HashFunction::Sha256, hash, 256)) == expected);
}

BOOST_AUTO_TEST_CASE(every_hash_function_has_the_block_that_openssl_signs) {
  const Key key(EVP_RSA_gen(2048), EVP_PKEY_free);
  const std::tuple<const char*, HashFunction, const EVP_MD*> functions[] = {
      {"SHA-1", HashFunction::Sha1, EVP_sha1()},
      {"SHA-224", HashFunction::Sha224, EVP_sha224()},
      {"SHA-256", HashFunction::Sha256, EVP_sha256()},
      {"SHA-384", HashFunction::Sha384, EVP_sha384()},
      {"SHA-512", HashFunction::Sha512, EVP_sha512()}};
  for (const auto& [name, function, digest] : functions) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_CHECK(hash_function_of(name) == function);
      BOOST_TEST(hash_size(function) == static_cast<std::size_t>(EVP_MD_get_size(digest)));
      const Bytes hash(hash_size(function), 0x5A);
      BOOST_TEST(to_hex(signature_block(function, hash, 256)) == to_hex(block_of_openssl(key.get(), digest, hash)));
    }
  }
  BOOST_CHECK(!hash_function_of("MD5").has_value());
}

BOOST_AUTO_TEST_CASE(wrong_lengths_are_refused) {
  for (const std::size_t size : {0U, 31U, 33U})
    BOOST_CHECK_EXCEPTION(static_cast<void>(signature_block(HashFunction::Sha256, Bytes(size), 256)), Error,
                          has_code(Errc::BadRequest));
  // 19 octets of DigestInfo, 64 of hash, 11 of padding at least.
  BOOST_TEST(signature_block(HashFunction::Sha512, Bytes(64), 94).size() == 94U);
  BOOST_CHECK_EXCEPTION(static_cast<void>(signature_block(HashFunction::Sha512, Bytes(64), 93)), Error,
                        has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(the_message_comes_out_of_its_padding) {
  BOOST_TEST(as_text(remove_encryption_padding(encryption_block("hello")).view()) == "hello");
  BOOST_TEST(remove_encryption_padding(encryption_block("")).empty());
}

BOOST_AUTO_TEST_CASE(a_block_without_padding_is_refused) {
  auto first = encryption_block("hello");
  first[0] = 1;
  auto type = encryption_block("hello");
  type[1] = 1;
  auto too_short = encryption_block("hello");
  too_short[9] = 0;
  auto endless = encryption_block("hello");
  endless[10] = 1;
  for (const auto& damaged : {first, type, too_short, endless, Bytes(256), Bytes{}, Bytes(1)})
    BOOST_CHECK_EXCEPTION(static_cast<void>(remove_encryption_padding(damaged)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(what_a_signature_block_holds_is_found_and_other_blocks_hold_nothing) {
  const auto block = signature_block(HashFunction::Sha256, Bytes(32, 0x5A), 256);
  const auto inside = inside_signature_padding(block);
  BOOST_REQUIRE(inside.has_value());
  BOOST_TEST(to_hex(*inside) == "3031300D060960864801650304020105000420" + to_hex(Bytes(32, 0x5A)));

  const auto empty = [](Bytes other) { BOOST_TEST(!inside_signature_padding(other).has_value()); };
  empty({});
  empty(Bytes(256, 0xFF));
  auto changed = block;
  changed[1] = 0x02; // the block of an encryption
  empty(changed);
  changed = block;
  changed[5] = 0xFE;
  empty(changed);
  changed = Bytes(256, 0xFF); // no end of the padding
  changed[0] = 0x00;
  changed[1] = 0x01;
  empty(changed);
  changed = Bytes(64, 0x11); // seven octets of padding are too few
  changed[0] = 0x00;
  changed[1] = 0x01;
  std::fill_n(changed.begin() + 2, 7, std::uint8_t{0xFF});
  changed[9] = 0x00;
  empty(changed);
}

BOOST_AUTO_TEST_CASE(a_digest_info_is_recognised_in_its_one_form) {
  for (const char* name : {"SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"}) {
    BOOST_TEST_CONTEXT(name) {
      const auto function = hash_function_of(name).value();
      BOOST_TEST(name_of(function) == name);
      const Bytes hash(hash_size(function), 0x5A);
      const auto block = signature_block(function, hash, 256);
      const auto der = to_bytes(inside_signature_padding(block).value());
      const auto info = parse_digest_info(der).value();
      BOOST_TEST((info.function == function));
      BOOST_TEST(std::ranges::equal(info.hash, hash));
      auto longer = der;
      longer.push_back(0);
      BOOST_TEST(!parse_digest_info(longer));
      BOOST_TEST(!parse_digest_info(ByteView(der).first(der.size() - 1)));
      auto other = der;
      other[0] ^= 1;
      BOOST_TEST(!parse_digest_info(other));
    }
  }
  BOOST_TEST(!parse_digest_info({}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
