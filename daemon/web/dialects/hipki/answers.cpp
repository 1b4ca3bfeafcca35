#include "daemon/web/dialects/hipki/answers.hpp"

#include "rpc/error_text.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdint>

namespace twcard::web::hipki {

namespace json = boost::json;

namespace {

constexpr std::string_view success = "SUCCESS";

// Pages paste it between the quotation marks of a JSON text of their own.
std::string pasteable(std::string_view message) {
  std::string text(message);
  for (auto& character : text) {
    if (character == '"') character = '\'';
    if (character == '\\') character = '/';
    if (static_cast<unsigned char>(character) < ' ') character = ' ';
  }
  return text;
}

json::object head(std::string_view func, Codes codes, std::string_view message) {
  json::object answer{{"func", func},
                      {"ret_code", static_cast<std::uint32_t>(codes.ret_code)},
                      {"last_error", static_cast<std::int32_t>(codes.last_error)},
                      {"message", pasteable(message)},
                      {"serverVersion", interface_version}};
  if (codes.last_error != LastError::None) answer["message2"] = text_of(codes.last_error);
  return answer;
}

std::string joined(const std::vector<std::string>& usage) {
  std::string text;
  for (const auto& name : usage) text += (text.empty() ? "" : "|") + name;
  return text;
}

std::string id_form(const KeyCertificate& certificate) {
  return to_base64(as_bytes(certificate.id));
}

json::object certificate_form(const KeyCertificate& certificate) {
  return {
      {"certb64", certificate.der},           {"label", certificate.label},        {"id", id_form(certificate)},
      {"usage", joined(certificate.usage)},   {"sn", certificate.serial_number},   {"subjectDN", certificate.subject},
      {"subjectCN", certificate.common_name}, {"issuerDN", certificate.issuer},    {"subjectID", certificate.last_four},
      {"notBeforeT", certificate.not_before}, {"notAfterT", certificate.not_after}};
}

json::value token_form(const Reader& reader, bool with_certificates, bool with_keys) {
  if (reader.unknown_card) return "unknown token";
  if (!reader.card) return nullptr;
  json::object token{{"serialNumber", reader.card->serial_number}};
  json::array certificates;
  json::array keys;
  for (const auto& certificate : reader.card->certificates) {
    certificates.push_back(certificate_form(certificate));
    if (certificate.has_key)
      keys.push_back(json::object{{"id", id_form(certificate)}, {"keyb64", certificate.public_key}});
  }
  if (with_certificates) token["certs"] = std::move(certificates);
  if (with_keys) token["keys"] = std::move(keys);
  return token;
}

bool is_utf8(ByteView octets) {
  for (std::size_t at = 0; at < octets.size();) {
    const auto first = octets[at];
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
    if (size == 0 || at + size > octets.size()) return false;
    for (std::size_t next = 1; next < size; ++next)
      if ((octets[at + next] & 0xC0) != 0x80) return false;
    const auto second = size > 1 ? octets[at + 1] : 0;
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    if (overlong || (first == 0xED && second >= 0xA0) || (first == 0xF4 && second >= 0x90)) return false;
    at += size;
  }
  return true;
}

} // namespace

std::string_view name_of(AnswerKind kind) {
  switch (kind) {
  case AnswerKind::Information: return "pkcs11info";
  case AnswerKind::Sign: return "sign";
  case AnswerKind::Decrypt: return "decrypt";
  }
  return "";
}

std::string failure_answer(std::string_view func, Codes codes, const std::string& message) {
  auto answer = head(func, codes, message);
  // Pages count the readers before they look at the code.
  if (func == name_of(AnswerKind::Information)) answer["slots"] = json::array();
  return json::serialize(answer);
}

std::string failure_answer(AnswerKind kind, const Error& error) {
  auto message = rpc::text_of(error, Language::TraditionalChinese);
  // The context of other errors could tell about this machine.
  if (error.code() == Errc::BadRequest) message += std::string(" (") + error.what() + ")";
  return failure_answer(name_of(kind), codes_of(error, kind), message);
}

std::string information_answer(const std::vector<Reader>& readers, bool with_certificates, bool with_keys) {
  auto answer = head(name_of(AnswerKind::Information), {}, success);
  json::array slots;
  for (const bool with_card : {true, false})
    for (const auto& reader : readers)
      if (reader.card.has_value() == with_card)
        slots.push_back(json::object{{"slotDescription", reader.name},
                                     {"token", token_form(reader, with_certificates, with_keys)}});
  answer["slots"] = std::move(slots);
  return json::serialize(answer);
}

std::string pixel_text(std::string_view text) {
  const auto escape = [](std::uint32_t unit) {
    const auto octets = std::array{static_cast<std::uint8_t>(unit >> 8U), static_cast<std::uint8_t>(unit)};
    return "\\u" + to_hex(octets);
  };
  std::string pixels;
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (size == 1) pixels += text[at];
    if (size > 1) {
      std::uint32_t character = first & (0xFFU >> (size + 1));
      for (std::size_t next = 1; next < size && at + next < text.size(); ++next)
        character = character << 6U | (static_cast<unsigned char>(text[at + next]) & 0x3FU);
      // UTF-16 (RFC 8259 section 7)
      if (character >= 0x10000) pixels += escape(0xD800 + ((character - 0x10000) >> 10U & 0x3FFU));
      pixels += escape(character >= 0x10000 ? 0xDC00 + (character & 0x3FFU) : character);
    }
    at += size;
  }
  pixels.resize((pixels.size() + 2) / 3 * 3, ' ');
  return pixels;
}

std::string sign_answer(const Signed& result) {
  auto answer = head(name_of(AnswerKind::Sign), {}, success);
  answer["signature"] = to_base64(result.signature);
  answer["certb64"] = result.certificate;
  answer["cardSN"] = result.card_number;
  return json::serialize(answer);
}

std::optional<std::string> decrypt_answer(ByteView plain, bool as_base64) {
  if (!as_base64 && !is_utf8(plain)) return std::nullopt;
  auto answer = head(name_of(AnswerKind::Decrypt), {}, success);
  answer["plain"] = as_base64 ? to_base64(plain) : std::string(as_text(plain));
  return json::serialize(answer);
}

} // namespace twcard::web::hipki
