#include "cli/service/card_text.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/texts/cards.hpp"
#include "cli/texts/program.hpp"
#include "rpc/card_name.hpp"

#include <boost/json/object.hpp>

namespace twcard::cli {

namespace {

// A text member of the service's answer, safe for terminals; empty when it is not there.
std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? escaped(value->get_string()) : "";
}

std::string failure_text(const boost::json::object& card, Language language) {
  const auto* error = card.if_contains("error");
  if (error == nullptr || !error->is_object()) return std::string(texts::card::unreadable.in(language));
  const auto* message = error->get_object().if_contains("message");
  const auto text =
      message != nullptr && message->is_object() ? text_member(message->get_object(), tag_of(language)) : "";
  return text.empty() ? text_member(error->get_object(), "code") : text;
}

} // namespace

std::string card_kind(const boost::json::object& card, Language language) {
  return std::string(rpc::card_name(text_member(card, "kind"), text_member(card, "holder"), language));
}

std::string describe_card(const boost::json::value& card, Language language) {
  if (!card.is_object()) return std::string(texts::card::none.in(language));
  const auto& object = card.get_object();
  const auto kind = card_kind(object, language);
  const auto state = text_member(object, "state");
  if (state == "reading") return texts::card::reading.in(language, kind);
  if (state == "failed") return texts::about.in(language, kind, failure_text(object, language));
  return texts::card::ready.in(language, kind);
}

std::vector<std::string> missing_profile_hint(const boost::json::value& card, Language language) {
  if (!card.is_object()) return {};
  const auto missing = text_member(card.get_object(), "missing_profile");
  if (missing.empty()) return {};
  return {texts::card::profile_missing.in(language, missing), std::string(texts::card::profile_folders.in(language))};
}

std::vector<std::string> tries_hint(const boost::json::value& card, Language language) {
  const auto* tries = card.is_object() ? card.get_object().if_contains("tries_left") : nullptr;
  if (tries == nullptr || !tries->is_int64()) return {};
  if (tries->get_int64() > 1) return {texts::card::attempts_left.in(language, tries->get_int64())};
  return {std::string((tries->get_int64() == 1 ? texts::card::last_attempt : texts::card::locked).in(language))};
}

} // namespace twcard::cli
