// Whose certificate it is: what Taiwan's government PKI writes into the subject directory attributes (2.5.29.9).
// Source: docs/cards/citizen.md, "Certificates".
#pragma once

#include "driver/base/bytes.hpp"

#include <string>
#include <string_view>

namespace twcard::card {

enum class HolderType {
  Unknown, // no such attribute, or a type that is not listed
  Citizen,
  Resident,
  MedicalPerson,
  GovernmentAgency,
  GovernmentUnit,
  Company,
  Branch,
  Business,
  MedicalOrganisation
};

// Stable name in the protocols: "citizen", "medical_person", ...; "unknown".
[[nodiscard]] std::string_view name_of(HolderType type);

// `attributes` is the value of the extension, as the certificate has it. What is not well-formed is Unknown.
[[nodiscard]] HolderType holder_type(ByteView attributes);
// The last four characters of the holder's national ID, as MOICA writes them: at most 16 visible ASCII characters;
// empty when they are not there, or malformed.
[[nodiscard]] std::string last_four(ByteView attributes);

} // namespace twcard::card
