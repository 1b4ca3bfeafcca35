// The answers of the HiPKI interface as text. Source: docs/dialects/protocol.md, "HiPKI: answers". Pure.
#pragma once

#include "daemon/web/dialects/hipki/codes.hpp"
#include "daemon/web/dialects/hipki/tokens.hpp"
#include "driver/base/bytes.hpp"

namespace twcard::web::hipki {

// What pages compare with the version that they need; higher than any of the old component.
inline constexpr const char* interface_version = "9.0.0";

// `func` of an answer: pkcs11info, sign, decrypt.
[[nodiscard]] std::string_view name_of(AnswerKind kind);

// An answer without results, whose `message` is for people.
[[nodiscard]] std::string failure_answer(std::string_view func, Codes codes, const std::string& message);
[[nodiscard]] std::string failure_answer(AnswerKind kind, const Error& error);

// Readers with a card that fits stand first: some pages look at the first one only.
[[nodiscard]] std::string information_answer(const std::vector<Reader>& readers, bool with_certificates,
                                             bool with_keys);
// The same JSON as the pixels of p11Image.bmp have to spell it: pages take each octet for a character and three octets
// at a time. So it is ASCII, and its size a multiple of three.
[[nodiscard]] std::string pixel_text(std::string_view text);

struct Signed {
  Bytes signature;         // or the CMS message
  std::string certificate; // base64; empty: not asked for
  std::string card_number;
};
[[nodiscard]] std::string sign_answer(const Signed& result);

// nullopt for octets that are no UTF-8 and are not to be base64.
[[nodiscard]] std::optional<std::string> decrypt_answer(ByteView plain, bool as_base64);

} // namespace twcard::web::hipki
