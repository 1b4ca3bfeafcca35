// RSA_padding_check_PKCS1_type_2 is deprecated in favour of decrypting with OpenSSL, and here the card decrypts; it is
// the only constant-time check that OpenSSL offers for a block that is already decrypted.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "driver/card/certificate/block.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <array>
#include <openssl/err.h>
#include <openssl/rsa.h>

namespace twcard::card {

namespace {

constexpr std::size_t min_padding = 8;

// DER of a DigestInfo up to the hash, RFC 8017 section 9.2 note 1.
constexpr std::array<std::uint8_t, 15> sha1_prefix{0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E,
                                                   0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14};

constexpr std::array<std::uint8_t, 19> sha2_prefix(std::uint8_t algorithm, std::uint8_t size) {
  const auto rest = static_cast<std::uint8_t>(size + 17);
  return {0x30, rest, 0x30, 0x0D, 0x06,      0x09, 0x60, 0x86, 0x48, 0x01,
          0x65, 0x03, 0x04, 0x02, algorithm, 0x05, 0x00, 0x04, size};
}
constexpr auto sha224_prefix = sha2_prefix(4, 28);
constexpr auto sha256_prefix = sha2_prefix(1, 32);
constexpr auto sha384_prefix = sha2_prefix(2, 48);
constexpr auto sha512_prefix = sha2_prefix(3, 64);

struct Row {
  HashFunction function;
  ByteView prefix;
};

constexpr std::array<Row, 5> rows{{{HashFunction::Sha1, sha1_prefix},
                                   {HashFunction::Sha224, sha224_prefix},
                                   {HashFunction::Sha256, sha256_prefix},
                                   {HashFunction::Sha384, sha384_prefix},
                                   {HashFunction::Sha512, sha512_prefix}}};

ByteView prefix_of(HashFunction function) {
  return std::ranges::find(rows, function, &Row::function)->prefix;
}

} // namespace

Bytes signature_block(HashFunction function, ByteView hash, std::size_t modulus_octets) {
  const auto prefix = prefix_of(function);
  if (hash.size() != hash_size(function))
    throw Error(Errc::BadRequest, "the hash does not have the length of its function");
  const auto info = prefix.size() + hash.size();
  if (modulus_octets < 3 + min_padding + info) throw Error(Errc::BadRequest, "the key is too short for this hash");

  Bytes block(modulus_octets - info, 0xFF);
  block[0] = 0x00;
  block[1] = 0x01;
  block.back() = 0x00;
  block.insert(block.end(), prefix.begin(), prefix.end());
  block.insert(block.end(), hash.begin(), hash.end());
  return block;
}

std::optional<DigestInfo> parse_digest_info(ByteView der) {
  for (const auto& [function, prefix] : rows)
    if (der.size() == prefix.size() + hash_size(function) && std::equal(prefix.begin(), prefix.end(), der.begin()))
      return DigestInfo{function, der.subspan(prefix.size())};
  return std::nullopt;
}

std::optional<ByteView> inside_signature_padding(ByteView block) {
  if (block.size() < 3 + min_padding || block[0] != 0x00 || block[1] != 0x01) return std::nullopt;
  const auto end = std::find_if(block.begin() + 2, block.end(), [](auto octet) { return octet != 0xFF; });
  const auto padding = static_cast<std::size_t>(end - block.begin()) - 2;
  if (end == block.end() || *end != 0x00 || padding < min_padding) return std::nullopt;
  return block.subspan(3 + padding);
}

SecureBytes remove_encryption_padding(ByteView block) {
  SecureBytes message(block.size());
  const auto size = static_cast<int>(block.size());
  const int found = RSA_padding_check_PKCS1_type_2(message.data(), size, block.data(), size, size);
  ERR_clear_error();
  if (found < 0) throw Error(Errc::BadCardData, "the decrypted block has no PKCS #1 v1.5 padding");
  message.truncate(static_cast<std::size_t>(found));
  return message;
}

} // namespace twcard::card
