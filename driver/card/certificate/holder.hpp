// Whose certificate it is: the subject type in the subject directory attributes (2.5.29.9) of Taiwan's government PKI.
// Source: docs/cards/citizen.md, "Certificates".
#pragma once

#include "driver/base/bytes.hpp"

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

} // namespace twcard::card
