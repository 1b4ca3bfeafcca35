// Passwords as the database keeps them: scrypt (RFC 7914) with N = 2^15, r = 8, p = 3, 16 octets of salt, 32 of hash.
// Both functions then take 32 MiB and about a third of a second.
#pragma once

#include <string>
#include <string_view>

namespace twcard::portal {

// The logarithm of N: 1 to 16.
inline constexpr unsigned password_cost = 15;

// "scrypt$COST$SALT$HASH", salt and hash in base64. Throws std::runtime_error when OpenSSL cannot.
[[nodiscard]] std::string hash_password(std::string_view password, unsigned cost = password_cost);
// Compares in constant time, at the hash's own cost. Also false for a text that is not a hash.
[[nodiscard]] bool is_password(std::string_view password, std::string_view hash);

} // namespace twcard::portal
