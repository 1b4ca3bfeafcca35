// The directory files of a generation 1 citizen certificate card: PKCS #15-like, and not quite it.
// Source: docs/cards/citizen.md, "Directory"; PKCS #15 v1.1 sections 6.3 (private keys) and 6.6 (certificates).
// Pure functions over what the card said; everything malformed throws Error(BadCardData).
#pragma once

#include "driver/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace twcard::card {

// The content of a directory file is a row of entries, ended by padding (00 or FF) or by the file's last two octets.
// Whether `octets`, read from the beginning of the file, already hold all of it.
[[nodiscard]] bool directory_is_complete(ByteView octets);

// The entries and the octet after them, which says that there is no other; empty when `octets` end before it.
[[nodiscard]] Bytes directory_with_its_end(ByteView octets);

// Offsets of the certificates in file 08F2, in the order of the certificate directory 4104; each once. Entries that do
// not point into 08F2 are passed over.
[[nodiscard]] std::vector<std::size_t> certificate_offsets(ByteView directory);

// Key references in the private key directory 4100.
[[nodiscard]] std::vector<std::uint8_t> private_key_references(ByteView directory);

} // namespace twcard::card
