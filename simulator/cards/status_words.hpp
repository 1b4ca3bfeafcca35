// Status words (ISO/IEC 7816-4 section 5.6) that only a card gives and no driver names.
#pragma once

#include "driver/apdu/command_apdu.hpp"

namespace twcard::simulator::sw {

using namespace apdu::sw;
inline constexpr apdu::StatusWord end_of_file{0x6282};
inline constexpr apdu::StatusWord authentication_failed{0x6300};
inline constexpr apdu::StatusWord wrong_file_structure{0x6981};
inline constexpr apdu::StatusWord conditions_not_satisfied{0x6985};
inline constexpr apdu::StatusWord no_current_file{0x6986};
inline constexpr apdu::StatusWord wrong_mac{0x6988};
inline constexpr apdu::StatusWord wrong_data{0x6A80};
inline constexpr apdu::StatusWord incorrect_p1_p2{0x6A86};

} // namespace twcard::simulator::sw
