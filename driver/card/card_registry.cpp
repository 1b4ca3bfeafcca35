#include "driver/card/card_registry.hpp"

#include "driver/base/error.hpp"
#include "driver/card/hicos_card.hpp"
#include "driver/card/nhi_card.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace twcard::card {

namespace {

struct Row {
  bool (*expected)(ByteView atr); // a hint: such a card usually has such an ATR
  bool (*probe)(reader::Transaction& transaction);
  std::unique_ptr<Card> (*make)(const CardProfiles& profiles, ByteView atr);
};

// Historical octets of the citizen card's ATR (docs/cards/citizen.md) begin with the name of its maker.
bool names_its_maker(ByteView atr) {
  return as_text(atr).find("CHT") != std::string_view::npos;
}

std::unique_ptr<Card> make_hicos(const CardProfiles& profiles, ByteView atr) {
  const auto* profile = profiles.hicos_for(atr);
  return std::make_unique<HicosCard>(to_bytes(atr), profile != nullptr ? std::optional(*profile) : std::nullopt);
}

constexpr std::array<Row, 2> rows{{
    {[](ByteView atr) { return !names_its_maker(atr); }, NhiCard::probe,
     [](const CardProfiles&, ByteView) -> std::unique_ptr<Card> { return std::make_unique<NhiCard>(); }},
    {names_its_maker, HicosCard::probe, make_hicos},
}};

} // namespace

std::unique_ptr<Card> CardRegistry::recognise(reader::Transaction& transaction) const {
  const auto atr = transaction.atr();
  auto order = rows;
  std::stable_partition(order.begin(), order.end(), [&atr](const Row& row) { return row.expected(atr); });
  for (const auto& row : order)
    if (row.probe(transaction)) return row.make(m_profiles, atr);
  throw Error(Errc::UnsupportedCard, "no driver knows the card with the ATR " + to_hex(atr));
}

} // namespace twcard::card
