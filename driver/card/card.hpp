// What every card driver offers. The public methods are not virtual: they check arguments and take the transaction;
// the virtual ones behind them only speak APDUs.
//
// A Card holds no channel and no state of the card's login. It belongs to one insertion and one thread.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"
#include "driver/reader/transaction.hpp"

#include <string>
#include <string_view>

namespace twcard::card {

enum class CardKind { Nhi, Hicos, Gpki, Pkcs15, Vendor };

// Stable name in the protocols: "nhi", "hicos", "gpki", "pkcs15"; "vendor" for a card that no driver here knows and its
// vendor's PKCS#11 library does.
[[nodiscard]] std::string_view name_of(CardKind kind);

// Whether cards of the kind have certificates and keys.
[[nodiscard]] bool has_keys(CardKind kind);

class Card {
public:
  virtual ~Card() = default;
  Card() = default;
  Card(const Card&) = delete;
  Card& operator=(const Card&) = delete;

  [[nodiscard]] virtual CardKind kind() const noexcept = 0;
};

} // namespace twcard::card
