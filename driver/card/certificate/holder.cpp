#include "driver/card/certificate/holder.hpp"

#include "driver/apdu/tlv.hpp"
#include "driver/base/error.hpp"

#include <algorithm>
#include <array>

namespace twcard::card {

namespace {

using apdu::TlvReader;

constexpr std::uint32_t tag_oid = 0x06;
constexpr std::uint32_t tag_printable_string = 0x13;
constexpr std::uint32_t tag_sequence = 0x30;
constexpr std::uint32_t tag_set = 0x31;

// Content octets of OBJECT IDENTIFIERs (ITU-T X.690 section 8.19).
constexpr std::array<std::uint8_t, 7> subject_type{0x60, 0x86, 0x76, 0x01, 0x64, 0x02, 0x01}; // 2.16.886.1.100.2.1
constexpr std::array<std::uint8_t, 7> id_last_four{0x60, 0x86, 0x76, 0x01, 0x64, 0x02, 0x33}; // 2.16.886.1.100.2.51
constexpr std::array<std::uint8_t, 6> types{0x60, 0x86, 0x76, 0x01, 0x64, 0x03};              // 2.16.886.1.100.3

struct Row {
  HolderType type;
  std::string_view name;
  std::array<std::uint8_t, 4> below; // of `types`
  std::size_t size;
};

constexpr std::array<Row, 9> rows{{{HolderType::Citizen, "citizen", {1, 1}, 2},
                                   {HolderType::Resident, "resident", {1, 9}, 2},
                                   {HolderType::MedicalPerson, "medical_person", {1, 7}, 2},
                                   {HolderType::GovernmentAgency, "government_agency", {2, 1, 1}, 3},
                                   {HolderType::GovernmentUnit, "government_unit", {2, 1, 2}, 3},
                                   {HolderType::Company, "company", {2, 2, 1, 1}, 4},
                                   {HolderType::Branch, "branch", {2, 3, 3, 1}, 4},
                                   {HolderType::Business, "business", {2, 3, 1}, 3},
                                   {HolderType::MedicalOrganisation, "medical_organisation", {2, 21}, 2}}};

template <typename Known>
bool is(ByteView octets, const Known& known) {
  return std::equal(octets.begin(), octets.end(), known.begin(), known.end());
}

HolderType type_of(ByteView oid) {
  if (oid.size() < types.size() || !is(oid.first(types.size()), types)) return HolderType::Unknown;
  const auto below = oid.subspan(types.size());
  const auto row = std::find_if(rows.begin(), rows.end(), [below](const Row& each) {
    return std::equal(below.begin(), below.end(), each.below.begin(), each.below.begin() + each.size);
  });
  return row == rows.end() ? HolderType::Unknown : row->type;
}

// The first value of the attribute `type`, which has to have this tag; empty without such an attribute. Throws
// BadCardData for what is not well-formed up to there.
// SubjectDirectoryAttributes ::= SEQUENCE OF SEQUENCE { type OBJECT IDENTIFIER, values SET }, RFC 5280 section 4.2.1.8
ByteView first_value(ByteView attributes, const std::array<std::uint8_t, 7>& type, std::uint32_t tag) {
  TlvReader whole(attributes);
  const auto list = whole.expect(tag_sequence);
  auto reader = whole.inside(list);
  while (const auto attribute = reader.next()) {
    auto members = reader.inside(*attribute);
    if (!is(members.expect(tag_oid).value, type)) continue;
    const auto values = members.expect(tag_set);
    return members.inside(values).expect(tag).value;
  }
  return {};
}

} // namespace

std::string_view name_of(HolderType type) {
  const auto row = std::find_if(rows.begin(), rows.end(), [type](const Row& each) { return each.type == type; });
  return row == rows.end() ? "unknown" : row->name;
}

HolderType holder_type(ByteView attributes) {
  try {
    return type_of(first_value(attributes, subject_type, tag_oid));
  } catch (const Error&) {
    return HolderType::Unknown; // the rest of the certificate is as good as without
  }
}

std::string last_four(ByteView attributes) {
  constexpr std::size_t longest = 16;
  try {
    const auto text = as_text(first_value(attributes, id_last_four, tag_printable_string));
    const bool visible = std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
    return visible && text.size() <= longest ? std::string(text) : std::string();
  } catch (const Error&) {
    return {};
  }
}

} // namespace twcard::card
