// The answers of the HiPKI interface as text. Source: docs/dialects.md, "HiPKI: answers". Pure.
#pragma once

#include "daemon/web/dialects/hipki/hipki_codes.hpp"
#include "daemon/web/dialects/hipki/hipki_tokens.hpp"

namespace twcard::web::hipki {

// What pages compare with the version that they need; higher than any of the old component.
inline constexpr const char* interface_version = "9.0.0";

// `func` of an answer: pkcs11info, sign, decrypt.
[[nodiscard]] std::string_view name_of(Operation operation);

// An answer without results, whose `message` is for people.
[[nodiscard]] std::string failure_answer(std::string_view func, Codes codes, const std::string& message);
[[nodiscard]] std::string failure_answer(Operation operation, const Error& error);

[[nodiscard]] std::string information_answer(const std::vector<Reader>& readers, bool with_certificates,
                                             bool with_keys);

struct Signed {
  Bytes signature;         // or the CMS message
  std::string certificate; // base64; empty: not asked for
  std::string card_number; // empty: not asked for
};
[[nodiscard]] std::string sign_answer(const Signed& result);

// nullopt for octets that are no UTF-8 and are not to be base64.
[[nodiscard]] std::optional<std::string> decrypt_answer(ByteView plain, bool as_base64);

} // namespace twcard::web::hipki
