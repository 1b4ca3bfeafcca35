// RSA blocks by PKCS #1 v1.5 (RFC 8017): what a card's raw private operation is given, and what it gives back.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"
#include "driver/crypto/digest.hpp"

#include <cstddef>
#include <optional>

namespace twcard::card {

using crypto::hash_function_of;
using crypto::hash_size;
using crypto::HashFunction;
using crypto::name_of;

// EMSA-PKCS1-v1_5 (section 9.2) of a hash already made: 00 01 FF... 00 DigestInfo, as long as the modulus.
// Throws Error(BadRequest) when the hash has another length than its function's, or the block is too short for it.
[[nodiscard]] Bytes signature_block(HashFunction function, ByteView hash, std::size_t modulus_octets);

struct DigestInfo {
  HashFunction function = HashFunction::Sha256;
  ByteView hash; // in the octets that were parsed
};
// A DigestInfo (RFC 8017 section 9.2) in its one DER form, with parameters NULL; nullopt for anything else.
[[nodiscard]] std::optional<DigestInfo> parse_digest_info(ByteView der);

// What was padded when `block` is one by EMSA-PKCS1-v1_5, whatever it is (a DigestInfo, usually); nullopt when it is
// not.
[[nodiscard]] std::optional<ByteView> inside_signature_padding(ByteView block);

// The message in a decrypted block (section 7.2.2, steps 3 and 4), checked in constant time. Throws
// Error(BadCardData) for a block without such a padding, whatever is wrong with it.
[[nodiscard]] SecureBytes remove_encryption_padding(ByteView block);

} // namespace twcard::card
