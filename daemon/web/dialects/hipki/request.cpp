#include "daemon/web/dialects/hipki/request.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

namespace twcard::web::hipki {

namespace json = boost::json;

namespace {

constexpr std::size_t max_message = std::size_t{64} * 1024;
constexpr std::size_t max_depth = 8;
constexpr std::size_t max_nonce_octets = 256;
constexpr std::size_t max_cipher_octets = 512; // RSA 4096
constexpr std::string_view absent = "__NotExistedTag__";
constexpr std::string_view form_field = "tbsPackage=";

constexpr std::array<std::pair<std::string_view, Function>, 4> functions{{
    {"GetUserCert", Function::UserCertificates},
    {"CheckEnvir", Function::Environment},
    {"MakeSignature", Function::MakeSignature},
    {"DecryptData", Function::DecryptData},
}};

constexpr std::array<std::pair<std::string_view, crypto::HashFunction>, 4> hash_functions{{
    {"SHA1", crypto::HashFunction::Sha1},
    {"SHA256", crypto::HashFunction::Sha256},
    {"SHA384", crypto::HashFunction::Sha384},
    {"SHA512", crypto::HashFunction::Sha512},
}};

constexpr std::array<std::pair<std::string_view, SignatureType>, 3> signature_types{{
    {"PKCS1", SignatureType::Pkcs1},
    {"PKCS7", SignatureType::Pkcs7},
    {"RAW", SignatureType::Raw},
}};

[[noreturn]] void bad(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

template <typename Table>
auto row_of(const Table& table, std::string_view name) -> std::optional<typename Table::value_type::second_type> {
  const auto row = std::ranges::find(table, name, [](const auto& entry) { return entry.first; });
  if (row == table.end()) return std::nullopt;
  return row->second;
}

// Percent-decoded; a % that is not followed by two hexadecimal digits stays.
std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto octet = text[at] == '%' ? from_hex(text.substr(at + 1, 2)) : std::nullopt;
    if (octet && octet->size() == 1) {
      decoded += static_cast<char>(octet->front());
      at += 2;
    } else {
      decoded += plus_is_space && text[at] == '+' ? ' ' : text[at];
    }
  }
  return decoded;
}

Bytes base64_of(std::string text, const std::string& member) {
  std::erase_if(text, [](char character) { return character == '\r' || character == '\n' || character == ' '; });
  auto octets = from_base64(text);
  if (!octets) bad(member + ": no base64");
  return std::move(*octets);
}

} // namespace

std::optional<Message> Message::parse(std::string_view text) {
  if (text.size() > max_message) return std::nullopt;
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code failure;
  auto value = json::parse({text.data(), text.size()}, failure, {}, options);
  if (failure || !value.is_object()) return std::nullopt;
  return Message(std::move(value.get_object()));
}

std::optional<Message> Message::parse_form(std::string_view body) {
  if (!body.starts_with(form_field)) return std::nullopt;
  const auto value = body.substr(form_field.size());
  // The old pages put the JSON there as it is; a form or URLSearchParams encodes it.
  if (value.starts_with('{')) return parse(value);
  return parse(percent_decoded(value, true));
}

std::optional<std::string> Message::text(std::string_view name) const {
  const auto* value = m_members.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_bool()) return value->get_bool() ? "true" : "false";
  if (!value->is_string()) bad(std::string(name) + ": text is expected");
  const std::string_view text = value->get_string();
  if (text.empty() || text == absent) return std::nullopt;
  // Pages send encodeURIComponent() of it, or the text itself with every + as %2B.
  return percent_decoded(text, false);
}

bool Message::flag(std::string_view name, bool otherwise) const {
  const auto value = text(name);
  if (!value) return otherwise;
  if (*value != "true" && *value != "false") bad(std::string(name) + ": \"true\" or \"false\"");
  return *value == "true";
}

std::string Message::function_name() const {
  return text("func").value_or("");
}

std::optional<Function> Message::function() const {
  return row_of(functions, function_name());
}

SignRequest Message::sign_request() const {
  SignRequest request;
  const auto type = row_of(signature_types, text("signatureType").value_or("PKCS1"));
  if (!type) bad("signatureType: PKCS1, PKCS7 or RAW");
  request.type = *type;

  const auto tbs = text("tbs");
  if (!tbs) bad("tbs: nothing to sign");
  const auto encoding = text("tbsEncoding").value_or("NONE");
  if (encoding != "NONE" && encoding != "base64") bad("tbsEncoding: NONE or base64");
  const bool is_base64 = encoding == "base64" || request.type == SignatureType::Raw;
  request.content = is_base64 ? base64_of(*tbs, "tbs") : to_bytes(as_bytes(*tbs));

  const auto hash_function = row_of(hash_functions, text("hashAlgorithm").value_or("SHA256"));
  if (!hash_function) bad("hashAlgorithm: SHA1, SHA256, SHA384 or SHA512");
  request.hash_function = *hash_function;

  if (auto nonce = text("nonce")) {
    if (nonce->size() % 2 != 0) nonce->insert(0, 1, '0');
    auto octets = from_hex(*nonce);
    if (!octets || octets->size() > max_nonce_octets) bad("nonce: at most 256 octets in hexadecimal");
    request.nonce = std::move(*octets);
  }
  request.with_card_number = flag("withCardSN");
  request.with_certificate = flag("withCert", true);
  request.with_signing_time = flag("withSigningTime");
  request.check_validity = flag("checkValidity");
  return request;
}

DecryptRequest Message::decrypt_request() const {
  DecryptRequest request;
  const auto cipher = text("cipher");
  if (!cipher) bad("cipher: missing");
  request.cipher = base64_of(*cipher, "cipher");
  if (request.cipher.empty()) bad("cipher: missing");
  if (request.cipher.size() > max_cipher_octets) bad("cipher: more than one RSA block");
  const auto type = text("cipherType").value_or("PKCS1");
  if (type != "PKCS1" && type != "RSA") bad("cipherType: PKCS1 or RSA");
  const auto encoding = text("plainEncoding").value_or("NONE");
  if (encoding != "NONE" && encoding != "base64") bad("plainEncoding: NONE or base64");
  request.plain_as_base64 = encoding == "base64";
  return request;
}

std::optional<std::string> Message::reader() const {
  return text("slotDescription");
}

std::optional<std::string> Message::key() const {
  auto given = text("keyidb64");
  if (!given) return std::nullopt;
  const auto id = from_base64(*given);
  if (id && !id->empty() && std::ranges::all_of(*id, [](auto octet) { return octet > ' ' && octet < 0x7F; }))
    return std::string(as_text(*id));
  return given;
}

SecureBytes Message::pin() const {
  auto pin = text("pin").value_or("");
  auto secret = SecureBytes::copy_of(as_bytes(pin));
  wipe(pin.data(), pin.size());
  return secret;
}

} // namespace twcard::web::hipki
