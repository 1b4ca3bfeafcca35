// RSA padding, done by the host over the card's raw operation. A block has as many octets as the modulus.
// Source: RFC 8017 (PKCS#1 2.2): EMSA-PKCS1-v1_5 (9.2), EMSA-PSS (9.1), RSAES-PKCS1-v1_5 (7.2), RSAES-OAEP (7.1).
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "pkcs11/mechanisms/digest.hpp"

#include <optional>

namespace twcard::pkcs11::padding {

// Octets from the kernel's generator.
void fill_random(std::span<std::uint8_t> octets);

// DER of DigestInfo for a digest made with `hash`.
[[nodiscard]] Bytes digest_info(Hash hash, ByteView digest);

// 00 01 FF… 00 data. Throws Failure(CKR_DATA_LEN_RANGE) when fewer than 8 octets FF would be left.
[[nodiscard]] SecureBytes pkcs1_signature(ByteView data, std::size_t block_size);
// What was signed, or nullopt when the block is not of that form.
[[nodiscard]] std::optional<Bytes> recover_pkcs1_signature(ByteView block);

// 00 02 random 00 data. Throws Failure(CKR_DATA_LEN_RANGE).
[[nodiscard]] SecureBytes pkcs1_encryption(ByteView data, std::size_t block_size);
// The data, or nullopt. Time and memory access do not depend on the block: who could tell a good padding from a bad
// one by them could decrypt (Bleichenbacher).
[[nodiscard]] std::optional<SecureBytes> remove_pkcs1_encryption(ByteView block);

// OAEP. Throws Failure(CKR_DATA_LEN_RANGE).
[[nodiscard]] SecureBytes oaep(ByteView data, Hash hash, Hash mgf_hash, ByteView label, std::size_t block_size);
// The data, or nullopt; in constant time (Manger). The largest data is block_size - 2 * hash - 2.
[[nodiscard]] std::optional<SecureBytes> remove_oaep(ByteView block, Hash hash, Hash mgf_hash, ByteView label);

struct Pss {
  Hash hash;
  Hash mgf_hash;
  std::size_t salt_size;
};
// EMSA-PSS over a digest, as a block for a modulus of `modulus_bits`. Throws Failure(CKR_DATA_LEN_RANGE) for a digest
// of another size than the hash has, CKR_MECHANISM_PARAM_INVALID when the salt leaves no room.
[[nodiscard]] SecureBytes pss(ByteView digest, const Pss& parameters, std::size_t modulus_bits);
[[nodiscard]] bool verify_pss(ByteView block, ByteView digest, const Pss& parameters, std::size_t modulus_bits);

} // namespace twcard::pkcs11::padding
