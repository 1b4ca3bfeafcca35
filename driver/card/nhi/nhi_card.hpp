// The National Health Insurance card: a record that everybody may read, and no key of its own.
// Source: docs/cards/nhi.md (the 57-byte basic record, card data).
#pragma once

#include "driver/card/card.hpp"

namespace twcard::card {

// Text of the card in UTF-8, dates in ISO 8601. A field that cannot be right is named in `warnings` ("id_number: the
// checksum does not fit"); a text is left as it is, a card number or date is empty then. The others stay usable.
struct NhiRecord {
  std::string card_number;     // 12 digits
  std::string name;            // at most 10 characters; U+FFFD for what has no certain Unicode equivalent
  bool name_uncertain = false; // there is such a character: user-defined, or cut
  std::string id_number;       // national ID or resident number, 10 characters
  std::string birth_date;      // YYYY-MM-DD
  std::string sex;             // "M" or "F"
  std::string issue_date;      // YYYY-MM-DD
  std::string termination;     // termination mark 註銷: one character, or empty
  std::vector<std::string> warnings;
};

// The basic record as it stands on the card, not judged, blanks included. Texts in UTF-8, U+FFFD for what is not a
// printable character.
struct NhiFields {
  std::string card_number; // 12 digits on every card that is known
  Bytes name;              // Big5, up to the first NUL
  std::string id_number;
  std::string birth_date; // 7 digits of the Republic's calendar
  std::string sex;
};

class NhiCard final : public Card {
public:
  // SELECT of the insurance applet: whether the card has it.
  [[nodiscard]] static bool probe(reader::Transaction& transaction);

  [[nodiscard]] CardKind kind() const noexcept override { return CardKind::Nhi; }
  // Basic record and card data: SELECT and two GET DATA. Throws Error(BadCardData) for a record that is too short; all
  // other doubts are warnings.
  [[nodiscard]] NhiRecord read(reader::Transaction& transaction);

  // What the old local protocols give on, each in one command. select() comes first in the transaction.
  static void select(reader::Transaction& transaction);
  // Throws Error(BadCardData) for a record that is too short.
  [[nodiscard]] static NhiFields fields(reader::Transaction& transaction);
  // The first octet of the card data; empty for NUL and where the card has none.
  [[nodiscard]] static std::string termination(reader::Transaction& transaction);

  // The applet's card number alone (GET DATA 0000), 12 digits.
  [[nodiscard]] std::string card_number(reader::Transaction& transaction);

  // A mutual authentication with the insurer's security module is two calls in one transaction, which ends with a reset
  // then, so that no other program inherits what the card thinks of its partner.
  // SELECT, the card number, GET CHALLENGE: 3 APDUs. The challenge has 8 octets. Errors behind the SELECT
  // name their step: "card_number", "card_challenge".
  struct Opening {
    std::string card_number;
    Bytes challenge;
  };
  [[nodiscard]] Opening begin_authentication(reader::Transaction& transaction);
  // The card's 16 octets for the module's 32. Errors name the step "card_answer"; CardRefused when the card does not
  // believe it, by whichever status word.
  [[nodiscard]] Bytes authenticate(reader::Transaction& transaction, ByteView module_data);
};

} // namespace twcard::card
