// The form that the page fills from an NHI card, checked as if a person had typed it: what a browser sends proves
// nothing about a card.
#pragma once

#include "portal/store/database.hpp"
#include "portal/verification/trust_store.hpp"

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace twcard::portal {

struct NhiForm {
  std::string card_number; // 12 digits
  std::string name;        // 1 to 50 characters, no control characters
  std::string id_number;   // with a right checksum
  std::string birth_date;  // ISO 8601, 1900-01-01 to today
  std::string sex;         // "M" or "F"
  std::string issue_date;  // as birth_date
};

// Members cardNumber, name, idNumber, birthDate, sex, issueDate. Throws Refusal(FieldInvalid) with the member's name as
// its detail, Refusal(BadRequest) when it is no object.
[[nodiscard]] NhiForm parse_nhi_form(const boost::json::value& json, Time now);

// Keeps the form for the holder who sent it; gives the reference number that the person sees: ten letters and digits.
[[nodiscard]] std::string store_nhi_form(Database& database, const NhiForm& form, std::string_view holder_serial,
                                         Time now);

} // namespace twcard::portal
