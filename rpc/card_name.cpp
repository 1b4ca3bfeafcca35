#include "rpc/card_name.hpp"

#include <algorithm>
#include <array>

namespace twcard::rpc {

namespace {

struct Name {
  std::string_view key;
  Text text;
};

constexpr std::array<Name, 5> by_kind{
    {{"nhi", {"NHI card", "健保卡"}},
     {"hicos", {"certificate card", "憑證卡"}},
     {"gpki", {"certificate card", "憑證卡"}},
     {"pkcs15", {"certificate card (ISO 7816-15)", "憑證卡（ISO 7816-15）"}},
     {"vendor", {"certificate card (by its vendor's library)", "憑證卡（經由原廠程式庫）"}}}};

// Of a card that knows the government's holders, whoever issued it.
constexpr std::array<Name, 9> by_holder{
    {{"citizen", {"citizen certificate card", "自然人憑證卡"}},
     {"resident", {"citizen certificate card", "自然人憑證卡"}},
     {"medical_person", {"medical person's certificate card", "醫事人員憑證卡"}},
     {"medical_organisation", {"medical organisation's certificate card", "醫事機構憑證卡"}},
     {"company", {"company's certificate card", "工商憑證卡"}},
     {"branch", {"company's certificate card", "工商憑證卡"}},
     {"business", {"company's certificate card", "工商憑證卡"}},
     {"government_agency", {"organisation's certificate card", "機關憑證卡"}},
     {"government_unit", {"organisation's certificate card", "單位憑證卡"}}}};

template <std::size_t Size>
const Name* find(const std::array<Name, Size>& names, std::string_view key) {
  const auto found = std::ranges::find(names, key, &Name::key);
  return found == names.end() ? nullptr : &*found;
}

} // namespace

std::string_view card_name(std::string_view kind, std::string_view holder, Language language) {
  static constexpr Text any{"card", "卡片"};
  const auto* name = kind == "hicos" || kind == "gpki" ? find(by_holder, holder) : nullptr;
  if (name == nullptr) name = find(by_kind, kind);
  return (name == nullptr ? any : name->text).in(language);
}

} // namespace twcard::rpc
