// SHA-2 of short texts.
#pragma once

#include "driver/base/bytes.hpp"

namespace twcard::service {

[[nodiscard]] Bytes sha256(ByteView octets);

} // namespace twcard::service
