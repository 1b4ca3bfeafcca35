// The body of VERIFY on an ISO/IEC 7816-15 card: a PIN as its authentication object says that it is stored.
// Source: ISO/IEC 7816-15:2016 section 8.9; ISO 9564-1 format 2.
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "driver/card/pkcs15/objects.hpp"

namespace twcard::card {

// Throws Error(PinLength), before any card has seen it, for a PIN that the object does not take: of another length, or
// with other characters than digits where only those are taken.
[[nodiscard]] ScrubbedBytes pkcs15_pin_field(const Pkcs15Pin& object, const Pin& pin);

} // namespace twcard::card
