// The directory files of a generation 1 citizen certificate card: PKCS #15-like, and not quite it.
// Source: docs/cards/citizen.md, "Directory"; PKCS #15 v1.1 sections 6.3 (private keys) and 6.6 (certificates).
// Pure functions over what the card said; everything malformed throws Error(BadCardData).
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace twcard::card {

// The content of a directory file is a row of entries, ended by padding (00 or FF) or by the file's last two octets.
// Whether `octets`, read from the beginning of the file, already hold all of it.
[[nodiscard]] bool directory_is_complete(ByteView octets);

// The entries and the octet after them, which says that there is no other; empty when `octets` end before it.
[[nodiscard]] Bytes directory_with_its_end(ByteView octets);

// What the certificate directory 4104 says of a certificate.
struct CertificateEntry {
  std::size_t offset = 0; // in file 08F2
  // At most 48 characters of printable ASCII without spaces: the identifier as it is there, or in hexadecimal when it
  // is not such a text. Empty when the entry has none.
  std::string id;
  std::string label; // at most 64 octets of UTF-8 without control characters; empty when the entry has none
};

// In the order of the directory, each offset once. Entries that do not point into 08F2 are passed over.
[[nodiscard]] std::vector<CertificateEntry> certificate_entries(ByteView directory);

// Key references in the private key directory 4100.
[[nodiscard]] std::vector<std::uint8_t> private_key_references(ByteView directory);

} // namespace twcard::card
