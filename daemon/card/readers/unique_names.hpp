// Names of a card's certificates and keys that are unique, whatever the card says: a name leads to one key, and no
// other answers in its place.
#pragma once

#include "daemon/card/readers/token.hpp"

#include <string_view>

namespace twcard::service {

// Gives identifiers, and labels that are not empty, a number at the end where an earlier certificate has the same:
// "SIGN", "SIGN-2". A certificate that is valid `now` keeps its name before one that is not; else the first keeps it.
// Identifiers in hexadecimal (an ISO/IEC 7816-15 card's, a vendor's library's) stay so: "45", "4502"; an empty one
// counts as "00".
void make_names_unique(Snapshot& snapshot, std::string_view now);

} // namespace twcard::service
