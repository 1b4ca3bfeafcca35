// Limits of what the service takes, for everyone who bounds a value before it reaches the service. The limit of an
// origin is in rpc/web_origin.hpp.
#pragma once

#include <cstddef>

namespace twcard::rpc {

inline constexpr std::size_t max_reader_name = 255;
inline constexpr std::size_t max_surface_value = 255; // a member of `ui`

// `nonce` of authenticate, `challenge` of nhi.authenticate: base64 of at least 32 octets (Web eID: 256 bits).
inline constexpr std::size_t min_nonce_size = 44;
inline constexpr std::size_t max_nonce_size = 128;
inline constexpr std::size_t min_nonce_octets = 32;

inline constexpr std::size_t min_hash_octets = 20; // SHA-1, of the old interfaces only
inline constexpr std::size_t max_hash_octets = 64;
inline constexpr std::size_t max_hash_function_name = 16;

inline constexpr std::size_t max_certificate_octets = std::size_t{8} * 1024; // of a card

inline constexpr std::size_t max_pin_octets = 64;
inline constexpr std::size_t max_cards_to_choose = 16;

} // namespace twcard::rpc
