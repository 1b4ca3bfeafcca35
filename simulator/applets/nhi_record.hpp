// The 57-octet basic record of the NHI card, docs/cards/nhi.md.
#pragma once

#include "driver/base/bytes.hpp"

#include <string>

namespace twcard::simulator {

struct NhiRecordFields {
  std::string card_number; // 12 digits
  std::string name;        // UTF-8; over 20 octets of Big5 it is cut there, inside a character where it falls so
  std::string id_number;   // 10 characters
  std::string birth_date;  // ISO 8601
  std::string sex;         // "M" or "F"
  std::string issue_date;  // ISO 8601
};

// Throws Error(BadRequest) naming the field: a character that Taiwan's Big5 does not have, a date before 1912.
[[nodiscard]] Bytes nhi_basic_record(const NhiRecordFields& fields);

} // namespace twcard::simulator
