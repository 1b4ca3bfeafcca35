#include "rpc/vocabulary/nhi_field.hpp"

#include <algorithm>

namespace twcard::rpc {

namespace {

struct Words {
  std::string_view name;
  Text label;
  Text description;
};

// By the order of NhiField.
constexpr std::array<Words, nhi_fields.size()> words{
    {{"card_number", {"card number", "健保卡卡號"}, {"card number", "健保卡卡號"}},
     {"name", {"name", "姓名"}, {"name", "姓名"}},
     {"id_number", {"ID number", "身分證字號"}, {"national ID number", "身分證字號"}},
     {"birth_date", {"date of birth", "出生日期"}, {"date of birth", "出生日期"}},
     {"sex", {"sex", "性別"}, {"sex", "性別"}},
     {"issue_date", {"date of issue", "發卡日期"}, {"date of issue of the card", "發卡日期"}},
     {"termination", {"cancellation mark", "註銷註記"}, {"whether the card has been cancelled", "卡片註銷註記"}}}};

const Words& words_of(NhiField field) {
  return words.at(static_cast<std::size_t>(field));
}

} // namespace

std::string_view name_of(NhiField field) {
  return words_of(field).name;
}

std::optional<NhiField> nhi_field_named(std::string_view name) {
  const auto* found = std::ranges::find(nhi_fields, name, [](NhiField field) { return name_of(field); });
  if (found == nhi_fields.end()) return std::nullopt;
  return *found;
}

Text label_of(NhiField field) {
  return words_of(field).label;
}

Text description_of(NhiField field) {
  return words_of(field).description;
}

} // namespace twcard::rpc
