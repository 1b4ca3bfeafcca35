#include "daemon/prompt/wording.hpp"

#include "daemon/prompt/safe_text.hpp"
#include "daemon/prompt/texts.hpp"
#include "rpc/card_name.hpp"

#include <fmt/format.h>

namespace twcard::prompt {

namespace {

constexpr std::size_t max_shown_path = 120;
constexpr std::size_t max_shown_reader = 64;
constexpr std::size_t max_shown_name = 32;
constexpr std::size_t max_shown_owner = 96;

Text what_is_asked(Operation operation) {
  switch (operation) {
  case Operation::NhiRead:
  case Operation::LegacyNhiRead: return texts::to_read_nhi;
  case Operation::NhiAuthenticate:
  case Operation::LegacyNhiSign: return texts::to_sign_in_with_nhi;
  case Operation::Certificates: return texts::to_read_certificates;
  case Operation::Authenticate: return texts::to_sign_in;
  case Operation::Sign:
  case Operation::LegacySign: return texts::to_sign;
  case Operation::Login: return texts::to_use_keys;
  case Operation::LegacyTokens: return texts::to_list_cards;
  case Operation::LegacyDecrypt: return texts::to_decrypt;
  }
  return {};
}

std::string consent_headline(const ConsentRequest& request, Language language) {
  const auto caller = (request.caller.origin ? texts::a_site : texts::a_program).in(language);
  const auto asked = what_is_asked(request.operation).in(language);
  const auto& headline = is_legacy(request.operation) ? texts::asks_over_old_interface : texts::asks;
  return headline.in(language, caller, asked);
}

std::string always_headline(Operation operation, Language language) {
  const auto& headline = is_legacy(operation) ? texts::always_over_old_interface : texts::always;
  return headline.in(language, what_is_asked(operation).in(language));
}

const TextWith<std::string_view, std::string_view>& pin_headline(Operation operation) {
  switch (operation) {
  case Operation::NhiRead:
  case Operation::LegacyNhiRead: return texts::pin_to_read;
  case Operation::Certificates:
  case Operation::LegacyTokens: return texts::pin_to_give_certificates;
  case Operation::Authenticate:
  case Operation::NhiAuthenticate:
  case Operation::LegacyNhiSign: return texts::pin_to_sign_in;
  case Operation::Sign:
  case Operation::LegacySign: return texts::pin_to_sign;
  case Operation::LegacyDecrypt: return texts::pin_to_decrypt;
  case Operation::Login: return texts::pin_to_use_keys;
  }
  return texts::pin_to_use_keys;
}

std::string_view name_of(const std::optional<CardPlace>& card, Language language) {
  return card ? rpc::card_name(card->kind, card->holder, language) : rpc::card_name({}, {}, language);
}

std::string_view name_of(const Caller& caller, Language language) {
  return (caller.origin ? texts::this_site : texts::this_program).in(language);
}

std::string caller_lines(const Caller& caller, Language language) {
  if (caller.origin) return *caller.origin;
  return safe_text(caller.program, max_shown_path) + "\n" + texts::process.in(language, caller.pid);
}

std::string list_of(const std::vector<Text>& items, Language language) {
  std::string lines;
  for (const auto& item : items) lines += fmt::format("\n• {}", item.in(language));
  return lines;
}

// What a certificate of a citizen card says about its holder: docs/cards/citizen.md.
std::vector<Text> certificate_contents() {
  return {texts::holder_name, texts::certificate_serial, texts::id_number_ending};
}

std::vector<Text> field_names(const std::vector<NhiField>& fields) {
  std::vector<Text> names;
  for (const auto field : fields) names.push_back(description_of(field));
  return names;
}

// Two octets a group, eight groups a line: what people can compare with another screen.
std::string hash_lines(ByteView hash) {
  std::string lines;
  for (std::size_t i = 0; i < hash.size(); i += 2) {
    lines += i % 16 == 0 ? '\n' : ' ';
    lines += to_hex(hash.subspan(i, std::min<std::size_t>(2, hash.size() - i)));
  }
  return lines;
}

// docs/service-protocol.md, "Old local protocols".
std::vector<Text> legacy_nhi_contents() {
  auto items = field_names({NhiField::CardNumber, NhiField::Name, NhiField::IdNumber, NhiField::BirthDate,
                            NhiField::Sex, NhiField::Termination});
  items.push_back(texts::site_password);
  return items;
}

std::vector<Text> legacy_token_contents() {
  auto items = certificate_contents();
  items.push_back(texts::token_number);
  items.push_back(texts::reader_names);
  return items;
}

std::string what_leaves(const ConsentRequest& request, Language language) {
  const auto caller = (request.caller.origin ? texts::the_site : texts::the_program).in(language);
  const auto after = [language](Text first, const std::string& rest) {
    return fmt::format("{}\n\n{}", first.in(language), rest);
  };
  const auto function = safe_text(request.hash_function, max_shown_name);
  switch (request.operation) {
  case Operation::NhiRead: return texts::receives.in(language, caller) + list_of(field_names(request.fields), language);
  case Operation::LegacyNhiRead: return texts::receives.in(language, caller) + list_of(legacy_nhi_contents(), language);
  case Operation::LegacyTokens:
    return texts::receives.in(language, caller) + list_of(legacy_token_contents(), language);
  case Operation::NhiAuthenticate:
  case Operation::LegacyNhiSign:
    return after(texts::insurer_checks,
                 texts::receives.in(language, caller) +
                     list_of({description_of(NhiField::CardNumber), texts::insurer_signature}, language));
  case Operation::Certificates:
    return texts::receives_certificates.in(language, caller) + list_of(certificate_contents(), language);
  case Operation::Authenticate:
    return texts::receives_signature_certificate.in(language, caller) + list_of(certificate_contents(), language);
  case Operation::Sign:
    return after(texts::document_unseen,
                 texts::receives_signature.in(language, caller, function) + hash_lines(request.hash));
  case Operation::LegacySign:
    return after(texts::document_unseen,
                 texts::receives_all_of_signature.in(language, caller, function) + hash_lines(request.hash));
  case Operation::LegacyDecrypt: return texts::receives_plain_text.in(language, caller);
  case Operation::Login: return texts::may_use_keys.in(language, caller);
  }
  return {};
}

// A paragraph; empty when no card is known yet.
std::string reader_paragraph(const std::optional<CardPlace>& card, Language language) {
  if (!card || card->reader.empty()) return {};
  return "\n\n" + texts::reader.in(language, safe_text(card->reader, max_shown_reader));
}

std::string length_text(const PinRequest& request, Language language) {
  if (request.min_length == request.max_length) return texts::pin_length.in(language, request.min_length);
  return texts::pin_lengths.in(language, request.min_length, request.max_length);
}

std::string attempts_text(std::optional<int> tries_left, Language language) {
  if (tries_left > 1) return texts::attempts_left.in(language, *tries_left);
  if (!tries_left) return std::string(texts::attempts_unknown.in(language));
  return std::string((*tries_left == 1 ? texts::last_attempt : texts::card_locked).in(language));
}

// Control C10.
std::string warning_paragraph(Operation operation, Language language) {
  return is_legacy(operation) ? fmt::format("\n\n{}", texts::not_bound.in(language)) : std::string();
}

// A consent to read over an old interface holds for more than one request: docs/service-protocol.md.
Text question_of(Operation operation) {
  const bool holds = operation == Operation::LegacyNhiRead || operation == Operation::LegacyTokens;
  return holds ? texts::allow_for_a_while : texts::allow_once;
}

} // namespace

Dialog consent_dialog(const ConsentRequest& request, Language language) {
  Dialog dialog;
  dialog.title = texts::consent_title.in(language);
  dialog.description = fmt::format(
      "{}\n\n{}\n\n{}{}{}\n\n{}", consent_headline(request, language), caller_lines(request.caller, language),
      what_leaves(request, language), warning_paragraph(request.operation, language),
      reader_paragraph(request.card, language), question_of(request.operation).in(language));
  dialog.approve = texts::allow.in(language);
  dialog.refuse = texts::refuse.in(language);
  dialog.cancel = texts::cancel.in(language);
  // pinentry-tty takes the first letter of a button as its key: no two of them may have the same one.
  if (request.may_be_remembered) dialog.always = texts::do_not_ask_again.in(language);
  return dialog;
}

Dialog always_dialog(const ConsentRequest& request, Language language) {
  const auto cards = request.operation == Operation::LegacyTokens ? texts::cards_in_readers : texts::card_used_now;
  Dialog dialog;
  dialog.title = texts::always_title.in(language);
  dialog.description =
      fmt::format("{}\n\n{}\n\n{}{}\n\n{}", always_headline(request.operation, language),
                  caller_lines(request.caller, language), what_leaves(request, language),
                  warning_paragraph(request.operation, language), texts::holds_for.in(language, cards.in(language)));
  dialog.approve = texts::always_allow.in(language);
  dialog.cancel = texts::refuse.in(language);
  return dialog;
}

Dialog pin_dialog(const PinRequest& request, Language language) {
  Dialog dialog;
  dialog.title = texts::pin_title.in(language);
  dialog.description = fmt::format(
      "{}\n\n{}{}\n\n{}\n{}",
      pin_headline(request.operation).in(language, name_of(request.card, language), name_of(request.caller, language)),
      caller_lines(request.caller, language), reader_paragraph(request.card, language), length_text(request, language),
      attempts_text(request.tries_left, language));
  dialog.label = texts::pin_label.in(language);
  dialog.too_short_or_long = length_text(request, language);
  dialog.approve = texts::ok.in(language);
  dialog.cancel = texts::cancel.in(language);
  return dialog;
}

Dialog last_try_dialog(const LastTryRequest& request, Language language) {
  Dialog dialog;
  dialog.title = texts::last_attempt_title.in(language);
  dialog.description =
      fmt::format("{}\n\n{}\n{}{}\n\n{}", texts::one_attempt_left.in(language, name_of(request.card, language)),
                  texts::pin_is_wanted_by.in(language), caller_lines(request.caller, language),
                  reader_paragraph(request.card, language), texts::stop_if_unsure.in(language));
  dialog.approve = texts::use_last_attempt.in(language);
  dialog.refuse = texts::stop.in(language);
  dialog.cancel = texts::cancel.in(language);
  return dialog;
}

Dialog card_dialog(const CardRequest& request, std::size_t place, Language language) {
  const auto& card = request.cards.at(place);
  const auto count = request.cards.size();
  const auto& question = count == 1 ? texts::cards_changed : texts::several_cards;
  Dialog dialog;
  dialog.title = texts::card_title.in(language);
  dialog.description =
      fmt::format("{}\n\n{}\n\n{}", question.in(language, name_of(request.caller, language)),
                  caller_lines(request.caller, language),
                  texts::card_of.in(language, place + 1, count, rpc::card_name(card.kind, card.holder, language)));
  if (!card.owner.empty())
    dialog.description += "\n" + texts::holder.in(language, safe_text(card.owner, max_shown_owner));
  dialog.description += reader_paragraph(card, language);
  dialog.approve = texts::use_this_card.in(language);
  if (place + 1 < count) dialog.refuse = texts::next_card.in(language);
  dialog.cancel = texts::cancel.in(language);
  return dialog;
}

} // namespace twcard::prompt
