// The fields of an NHI card that may be asked for: their names in every protocol, and what people call them.
#pragma once

#include "driver/base/text.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace twcard::rpc {

enum class NhiField : std::uint8_t { CardNumber, Name, IdNumber, BirthDate, Sex, IssueDate, Termination };

// In the order in which they are answered and shown.
inline constexpr std::array<NhiField, 7> nhi_fields = {NhiField::CardNumber, NhiField::Name, NhiField::IdNumber,
                                                       NhiField::BirthDate,  NhiField::Sex,  NhiField::IssueDate,
                                                       NhiField::Termination};

[[nodiscard]] std::string_view name_of(NhiField field);
// nullopt for a name that is not in the protocol.
[[nodiscard]] std::optional<NhiField> nhi_field_named(std::string_view name);

// Beside a value, where it is known that the card is an NHI card: "date of issue".
[[nodiscard]] Text label_of(NhiField field);
// On its own, in a list of what leaves the card: "date of issue of the card".
[[nodiscard]] Text description_of(NhiField field);

} // namespace twcard::rpc
