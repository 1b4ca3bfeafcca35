// Which driver a card gets: rows of probe and factory, tried in order. A card is recognised by what it answers to
// SELECT; its ATR only decides which row is tried first.
#pragma once

#include "driver/card/card.hpp"
#include "driver/card/profile/card_profile.hpp"

#include <memory>

namespace twcard::card {

class CardRegistry final {
public:
  explicit CardRegistry(CardProfiles profiles) : m_profiles(std::move(profiles)) {}
  // Throws Error(UnsupportedCard) when no row knows the card.
  [[nodiscard]] std::unique_ptr<Card> recognise(reader::Transaction& transaction) const;

private:
  CardProfiles m_profiles;
};

} // namespace twcard::card
