// The four-digit codes by which sites know what went wrong. Source: docs/dialects/protocol.md, "NHIICC".
#pragma once

#include "driver/base/error.hpp"

namespace twcard::web {

namespace nhiicc {
inline constexpr std::string_view succeeded = "0000";
inline constexpr std::string_view unknown_command = "9999";
inline constexpr std::string_view unexpected = "9876";
inline constexpr std::string_view password_too_short = "8009";
inline constexpr std::string_view card_pulled = "8010";
inline constexpr std::string_view no_card = "8013";
} // namespace nhiicc

// The codes differ between what only reads (GetBasic, EnCrypt, SecureGetBasic) and H_Sign.
enum class NhiiccOperation { Reading, Signing };

[[nodiscard]] std::string_view nhiicc_code(const Error& error, NhiiccOperation operation);

} // namespace twcard::web
