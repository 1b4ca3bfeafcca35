#include "pkcs11/state/listing.hpp"

#include "driver/base/error.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace twcard::pkcs11 {

namespace json = boost::json;

namespace {

[[noreturn]] void refuse(std::string_view member) {
  throw Error(Errc::Internal, "token.list answers without a proper " + std::string(member));
}

const json::value& member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) refuse(name);
  return *value;
}

std::string text(const json::object& object, std::string_view name) {
  const auto* value = member(object, name).if_string();
  if (value == nullptr) refuse(name);
  return {value->data(), value->size()};
}

Bytes octets(const json::object& object, std::string_view name) {
  auto decoded = from_base64(text(object, name));
  if (!decoded) refuse(name);
  return std::move(*decoded);
}

bool flag(const json::object& object, std::string_view name) {
  const auto* value = member(object, name).if_bool();
  if (value == nullptr) refuse(name);
  return *value;
}

std::size_t size(const json::object& object, std::string_view name) {
  const auto* value = member(object, name).if_int64();
  if (value == nullptr || *value < 0) refuse(name);
  return static_cast<std::size_t>(*value);
}

const json::array& array(const json::object& object, std::string_view name) {
  const auto* value = member(object, name).if_array();
  if (value == nullptr) refuse(name);
  return *value;
}

const json::object& as_object(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  if (object == nullptr) refuse(name);
  return *object;
}

CardState parse_state(const std::string& name) {
  if (name == "empty") return CardState::Empty;
  if (name == "reading") return CardState::Reading;
  if (name == "ready") return CardState::Ready;
  if (name == "unrecognised") return CardState::Unrecognised;
  if (name == "failed") return CardState::Failed;
  refuse("state");
}

CertificateEntry parse_certificate(const json::object& object) {
  CertificateEntry entry;
  entry.id = text(object, "id");
  entry.label = text(object, "label");
  entry.identifier = octets(object, "identifier");
  entry.der = octets(object, "der");
  entry.subject = octets(object, "subject");
  entry.issuer = octets(object, "issuer");
  entry.serial_number = octets(object, "serial_number");
  entry.not_before = text(object, "not_before");
  entry.not_after = text(object, "not_after");
  entry.public_key_info = octets(object, "public_key_info");
  entry.key_hash = octets(object, "key_hash");
  entry.issuer_key_hash = octets(object, "issuer_key_hash");
  entry.modulus = octets(object, "modulus");
  entry.public_exponent = octets(object, "public_exponent");
  entry.authority = flag(object, "authority");
  entry.has_key = flag(object, "has_key");
  entry.signs = flag(object, "signs");
  entry.decrypts = flag(object, "decrypts");
  if (entry.has_key && entry.modulus.empty()) refuse("modulus");
  return entry;
}

ReaderEntry parse_reader(const json::object& object) {
  ReaderEntry entry;
  entry.reader = text(object, "reader");
  entry.state = parse_state(text(object, "state"));
  if (entry.state == CardState::Empty) return entry;
  entry.insertion = text(object, "insertion");
  if (entry.state != CardState::Ready) return entry;
  entry.label = text(object, "label");
  entry.manufacturer = text(object, "manufacturer");
  entry.model = text(object, "model");
  entry.serial_number = text(object, "serial_number");
  entry.min_pin = size(object, "min_pin");
  entry.max_pin = size(object, "max_pin");
  if (!member(object, "tries_left").is_null()) entry.tries_left = static_cast<int>(size(object, "tries_left"));
  for (const auto& certificate : array(object, "certificates"))
    entry.certificates.push_back(parse_certificate(as_object(certificate, "certificates")));
  return entry;
}

} // namespace

std::vector<ReaderEntry> parse_listing(const json::object& result) {
  std::vector<ReaderEntry> readers;
  for (const auto& reader : array(result, "readers")) readers.push_back(parse_reader(as_object(reader, "readers")));
  return readers;
}

} // namespace twcard::pkcs11
