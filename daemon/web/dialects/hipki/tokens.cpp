#include "daemon/web/dialects/hipki/tokens.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

namespace twcard::web::hipki {

namespace json = boost::json;

namespace {

std::string text(const json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

// YYYY-MM-DDTHH:MM:SSZ
std::time_t time_of(const std::string& text) {
  std::tm parts{};
  if (const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts); end == nullptr || *end != '\0')
    throw Error(Errc::Internal, "legacy.tokens: a time");
  return ::timegm(&parts);
}

bool has_text(const json::array& texts, std::string_view text) {
  return std::ranges::any_of(texts, [text](const auto& each) { return each.as_string() == text; });
}

KeyCertificate certificate_of(const json::object& form) {
  return {text(form, "id"),
          text(form, "label"),
          text(form, "der"),
          text(form, "ordered_subject"),
          text(form, "ordered_issuer"),
          text(form, "common_name"),
          text(form, "last_four"),
          text(form, "public_key"),
          text(form, "serial_number"),
          json::value_to<std::vector<std::string>>(form.at("usage")),
          time_of(text(form, "not_before")),
          time_of(text(form, "not_after")),
          form.at("has_key").as_bool(),
          has_text(form.at("default_for").as_array(), "sign")};
}

Reader reader_of(const json::object& form) {
  Reader reader{text(form, "name"), false, std::nullopt};
  const auto& token = form.at("token");
  reader.unknown_card = token.is_string();
  if (!token.is_object()) return reader;
  Card card{text(token.get_object(), "serial_number"), {}};
  if (const auto* list = token.get_object().if_contains("certificates"))
    for (const auto& certificate : list->as_array())
      card.certificates.push_back(certificate_of(certificate.as_object()));
  reader.card = std::move(card);
  return reader;
}

const Reader& chosen_reader(const std::vector<Reader>& readers, const std::optional<std::string>& name) {
  const Reader* chosen = nullptr;
  for (const auto& reader : readers) {
    if (!reader.card || (name && reader.name != *name)) continue;
    if (chosen != nullptr) throw Error(Errc::SeveralCards, "slotDescription: several cards");
    chosen = &reader;
  }
  if (chosen == nullptr) throw Error(Errc::NoCard, "no certificate card");
  return *chosen;
}

} // namespace

std::vector<Reader> readers_of(const json::object& result) {
  try {
    std::vector<Reader> readers;
    for (const auto& reader : result.at("readers").as_array()) readers.push_back(reader_of(reader.as_object()));
    return readers;
  } catch (const std::logic_error&) {
    throw Error(Errc::Internal, "legacy.tokens: unexpected form of the reply");
  } catch (const boost::system::system_error&) {
    throw Error(Errc::Internal, "legacy.tokens: unexpected form of the reply");
  }
}

std::optional<Choice> signing_certificate(const std::vector<Reader>& readers, const std::optional<std::string>& reader,
                                          const std::optional<std::string>& key) {
  const auto& chosen = chosen_reader(readers, reader);
  const auto& all = chosen.card->certificates;
  const auto fits = [&key](const KeyCertificate& certificate) {
    return key ? certificate.has_key && certificate.id == *key : certificate.signs_by_default;
  };
  const auto certificate = std::ranges::find_if(all, fits);
  if (certificate == all.end()) return std::nullopt;
  return Choice{chosen, *certificate};
}

} // namespace twcard::web::hipki
