// The hash functions of signatures (FIPS 180-4), and digests made here.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <openssl/types.h>
#include <optional>
#include <string_view>

namespace twcard::crypto {

enum class HashFunction { Sha1, Sha224, Sha256, Sha384, Sha512 };

// The function of a name as it stands in the protocols: "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512".
[[nodiscard]] std::optional<HashFunction> hash_function_of(std::string_view name);
[[nodiscard]] std::string_view name_of(HashFunction function);
// Octets of a hash.
[[nodiscard]] std::size_t hash_size(HashFunction function);
[[nodiscard]] const EVP_MD* openssl_digest(HashFunction function);

[[nodiscard]] Bytes hash_of(ByteView octets, HashFunction function);
// For a protocol that wants it; too weak for anything else.
[[nodiscard]] Bytes sha1(ByteView octets);
[[nodiscard]] Bytes sha256(ByteView octets);

} // namespace twcard::crypto
