// A reader as a slot. Once seen it stays: a reader that is gone is an empty slot.
#pragma once

#include "pkcs11/line/card_link.hpp"
#include "pkcs11/state/token.hpp"

#include <memory>

namespace twcard::pkcs11 {

struct Slot {
  CK_SLOT_ID id = 0;
  std::string reader;
  CardState state = CardState::Empty;
  std::string insertion;
  std::shared_ptr<const Token> token; // with state Ready only
  std::shared_ptr<CardLink> card;     // as long as the token
  std::optional<int> tries_left;      // as the service last said
  bool event = false;                 // something happened here that no C_WaitForSlotEvent has told yet

  [[nodiscard]] CK_SLOT_INFO info() const noexcept;
  [[nodiscard]] CK_TOKEN_INFO token_info() const noexcept; // of the token, with the flags of its PIN
};

} // namespace twcard::pkcs11
