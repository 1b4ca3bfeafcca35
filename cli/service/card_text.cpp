#include "cli/service/card_text.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/frame/text.hpp"
#include "rpc/card_name.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

// A text member of the service's answer, safe for terminals; empty when it is not there.
std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? escaped(value->get_string()) : "";
}

std::string failure_text(const boost::json::object& card, rpc::Language language) {
  const auto* error = card.if_contains("error");
  if (error == nullptr || !error->is_object()) return std::string(Text{"cannot be read", "無法讀取"}.in(language));
  const auto* message = error->get_object().if_contains("message");
  const auto text =
      message != nullptr && message->is_object()
          ? text_member(message->get_object(), language == rpc::Language::TraditionalChinese ? "zh-TW" : "en")
          : "";
  return text.empty() ? text_member(error->get_object(), "code") : text;
}

} // namespace

std::string card_kind(const boost::json::object& card, rpc::Language language) {
  return std::string(rpc::card_name(text_member(card, "kind"), text_member(card, "holder"), language));
}

std::string describe_card(const boost::json::value& card, rpc::Language language) {
  if (!card.is_object()) return std::string(Text{"no card", "沒有卡片"}.in(language));
  const auto& object = card.get_object();
  const auto kind = card_kind(object, language);
  const auto state = text_member(object, "state");
  if (state == "reading") return fmt::format("{}{}", kind, Text{", being read", "，讀取中"}.in(language));
  if (state == "failed")
    return fmt::format("{}{}{}", kind, Text{": ", "："}.in(language), failure_text(object, language));
  return fmt::format("{}{}", kind, Text{", ready", "，可以使用"}.in(language));
}

std::vector<std::string> missing_profile_hint(const boost::json::value& card, rpc::Language language) {
  if (!card.is_object()) return {};
  const auto missing = text_member(card.get_object(), "missing_profile");
  if (missing.empty()) return {};
  return {fmt::format("{}{}",
                      Text{"to sign or log in it needs a card profile: ", "簽章與登入需要卡片設定檔："}.in(language),
                      missing),
          std::string(Text{"put it in /etc/twcard/profiles.d or ~/.config/twcard/profiles.d (docs/card-profiles.md)",
                           "請放在 /etc/twcard/profiles.d 或 ~/.config/twcard/profiles.d（見 docs/card-profiles.md）"}
                          .in(language))};
}

std::vector<std::string> tries_hint(const boost::json::value& card, rpc::Language language) {
  const auto* tries = card.is_object() ? card.get_object().if_contains("tries_left") : nullptr;
  if (tries == nullptr || !tries->is_int64()) return {};
  if (tries->get_int64() <= 0)
    return {std::string(Text{"PIN: it was locked when last used here; the office that issued the card unlocks it",
                             "PIN 碼：上次在此使用時已被鎖定，須由發卡機關解鎖"}
                            .in(language))};
  if (tries->get_int64() == 1)
    return {std::string(Text{"PIN: one try is left; a wrong PIN locks the card",
                             "PIN 碼：只剩最後 1 次機會，若再輸入錯誤，卡片將被鎖定"}
                            .in(language))};
  return {fmt::format(fmt::runtime(Text{"PIN: {} tries are left", "PIN 碼：還可以嘗試 {} 次"}.in(language)),
                      tries->get_int64())};
}

} // namespace twcard::cli
