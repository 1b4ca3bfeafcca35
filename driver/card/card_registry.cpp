#include "driver/card/card_registry.hpp"

#include "driver/base/error.hpp"
#include "driver/card/citizen/gpki_card.hpp"
#include "driver/card/citizen/hicos_card.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "driver/card/pkcs15/pkcs15_card.hpp"

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

// Historical octets of the citizen card's ATR (docs/cards/citizen.md): the name of its maker, then of the card.
bool says(ByteView atr, std::string_view name) {
  return as_text(atr).find(name) != std::string_view::npos;
}
bool expected_nhi(ByteView atr) {
  return !says(atr, "CHT");
}
bool expected_gpki(ByteView atr) {
  return says(atr, "CHTGPKI");
}
bool expected_hicos(ByteView atr) {
  return says(atr, "CHT") && !expected_gpki(atr);
}

std::unique_ptr<Card> make_hicos(const CardProfiles& profiles, ByteView atr) {
  const auto* profile = profiles.hicos_for(atr);
  return std::make_unique<HicosCard>(to_bytes(atr), profile != nullptr ? std::optional(*profile) : std::nullopt);
}

std::unique_ptr<Card> make_gpki(const CardProfiles& profiles, ByteView atr) {
  const auto* profile = profiles.gpki_for(atr);
  return std::make_unique<GpkiCard>(to_bytes(atr), profile != nullptr ? std::optional(*profile) : std::nullopt);
}

// A citizen certificate card loses a try by a plain VERIFY. One that its own driver has not recognised, for whatever
// reason, is not taken for something else.
bool probe_pkcs15(reader::Transaction& transaction) {
  static const auto another_citizen_card = *from_hex("3B8B80010031C1640840213000900057");
  const auto atr = transaction.atr();
  return !says(atr, "CHT") && atr != another_citizen_card && Pkcs15Card::probe(transaction);
}

constexpr std::array<Row, 4> rows{{
    {expected_nhi, NhiCard::probe,
     [](const CardProfiles&, ByteView) -> std::unique_ptr<Card> { return std::make_unique<NhiCard>(); }},
    {expected_gpki, GpkiCard::probe, make_gpki},
    {expected_hicos, HicosCard::probe, make_hicos},
    // The last one, whatever the ATR says: it knows cards of any make.
    {[](ByteView) { return false; }, probe_pkcs15,
     [](const CardProfiles&, ByteView) -> std::unique_ptr<Card> { return std::make_unique<Pkcs15Card>(); }},
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
