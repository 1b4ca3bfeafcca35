// What the old component's commands EnCrypt and SecureGetBasicWithParam do to a password and to the record of an NHI
// card (docs/service-protocol.md, "Old local protocols"). Single and triple DES in ECB mode, the former under today's
// date, are no protection: sites expect them, and nothing here relies on them.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/card/profile/card_profile.hpp"

#include <string>

namespace twcard::service {

struct LocalDate {
  int year = 0;
  int month = 0; // 1 to 12
  int day = 0;   // 1 to 31
};
[[nodiscard]] LocalDate today();

// What counts of a password as it was typed: up to the first space or NUL, and no more than 12 octets. Throws
// Error(BadRequest) when that is fewer than 6.
[[nodiscard]] ByteView effective_password(ByteView typed);

// Upper-case hexadecimal: 32 digits for 6 or 7 octets, 48 for 8 to 12. One octet in eight is random.
// `password`: as effective_password() gives it; `card_number`: of the basic record.
[[nodiscard]] std::string encrypt_password(ByteView password, std::string_view card_number, const LocalDate& date,
                                           const card::NhiProfile& profile);
// Upper-case hexadecimal of the record's text under the date. One octet in eight is random.
[[nodiscard]] std::string encrypt_basic(ByteView text, const LocalDate& date);

} // namespace twcard::service
