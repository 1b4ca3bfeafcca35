#include "daemon/web/dialects/hipki/signed_data.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace twcard::web::hipki {

namespace {

using crypto::HashFunction;

// Tags of ASN.1 (ITU-T X.690 section 8.1.2).
constexpr std::uint8_t integer = 0x02;
constexpr std::uint8_t octet_string = 0x04;
constexpr std::uint8_t printable_string = 0x13;
constexpr std::uint8_t utc_time = 0x17;
constexpr std::uint8_t generalized_time = 0x18;
constexpr std::uint8_t sequence = 0x30;
constexpr std::uint8_t set = 0x31;
constexpr std::uint8_t context_0 = 0xA0; // [0], constructed

// Whole OBJECT IDENTIFIERs.
constexpr auto data_type = std::to_array<std::uint8_t>({6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1});
constexpr auto signed_data_type = std::to_array<std::uint8_t>({6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2});
constexpr auto rsa_encryption = std::to_array<std::uint8_t>({6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1});
constexpr auto content_type = std::to_array<std::uint8_t>({6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3});
constexpr auto message_digest = std::to_array<std::uint8_t>({6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4});
constexpr auto signing_time = std::to_array<std::uint8_t>({6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5});
constexpr auto random_nonce = std::to_array<std::uint8_t>({6, 10, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 25, 3});
constexpr auto serial_number = std::to_array<std::uint8_t>({6, 3, 0x55, 4, 5});

constexpr std::array<std::uint8_t, 2> null = {5, 0};
constexpr std::array<std::uint8_t, 1> version = {1};

Bytes der(std::uint8_t tag, std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  Bytes octets;
  for (auto rest = size; rest != 0; rest >>= 8U) octets.insert(octets.begin(), static_cast<std::uint8_t>(rest));
  if (size < 0x80)
    octets = {static_cast<std::uint8_t>(size)};
  else
    octets.insert(octets.begin(), static_cast<std::uint8_t>(0x80 | octets.size()));
  octets.insert(octets.begin(), tag);
  for (const auto part : parts) octets.insert(octets.end(), part.begin(), part.end());
  return octets;
}

// AlgorithmIdentifier (RFC 3370 section 2.1, RFC 5754 section 2).
Bytes algorithm_of(HashFunction function) {
  constexpr auto sha1 = std::to_array<std::uint8_t>({6, 5, 0x2B, 14, 3, 2, 26});
  auto sha2 = std::to_array<std::uint8_t>({6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 0});
  switch (function) {
  case HashFunction::Sha1: return der(sequence, {sha1, null});
  case HashFunction::Sha224: sha2.back() = 4; break;
  case HashFunction::Sha256: sha2.back() = 1; break;
  case HashFunction::Sha384: sha2.back() = 2; break;
  case HashFunction::Sha512: sha2.back() = 3; break;
  }
  return der(sequence, {sha2, null});
}

Bytes attribute(ByteView type, ByteView value) {
  return der(sequence, {type, der(set, {value})});
}

// UTCTime until 2049 (RFC 5652 section 11.3).
Bytes time_of(std::time_t time) {
  std::tm parts{};
  if (::gmtime_r(&time, &parts) == nullptr) throw Error(Errc::Internal, "the time of signing has no date");
  const bool two_digits = parts.tm_year >= 50 && parts.tm_year < 150;
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), two_digits ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ", &parts);
  return der(two_digits ? utc_time : generalized_time, {as_bytes({text.data(), size})});
}

} // namespace

SignedData::SignedData(Bytes content, HashFunction function, const SignedAttributes& attributes)
    : m_content(std::move(content)), m_algorithm(algorithm_of(function)) {
  std::vector<Bytes> all{
      attribute(content_type, data_type),
      attribute(message_digest, der(octet_string, {crypto::hash_of(m_content, function)})),
  };
  if (attributes.signing_time) all.push_back(attribute(signing_time, time_of(*attributes.signing_time)));
  if (!attributes.nonce.empty()) all.push_back(attribute(random_nonce, der(octet_string, {attributes.nonce})));
  if (!attributes.card_number.empty())
    all.push_back(attribute(serial_number, der(printable_string, {as_bytes(attributes.card_number)})));
  std::ranges::sort(all); // a SET OF in DER
  for (const auto& each : all) m_attributes.insert(m_attributes.end(), each.begin(), each.end());
  // Hashed as the SET OF that they are, not with the tag that they have in the message (RFC 5652 section 5.4).
  m_hash = crypto::hash_of(der(set, {m_attributes}), function);
}

Bytes SignedData::assemble(ByteView certificate, ByteView issuer_and_serial, ByteView signature) const {
  const auto one = der(integer, {version});
  const auto signer = der(sequence, {one, issuer_and_serial, m_algorithm, der(context_0, {m_attributes}),
                                     der(sequence, {rsa_encryption, null}), der(octet_string, {signature})});
  const auto content = der(sequence, {data_type, der(context_0, {der(octet_string, {m_content})})});
  const auto message =
      der(sequence, {one, der(set, {m_algorithm}), content, der(context_0, {certificate}), der(set, {signer})});
  return der(sequence, {signed_data_type, der(context_0, {message})});
}

} // namespace twcard::web::hipki
