// The keys of a generation 2 citizen certificate card's secure channel, which follow from the profile's master key and
// the card's ID. Source: docs/cards/citizen.md, "Secure channel".
#pragma once

#include "driver/apdu/scp03.hpp"
#include "driver/card/profile/card_profile.hpp"

#include <array>

namespace twcard::card {

inline constexpr std::size_t gpki_card_id_octets = 10;
// Of the security domain that holds the keys.
inline constexpr std::array<std::uint8_t, 15> gpki_manager_aid{0xA0, 0x00, 0x00, 0x02, 0x83, 0xFF, 0x08, 0x86,
                                                               0x92, 0x53, 0x53, 0x89, 0xC0, 0x00, 0x14};

// The keys of the card with this ID (10 octets): those that the profile gives it, or derived from the master key.
// Throws Error(ProfileMissing) when the profile has neither, Error(BadRequest) for an ID of another length.
[[nodiscard]] apdu::Scp03Keys gpki_keys(const GpkiProfile& profile, ByteView card_id);

} // namespace twcard::card
