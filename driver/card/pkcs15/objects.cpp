#include "driver/card/pkcs15/objects.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "driver/card/pkcs15/fields.hpp"

#include <algorithm>

namespace twcard::card {

namespace {

using apdu::Tlv;
using apdu::TlvReader;

constexpr std::size_t max_index = 0x7FFF; // of READ BINARY
constexpr std::size_t max_path_octets = 16;
constexpr std::size_t max_pin_octets = 64;

bool is_padding(std::uint8_t octet) {
  return octet == 0x00 || octet == 0xFF;
}

// Section 8.2.2: label, flags, identifier of the PIN, userConsent; the rest is not used here.
struct CommonAttributes {
  std::string label;
  Bytes auth_id;
  bool asks_each_time = false;
};

CommonAttributes common_attributes(Fields& members) {
  CommonAttributes common;
  auto fields = members.inside(tag::sequence, "common object attributes");
  if (const auto label = fields.take(tag::utf8_string)) common.label = text_of(*label);
  static_cast<void>(fields.take(tag::bit_string));
  if (const auto auth_id = fields.take(tag::octet_string)) common.auth_id = short_octets(*auth_id);
  common.asks_each_time = fields.take(tag::integer).has_value();
  return common;
}

Pkcs15Path path_in(Fields fields) {
  Pkcs15Path path;
  path.identifiers = short_octets(fields.require(tag::octet_string, "path: no file identifiers"));
  if (path.identifiers.size() % 2 != 0 || path.identifiers.size() > max_path_octets)
    bad_directory("path: not two to sixteen octets, two a file");
  if (const auto index = fields.take(tag::integer)) path.index = unsigned_of(*index, max_index);
  if (const auto length = fields.take(tag::context(0))) path.length = unsigned_of(*length, max_index);
  return path;
}

Pkcs15Algorithm algorithm_in(Fields fields) {
  constexpr std::size_t rsa_pkcs = 1; // mechanisms of PKCS #11
  constexpr std::size_t rsa_x_509 = 3;
  Pkcs15Algorithm algorithm;
  algorithm.index = unsigned_of(fields.require(tag::integer, "algorithm: no reference"));
  const auto mechanism = unsigned_of(fields.require(tag::integer, "algorithm: no mechanism"));
  if (mechanism == rsa_pkcs) algorithm.kind = Pkcs15Algorithm::Kind::Padding;
  if (mechanism == rsa_x_509) algorithm.kind = Pkcs15Algorithm::Kind::Raw;
  fields.skip(); // parameters
  static_cast<void>(fields.take(tag::bit_string));
  static_cast<void>(fields.take(tag::object_identifier));
  if (const auto reference = fields.take(tag::integer)) algorithm.reference = reference_of(*reference);
  return algorithm;
}

Pkcs15Pin::Encoding encoding_of(const Tlv& kind) {
  switch (kind.value.size() == 1 ? kind.value[0] : 0xFF) {
  case 0: return Pkcs15Pin::Encoding::PackedBcd;
  case 1:
  case 2: return Pkcs15Pin::Encoding::Text;
  case 3: return Pkcs15Pin::Encoding::HalfByteBcd;
  case 4: return Pkcs15Pin::Encoding::Iso9564;
  default: bad_directory("PIN: an unknown kind");
  }
}

Pkcs15Pin pin_in(Fields members) {
  enum Flag : unsigned { NeedsPadding = 5, Unblocks = 6, OfSecurityOfficer = 7, Integrity = 9, Confidential = 10 };
  Pkcs15Pin pin;
  static_cast<void>(common_attributes(members));
  auto common = members.inside(tag::sequence, "PIN: no authentication attributes");
  if (const auto auth_id = common.take(tag::octet_string)) pin.auth_id = short_octets(*auth_id);
  static_cast<void>(members.take(tag::context_constructed(0)));
  auto fields = members.inside(tag::context_constructed(1), "PIN: no type attributes")
                    .inside(tag::sequence, "PIN: no password attributes");

  const auto flags = fields.require(tag::bit_string, "PIN: no flags");
  pin.needs_padding = has_bit(flags, NeedsPadding);
  pin.unblocks = has_bit(flags, Unblocks) || has_bit(flags, OfSecurityOfficer);
  pin.protected_transfer = has_bit(flags, Integrity) || has_bit(flags, Confidential);
  const auto kind = fields.require(tag::enumerated, "PIN: no kind");
  pin.encoding = encoding_of(kind);
  pin.digits_only = kind.value[0] != 2;
  pin.min_length = unsigned_of(fields.require(tag::integer, "PIN: no least length"), max_pin_octets);
  pin.stored_length = unsigned_of(fields.require(tag::integer, "PIN: no stored length"), max_pin_octets);
  pin.max_length = pin.encoding == Pkcs15Pin::Encoding::PackedBcd ? 2 * pin.stored_length : pin.stored_length;
  if (const auto most = fields.take(tag::integer)) pin.max_length = unsigned_of(*most, max_pin_octets);
  if (const auto reference = fields.take(tag::context(0))) pin.reference = reference_of(*reference);
  if (const auto padding = fields.take(tag::octet_string)) {
    if (padding->value.size() != 1) bad_directory("PIN: padding that is not one octet");
    pin.padding = padding->value[0];
  }
  static_cast<void>(fields.take(tag::generalized_time));
  if (const auto path = fields.take(tag::sequence)) pin.path = path_in(fields.inside(*path));

  pin.min_length = std::max<std::size_t>(pin.min_length, 1);
  pin.max_length = std::min(pin.max_length, max_pin_octets);
  if (pin.min_length > pin.max_length) bad_directory("PIN: a least length above the greatest");
  return pin;
}

Pkcs15Key key_in(Fields members) {
  enum Usage : unsigned { Decrypt = 1, Sign = 2, SignRecover = 3, Unwrap = 5, NonRepudiation = 9 };
  Pkcs15Key key;
  auto common = common_attributes(members);
  key.auth_id = std::move(common.auth_id);
  key.asks_each_time = common.asks_each_time;

  auto fields = members.inside(tag::sequence, "key: no key attributes");
  key.id = short_octets(fields.require(tag::octet_string, "key: no identifier"));
  const auto usage = fields.require(tag::bit_string, "key: no usage");
  key.signs = has_bit(usage, Sign) || has_bit(usage, SignRecover) || has_bit(usage, NonRepudiation);
  key.decrypts = has_bit(usage, Decrypt) || has_bit(usage, Unwrap);
  static_cast<void>(fields.take(tag::boolean));
  static_cast<void>(fields.take(tag::bit_string));
  if (const auto reference = fields.take(tag::integer)) key.reference = reference_of(*reference);
  static_cast<void>(fields.take(tag::generalized_time));
  static_cast<void>(fields.take(tag::context(0)));
  if (const auto algorithms = fields.take(tag::context_constructed(1))) {
    auto each = fields.inside(*algorithms);
    while (const auto index = each.take(tag::integer)) key.algorithms.push_back(unsigned_of(*index));
  }

  static_cast<void>(members.take(tag::context_constructed(0)));
  auto rsa = members.inside(tag::context_constructed(1), "key: no type attributes")
                 .inside(tag::sequence, "key: no RSA attributes");
  rsa.skip(); // where the key is
  key.modulus_bits = unsigned_of(rsa.require(tag::integer, "key: no length"), 0xFFFF);
  return key;
}

Pkcs15Certificate certificate_in(Fields members) {
  Pkcs15Certificate certificate;
  certificate.label = common_attributes(members).label;
  auto common = members.inside(tag::sequence, "certificate: no certificate attributes");
  certificate.id = short_octets(common.require(tag::octet_string, "certificate: no identifier"));
  static_cast<void>(members.take(tag::context_constructed(0)));
  auto x509 = members.inside(tag::context_constructed(1), "certificate: no type attributes")
                  .inside(tag::sequence, "certificate: no X.509 attributes");
  if (const auto path = x509.take(tag::sequence)) {
    certificate.path = path_in(x509.inside(*path));
  } else {
    certificate.value =
        to_bytes(x509.require(tag::context_constructed(0), "certificate: neither path nor value").value);
  }
  return certificate;
}

// The entries of a directory with this tag, each by `parse`.
template <typename Parse>
auto entries_of(ByteView directory, std::string_view what, Parse parse) {
  std::vector<decltype(parse(std::declval<Fields>()))> all;
  while (!directory.empty() && !is_padding(directory.front()) && all.size() < max_pkcs15_objects) {
    const TlvReader level(directory);
    const auto entry = *TlvReader(directory).next();
    directory = directory.subspan(entry.encoded.size());
    if (entry.tag != tag::sequence) continue;
    try {
      all.push_back(parse(Fields(level.inside(entry))));
    } catch (const Error& error) {
      log::warning("pkcs15", "an entry of the {} is left out: {}", what, error.what());
    }
  }
  return all;
}

} // namespace

std::optional<std::size_t> pkcs15_directory_size(ByteView octets) {
  std::size_t size = 0;
  while (size < octets.size() && !is_padding(octets[size])) {
    const auto entry = apdu::size_of_tlv(octets.subspan(size));
    if (!entry || *entry > octets.size() - size) return std::nullopt;
    size += *entry;
  }
  if (size == octets.size()) return std::nullopt;
  return size + 1;
}

std::optional<Bytes> pkcs15_application_path(ByteView directory) {
  while (!directory.empty() && !is_padding(directory.front())) {
    const TlvReader level(directory);
    const auto entry = *TlvReader(directory).next();
    directory = directory.subspan(entry.encoded.size());
    if (entry.tag != tag::application_template) continue;
    bool ours = false;
    std::optional<Bytes> path;
    auto members = level.inside(entry);
    while (const auto member = members.next()) {
      if (member->tag == tag::application_identifier) ours = std::ranges::equal(member->value, pkcs15_identifier);
      if (member->tag == tag::application_path) path = short_octets(*member);
    }
    if (ours && path && !path->empty() && path->size() % 2 == 0 && path->size() <= max_path_octets) return path;
  }
  return std::nullopt;
}

Pkcs15Directories parse_pkcs15_object_directory(ByteView directory) {
  Pkcs15Directories found;
  std::vector<Pkcs15Path> trusted;
  std::size_t count = 0;
  while (!directory.empty() && !is_padding(directory.front()) && count++ < max_pkcs15_objects) {
    const TlvReader level(directory);
    const auto entry = *TlvReader(directory).next();
    directory = directory.subspan(entry.encoded.size());
    const auto into = [&]() -> std::vector<Pkcs15Path>* {
      switch (entry.tag) {
      case tag::context_constructed(0): return &found.private_keys;
      case tag::context_constructed(4): return &found.certificates;
      case tag::context_constructed(5):
      case tag::context_constructed(6): return &trusted;
      case tag::context_constructed(8): return &found.authentication_objects;
      default: return nullptr;
      }
    }();
    if (into == nullptr) continue;
    Fields fields(level.inside(entry));
    if (const auto path = fields.take(tag::sequence)) into->push_back(path_in(fields.inside(*path)));
  }
  found.certificates.insert(found.certificates.end(), trusted.begin(), trusted.end());
  return found;
}

Pkcs15TokenInfo parse_pkcs15_token_info(ByteView octets) {
  constexpr std::size_t max_serial_octets = 32;
  Pkcs15TokenInfo info;
  const TlvReader level(octets);
  const auto whole = *TlvReader(octets).next();
  if (whole.tag != tag::sequence) bad_directory("token information: no sequence");
  Fields fields(level.inside(whole));
  static_cast<void>(fields.require(tag::integer, "token information: no version"));
  info.serial_number = short_octets(fields.require(tag::octet_string, "token information: no serial number"));
  if (info.serial_number.size() > max_serial_octets) bad_directory("token information: a serial number over 32 octets");
  if (const auto manufacturer = fields.take(tag::utf8_string)) info.manufacturer = text_of(*manufacturer);
  if (const auto label = fields.take(tag::context(0))) info.label = text_of(*label);
  static_cast<void>(fields.take(tag::bit_string));
  static_cast<void>(fields.take(tag::sequence));               // security environments
  static_cast<void>(fields.take(tag::context_constructed(1))); // formats of records
  if (const auto algorithms = fields.take(tag::context_constructed(2))) {
    auto each = fields.inside(*algorithms);
    while (const auto algorithm = each.take(tag::sequence)) {
      if (info.algorithms.size() == max_pkcs15_objects) break;
      info.algorithms.push_back(algorithm_in(each.inside(*algorithm)));
    }
  }
  return info;
}

std::vector<Pkcs15Pin> parse_pkcs15_pins(ByteView directory) {
  return entries_of(directory, "authentication objects", pin_in);
}

std::vector<Pkcs15Key> parse_pkcs15_keys(ByteView directory) {
  return entries_of(directory, "private keys", key_in);
}

std::vector<Pkcs15Certificate> parse_pkcs15_certificates(ByteView directory) {
  return entries_of(directory, "certificates", certificate_in);
}

} // namespace twcard::card
