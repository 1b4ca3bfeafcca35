// National ID numbers and resident numbers of Taiwan: ten characters, a letter for the place, then digits (resident
// numbers of before 2021 have a second letter), the last one a checksum.
#pragma once

#include <string_view>

namespace twcard::portal {

// Upper case only. Checks form and checksum: letters stand for 10 to 35 in the order of docs/cards/nhi.md; the weights
// of the eleven digits are 1 9 8 7 6 5 4 3 2 1 1; of a second letter only the units digit counts.
[[nodiscard]] bool is_identity_number(std::string_view text);

} // namespace twcard::portal
