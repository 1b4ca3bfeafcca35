// A private operation of an ISO/IEC 7816-8 card: the key is named by MANAGE SECURITY ENVIRONMENT, then used by PERFORM
// SECURITY OPERATION. The card is logged in and the application selected.
// Source: ISO/IEC 7816-4:2005 section 7.5.11, ISO/IEC 7816-8:2004 sections 11.3 and 11.8.
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "driver/reader/transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace twcard::card {

struct Pkcs15Operation {
  std::uint8_t key = 0;
  std::optional<std::uint8_t> algorithm; // by the card's own reference
  std::size_t result_octets = 0;         // as long as the modulus
};

// COMPUTE DIGITAL SIGNATURE over what the card pads, or over a whole block. Commands of more than 255 octets go as a
// chain (ISO/IEC 7816-4 section 5.1.1.1). Throws CardRefused, PinRequired; BadCardData for a result of another length;
// what Transaction throws.
[[nodiscard]] SecureBytes sign_by(reader::Transaction& transaction, const Pkcs15Operation& operation, ByteView data);

// DECIPHER of a whole cryptogram to a whole block. Throws the same.
[[nodiscard]] SecureBytes decipher_by(reader::Transaction& transaction, const Pkcs15Operation& operation,
                                      ByteView cryptogram);

} // namespace twcard::card
