// What the directories of an ISO/IEC 7816-15:2016 card (PKCS #15 v1.1) say of PINs, RSA keys and X.509 certificates.
// Section numbers are of ISO/IEC 7816-15. Pure functions over what the card said: everything malformed throws
// Error(BadCardData), a kind of object that is not used here is passed over, and no directory gives more than
// max_pkcs15_objects.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace twcard::card {

inline constexpr std::size_t max_pkcs15_objects = 16;

// Section 8.2.5. File identifiers, two octets each, at most eight: from 3F00 on, one file of the application's
// directory, or several from that directory on. The part of the file, when it is not all of it.
struct Pkcs15Path {
  Bytes identifiers;
  std::size_t index = 0;
  std::optional<std::size_t> length;

  friend bool operator==(const Pkcs15Path&, const Pkcs15Path&) = default;
};

// Section 8.3: the directories that an object directory (ODF) names, in its order. Trusted and useful certificates come
// after the others.
struct Pkcs15Directories {
  std::vector<Pkcs15Path> private_keys;
  std::vector<Pkcs15Path> certificates;
  std::vector<Pkcs15Path> authentication_objects;
};

// Section 8.10, AlgorithmInfo: what an algorithm reference of the card stands for.
struct Pkcs15Algorithm {
  enum class Kind { Padding, Raw, Other }; // RSA with PKCS #1 padding by the card, RSA on a whole block
  Kind kind = Kind::Other;
  std::size_t index = 0;                 // its name in the directory of keys
  std::optional<std::uint8_t> reference; // what MANAGE SECURITY ENVIRONMENT calls it
};

// Section 8.10.
struct Pkcs15TokenInfo {
  Bytes serial_number;      // at most 32 octets
  std::string manufacturer; // of both at most 64 octets of UTF-8 without control characters; may be empty
  std::string label;
  std::vector<Pkcs15Algorithm> algorithms;
};

// Section 8.9: a password.
struct Pkcs15Pin {
  enum class Encoding { PackedBcd, Text, HalfByteBcd, Iso9564 };

  Bytes auth_id;
  std::uint8_t reference = 0;
  Encoding encoding = Encoding::Text;
  bool digits_only = false;
  std::size_t min_length = 0; // 1 <= min_length <= max_length <= 64
  std::size_t max_length = 0;
  std::size_t stored_length = 0; // at most 64 octets
  bool needs_padding = false;
  std::uint8_t padding = 0xFF;
  bool protected_transfer = false; // not to be sent in plain
  bool unblocks = false;           // no user's PIN: unblocks another one, or is the security officer's
  std::optional<Pkcs15Path> path;  // directory to be selected first
};

// Section 8.4: a private RSA key.
struct Pkcs15Key {
  Bytes id;
  Bytes auth_id; // of its PIN; empty: none is named
  std::uint8_t reference = 0;
  bool signs = false;
  bool decrypts = false;
  bool asks_each_time = false; // userConsent: one PIN, one operation
  std::size_t modulus_bits = 0;
  std::vector<std::size_t> algorithms; // Pkcs15Algorithm::index; empty: not said
};

// Section 8.7: an X.509 certificate, in a file or in the directory itself.
struct Pkcs15Certificate {
  Bytes id;
  std::string label;
  std::optional<Pkcs15Path> path;
  Bytes value;
};

// The octets of a directory file up to and with the first one that begins no entry (padding, 00 or FF); nullopt when
// they do not reach it, so that more of the file has to be read.
[[nodiscard]] std::optional<std::size_t> pkcs15_directory_size(ByteView octets);

// Where EF.DIR (ISO/IEC 7816-4:2005 section 8.2.1.1) says that the application is, by its file identifiers from 3F00
// on; nullopt when it does not name one.
[[nodiscard]] std::optional<Bytes> pkcs15_application_path(ByteView directory);

[[nodiscard]] Pkcs15Directories parse_pkcs15_object_directory(ByteView directory);
[[nodiscard]] Pkcs15TokenInfo parse_pkcs15_token_info(ByteView octets);
// An entry that is malformed is left out and logged; what follows after it is still read.
[[nodiscard]] std::vector<Pkcs15Pin> parse_pkcs15_pins(ByteView directory);
[[nodiscard]] std::vector<Pkcs15Key> parse_pkcs15_keys(ByteView directory);
[[nodiscard]] std::vector<Pkcs15Certificate> parse_pkcs15_certificates(ByteView directory);

} // namespace twcard::card
