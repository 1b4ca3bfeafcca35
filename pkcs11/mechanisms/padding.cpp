#include "pkcs11/mechanisms/padding.hpp"

#include "pkcs11/cryptoki/rv.hpp"
#include "pkcs11/mechanisms/constant_time.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/random.h>

namespace twcard::pkcs11::padding {

namespace ct = constant_time;

namespace {

constexpr std::size_t min_pkcs1_overhead = 11; // 00 bt, 8 octets of padding, 00

// The last octet of the object identifier of a hash function; the arc says which family it is of.
struct Oid {
  bool is_sha1;
  std::uint8_t last;
};
Oid oid_of(Hash hash) {
  switch (hash) {
  case Hash::Sha1: return {true, 0};
  case Hash::Sha256: return {false, 1};
  case Hash::Sha384: return {false, 2};
  case Hash::Sha512: return {false, 3};
  case Hash::Sha224: return {false, 4};
  case Hash::Sha3_224: return {false, 7};
  case Hash::Sha3_256: return {false, 8};
  case Hash::Sha3_384: return {false, 9};
  case Hash::Sha3_512: return {false, 10};
  }
  throw Failure(CKR_GENERAL_ERROR);
}

// RFC 8017 B.2.1, xored onto `target`.
void xor_mgf1(std::span<std::uint8_t> target, ByteView seed, Hash hash) {
  for (std::uint32_t counter = 0; !target.empty(); ++counter) {
    Digest digest(hash);
    digest.update(seed);
    const std::array<std::uint8_t, 4> number = {
        static_cast<std::uint8_t>(counter >> 24), static_cast<std::uint8_t>(counter >> 16),
        static_cast<std::uint8_t>(counter >> 8), static_cast<std::uint8_t>(counter)};
    digest.update(number);
    auto mask = digest.finish();
    const auto count = std::min(mask.size(), target.size());
    for (std::size_t i = 0; i < count; ++i) target[i] ^= mask[i];
    wipe(mask.data(), mask.size());
    target = target.subspan(count);
  }
}

Bytes pss_hash(Hash hash, ByteView digest, ByteView salt) {
  Digest outer(hash);
  const std::array<std::uint8_t, 8> zeros{};
  outer.update(zeros);
  outer.update(digest);
  outer.update(salt);
  return outer.finish();
}

} // namespace

void fill_random(std::span<std::uint8_t> octets) {
  while (!octets.empty()) {
    const auto count = ::getrandom(octets.data(), octets.size(), 0);
    if (count > 0)
      octets = octets.subspan(static_cast<std::size_t>(count));
    else if (errno != EINTR)
      throw Failure(CKR_FUNCTION_FAILED);
  }
}

Bytes digest_info(Hash hash, ByteView digest) {
  const auto oid = oid_of(hash);
  Bytes algorithm = oid.is_sha1 ? Bytes{0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A}
                                : Bytes{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, oid.last};
  algorithm.insert(algorithm.end(), {0x05, 0x00});
  const auto size_of = [](const auto& part) { return static_cast<std::uint8_t>(part.size()); };
  Bytes info = {0x30, static_cast<std::uint8_t>(algorithm.size() + digest.size() + 4), 0x30, size_of(algorithm)};
  info.insert(info.end(), algorithm.begin(), algorithm.end());
  info.insert(info.end(), {0x04, size_of(digest)});
  info.insert(info.end(), digest.begin(), digest.end());
  return info;
}

SecureBytes pkcs1_signature(ByteView data, std::size_t block_size) {
  if (data.size() + min_pkcs1_overhead > block_size) throw Failure(CKR_DATA_LEN_RANGE);
  SecureBytes block(block_size);
  const auto octets = block.span();
  const auto separator = block_size - data.size() - 1;
  octets[1] = 1;
  std::ranges::fill(octets.subspan(2, separator - 2), std::uint8_t{0xFF});
  std::ranges::copy(data, octets.subspan(separator + 1).begin());
  return block;
}

std::optional<Bytes> recover_pkcs1_signature(ByteView block) {
  if (block.size() < min_pkcs1_overhead || block[0] != 0 || block[1] != 1) return std::nullopt;
  const auto rest = block.subspan(2);
  const auto separator = std::ranges::find_if(rest, [](auto octet) { return octet != 0xFF; });
  if (separator == rest.end() || *separator != 0 || separator - rest.begin() < 8) return std::nullopt;
  return Bytes(separator + 1, rest.end());
}

SecureBytes pkcs1_encryption(ByteView data, std::size_t block_size) {
  if (data.size() + min_pkcs1_overhead > block_size) throw Failure(CKR_DATA_LEN_RANGE);
  SecureBytes block(block_size);
  const auto octets = block.span();
  const auto separator = block_size - data.size() - 1;
  octets[1] = 2;
  const auto random = octets.subspan(2, separator - 2);
  fill_random(random);
  for (auto& octet : random)
    while (octet == 0) fill_random({&octet, 1});
  std::ranges::copy(data, octets.subspan(separator + 1).begin());
  return block;
}

std::optional<SecureBytes> remove_pkcs1_encryption(ByteView block) {
  if (block.size() < min_pkcs1_overhead) return std::nullopt;
  ct::Word good = ct::is_zero(block[0]) & ct::equal(block[1], 2);
  ct::Word separator = 0; // position of the first zero octet after the header
  ct::Word found = 0;
  for (std::size_t i = 2; i < block.size(); ++i) {
    const ct::Word here = ct::is_zero(block[i]) & ~found;
    separator |= here & static_cast<ct::Word>(i);
    found |= here;
  }
  good &= found & ~ct::less(separator, 10);
  const auto size = static_cast<ct::Word>(block.size()) - separator - 1;
  auto data = ct::tail(SecureBytes::copy_of(block), ct::select(good, size, 0));
  if (good == 0) return std::nullopt;
  return data;
}

SecureBytes oaep(ByteView data, Hash hash, Hash mgf_hash, ByteView label, std::size_t block_size) {
  const auto hash_size = digest_size(hash);
  if (data.size() + 2 * hash_size + 2 > block_size) throw Failure(CKR_DATA_LEN_RANGE);
  SecureBytes block(block_size);
  const auto seed = block.span().subspan(1, hash_size);
  const auto masked = block.span().subspan(1 + hash_size); // label hash, zeros, 01, data
  std::ranges::copy(Digest::of(hash, label), masked.begin());
  masked[masked.size() - data.size() - 1] = 1;
  std::ranges::copy(data, masked.subspan(masked.size() - data.size()).begin());
  fill_random(seed);
  xor_mgf1(masked, seed, mgf_hash);
  xor_mgf1(seed, masked, mgf_hash);
  return block;
}

std::optional<SecureBytes> remove_oaep(ByteView block, Hash hash, Hash mgf_hash, ByteView label) {
  const auto hash_size = digest_size(hash);
  if (block.size() < 2 * hash_size + 2) return std::nullopt;
  auto octets = SecureBytes::copy_of(block);
  const auto seed = octets.span().subspan(1, hash_size);
  const auto masked = octets.span().subspan(1 + hash_size);
  xor_mgf1(seed, masked, mgf_hash);
  xor_mgf1(masked, seed, mgf_hash);

  ct::Word difference = octets.view()[0];
  const auto label_hash = Digest::of(hash, label);
  for (std::size_t i = 0; i < hash_size; ++i) difference |= static_cast<ct::Word>(masked[i] ^ label_hash[i]);
  ct::Word good = ct::is_zero(difference);
  ct::Word separator = 0; // position of the octet 01 behind the zeros
  ct::Word found = 0;
  for (std::size_t i = hash_size; i < masked.size(); ++i) {
    const ct::Word is_one = ct::equal(masked[i], 1);
    const ct::Word is_pad = ct::is_zero(masked[i]);
    const ct::Word here = is_one & ~found;
    separator |= here & static_cast<ct::Word>(i);
    found |= here;
    good &= found | is_pad;
  }
  good &= found;
  const auto size = static_cast<ct::Word>(masked.size()) - separator - 1;
  auto data = ct::tail(SecureBytes::copy_of(masked), ct::select(good, size, 0));
  if (good == 0) return std::nullopt;
  return data;
}

SecureBytes pss(ByteView digest, const Pss& parameters, std::size_t modulus_bits) {
  const auto hash_size = digest_size(parameters.hash);
  if (digest.size() != hash_size) throw Failure(CKR_DATA_LEN_RANGE);
  const auto encoded_bits = modulus_bits - 1;
  const auto encoded_size = (encoded_bits + 7) / 8;
  if (encoded_size < hash_size + parameters.salt_size + 2) throw Failure(CKR_MECHANISM_PARAM_INVALID);

  Bytes salt(parameters.salt_size);
  fill_random(salt);
  const auto hash = pss_hash(parameters.hash, digest, salt);
  SecureBytes block((modulus_bits + 7) / 8);
  const auto encoded = block.span().subspan(block.size() - encoded_size);
  const auto masked = encoded.first(encoded_size - hash_size - 1);
  masked[masked.size() - salt.size() - 1] = 1;
  std::ranges::copy(salt, masked.subspan(masked.size() - salt.size()).begin());
  xor_mgf1(masked, hash, parameters.mgf_hash);
  masked[0] &= static_cast<std::uint8_t>(0xFF >> (8 * encoded_size - encoded_bits));
  std::ranges::copy(hash, encoded.subspan(masked.size()).begin());
  encoded.back() = 0xBC;
  return block;
}

bool verify_pss(ByteView block, ByteView digest, const Pss& parameters, std::size_t modulus_bits) {
  const auto hash_size = digest_size(parameters.hash);
  const auto encoded_bits = modulus_bits - 1;
  const auto encoded_size = (encoded_bits + 7) / 8;
  if (digest.size() != hash_size || block.size() < encoded_size) return false;
  if (encoded_size < hash_size + parameters.salt_size + 2) return false;
  const auto unused = block.first(block.size() - encoded_size);
  if (std::ranges::any_of(unused, [](auto octet) { return octet != 0; })) return false;
  const auto encoded = block.subspan(unused.size());
  const auto top_bits = static_cast<std::uint8_t>(0xFF >> (8 * encoded_size - encoded_bits));
  if (encoded.back() != 0xBC || (encoded[0] & static_cast<std::uint8_t>(~top_bits)) != 0) return false;

  auto masked = to_bytes(encoded.first(encoded_size - hash_size - 1));
  const auto hash = encoded.subspan(masked.size(), hash_size);
  xor_mgf1(masked, hash, parameters.mgf_hash);
  masked[0] &= top_bits;
  const auto salt = masked.end() - static_cast<std::ptrdiff_t>(parameters.salt_size);
  if (*(salt - 1) != 1) return false;
  if (std::any_of(masked.begin(), salt - 1, [](auto octet) { return octet != 0; })) return false;
  return std::ranges::equal(pss_hash(parameters.hash, digest, Bytes(salt, masked.end())), hash);
}

} // namespace twcard::pkcs11::padding
