// A card for comparing and measuring readers, unlike any real card: it takes data of any length and answers with as
// many octets as the command asks for.
#pragma once

#include "simulator/cards/simulated_card.hpp"

#include <memory>

namespace twcard::simulator {

// T=1 alone, with that field size in its answer to reset (1 to 254). Every command of class 80 is answered by P1P2
// octets and 9000, at most Le of them; they begin with the sum of the command's data (two octets, big-endian), and
// count on from there. Other classes: 6E00.
[[nodiscard]] std::shared_ptr<SimulatedCard> make_measuring_card(std::uint8_t field_size);

} // namespace twcard::simulator
