#include "daemon/card/methods/json_forms.hpp"

#include "daemon/card/readers/key_choice.hpp"
#include "driver/card/certificate/validity.hpp"
#include "rpc/error_text.hpp"
#include "rpc/vocabulary/nhi_field.hpp"

#include <algorithm>
#include <array>

namespace twcard::service {

namespace json = boost::json;

namespace {

// By the order of rpc::nhi_fields.
constexpr std::array<std::string card::NhiRecord::*, rpc::nhi_fields.size()> values_of_record = {
    &card::NhiRecord::card_number, &card::NhiRecord::name, &card::NhiRecord::id_number,
    &card::NhiRecord::birth_date,  &card::NhiRecord::sex,  &card::NhiRecord::issue_date,
    &card::NhiRecord::termination};

std::string_view name_of(ReaderEventType type) {
  switch (type) {
  case ReaderEventType::ReaderAdded: return "reader_added";
  case ReaderEventType::ReaderRemoved: return "reader_removed";
  case ReaderEventType::CardInserted: return "card_inserted";
  case ReaderEventType::CardReady: return "card_ready";
  case ReaderEventType::CardFailed: return "card_failed";
  case ReaderEventType::CardRemoved: return "card_removed";
  case ReaderEventType::PcscLost: return "pcsc_lost";
  case ReaderEventType::PcscBack: return "pcsc_back";
  }
  return "";
}

std::string_view name_of(card::CertificateRole role) {
  switch (role) {
  case card::CertificateRole::Signature: return "signature";
  case card::CertificateRole::Encryption: return "encryption";
  case card::CertificateRole::IssuingCa: return "issuing_ca";
  case card::CertificateRole::RootCa: return "root_ca";
  }
  return "";
}

// What the certificate's key may do (`uses`), and for which of that it is taken where a caller names none
// (`default_for`).
void add_uses(json::object& form, const Snapshot& snapshot, const TokenCertificate& certificate) {
  constexpr std::array<std::pair<KeyUse, std::string_view>, 3> uses{
      {{KeyUse::Login, "login"}, {KeyUse::Signing, "sign"}, {KeyUse::Decryption, "decrypt"}}};
  json::array possible;
  json::array first;
  for (const auto& [use, name] : uses) {
    if (is_for(certificate, use) && is_able(snapshot, certificate, use)) possible.push_back(json::string(name));
    if (key_for(snapshot, use, card::utc_now()) == &certificate) first.push_back(json::string(name));
  }
  form["uses"] = std::move(possible);
  form["default_for"] = std::move(first);
}

json::object certificate_form(const TokenCertificate& certificate) {
  const auto& on_card = certificate.on_card;
  const auto& info = certificate.info;
  return {{"id", on_card.id},
          {"label", on_card.label},
          {"role", name_of(on_card.role)},
          {"der", to_base64(on_card.der)},
          {"subject", info.subject},
          {"issuer", info.issuer},
          {"serial_number", info.serial_number},
          {"not_before", info.not_before},
          {"not_after", info.not_after},
          {"holder", card::name_of(info.holder)},
          {"key_bits", info.key_bits},
          {"usage", json::array(info.usage.begin(), info.usage.end())},
          {"has_key", on_card.key_reference.has_value()}};
}

bool has_pin(const Snapshot& snapshot) {
  return snapshot.pin_policy.max_length != 0;
}

} // namespace

json::object card_form(const Token& token, const TriesOf& tries) {
  json::object form{{"state", "reading"}, {"atr", to_hex(token.atr)}};
  if (const auto* snapshot = token.snapshot()) {
    form["state"] = "ready";
    form["kind"] = card::name_of(snapshot->kind);
    if (!snapshot->certificates.empty()) form["holder"] = card::name_of(holder_of(*snapshot));
    if (has_pin(*snapshot)) {
      const auto left = tries(*snapshot);
      form["tries_left"] = left ? json::value(*left) : json::value();
    }
    if (snapshot->missing_profile) form["missing_profile"] = *snapshot->missing_profile;
  } else if (const auto* error = token.failure()) {
    form["state"] = "failed";
    form["error"] = rpc::to_json(*error);
  }
  return form;
}

json::object event_form(const ReaderEvent& event, const TriesOf& tries) {
  json::object form{{"type", name_of(event.type)}};
  if (!event.reader.empty()) form["reader"] = event.reader;
  if (event.token) form["card"] = card_form(*event.token, tries);
  return form;
}

json::array faults_form(const std::vector<card::ProfileFault>& faults) {
  json::array array;
  for (const auto& fault : faults)
    array.push_back(json::object{
        {"file", fault.file.string()}, {"line", fault.line}, {"field", fault.field}, {"text", fault.text}});
  return array;
}

json::array certificates_form(const Snapshot& snapshot, bool for_site) {
  json::array array;
  for (const auto& certificate : snapshot.certificates)
    if (certificate.on_card.key_reference || !for_site) {
      auto form = certificate_form(certificate);
      add_uses(form, snapshot, certificate);
      array.push_back(std::move(form));
    }
  return array;
}

json::array certificates_for_pages(const Snapshot& snapshot) {
  auto forms = certificates_form(snapshot, false);
  auto form = forms.begin();
  for (const auto& certificate : snapshot.certificates) {
    const auto& info = certificate.info;
    auto& members = (form++)->get_object();
    members["ordered_subject"] = info.ordered_subject;
    members["ordered_issuer"] = info.ordered_issuer;
    members["common_name"] = info.common_name;
    members["last_four"] = info.last_four;
    members["public_key"] = to_base64(info.public_key);
  }
  return forms;
}

json::object nhi_form(const card::NhiRecord& record, const std::vector<std::string>& fields) {
  const auto asked = [&fields](std::string_view name) { return std::ranges::find(fields, name) != fields.end(); };
  json::object values;
  for (const auto field : rpc::nhi_fields)
    if (const auto name = rpc::name_of(field); asked(name))
      values[name] = record.*values_of_record.at(static_cast<std::size_t>(field));
  json::array warnings;
  for (const auto& warning : record.warnings) {
    const auto field = std::string_view(warning).substr(0, warning.find(':'));
    if (asked(field)) warnings.emplace_back(warning);
  }
  return {{"fields", std::move(values)},
          {"name_uncertain", asked("name") && record.name_uncertain},
          {"warnings", std::move(warnings)}};
}

} // namespace twcard::service
