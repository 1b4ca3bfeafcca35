#include "pkcs11/state/slot.hpp"

#include "pkcs11/cryptoki/text_field.hpp"

namespace twcard::pkcs11 {

namespace {

constexpr int full_tries = 3; // docs/pkcs11.md, "The PIN"

// A user may have a program log in by the service's own prompt only: TWCARD_PKCS11_PROMPT=1 in its environment.
bool prompt_wanted() noexcept {
  const char* value = ::secure_getenv("TWCARD_PKCS11_PROMPT");
  return value != nullptr && std::string_view(value) == "1";
}

CK_FLAGS pin_flags(std::optional<int> tries_left) noexcept {
  if (!tries_left || *tries_left >= full_tries) return 0;
  if (*tries_left <= 0) return CKF_USER_PIN_LOCKED;
  return CKF_USER_PIN_COUNT_LOW | (*tries_left == 1 ? CKF_USER_PIN_FINAL_TRY : 0);
}

} // namespace

CK_SLOT_INFO Slot::info() const noexcept {
  CK_SLOT_INFO info{};
  put_text(info.slotDescription, reader);
  put_text(info.manufacturerID, "twcard");
  info.flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT;
  if (state != CardState::Empty) info.flags |= CKF_TOKEN_PRESENT;
  return info;
}

CK_TOKEN_INFO Slot::token_info() const noexcept {
  auto info = token->info();
  const auto refused = card->tries_left();
  info.flags |= pin_flags(refused ? refused : tries_left);
  if (prompt_wanted()) info.flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  return info;
}

} // namespace twcard::pkcs11
