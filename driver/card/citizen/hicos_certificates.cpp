#include "driver/card/citizen/hicos_certificates.hpp"

#include "driver/apdu/tlv.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "driver/card/citizen/hicos_directory.hpp"

#include <algorithm>
#include <array>

namespace twcard::card {

namespace {

constexpr std::uint16_t pki_directory = 0x5030;
constexpr std::uint16_t certificate_directory = 0x4104;
constexpr std::uint16_t certificate_file = 0x08F2;
constexpr std::uint16_t private_key_directory = 0x4100;
constexpr std::uint16_t key_container = 0x0810;

// Where cards keep them: root, issuing authority, encryption, signature.
constexpr std::array<std::size_t, 4> usual_offsets{0x0000, 0x0700, 0x0E00, 0x1500};
constexpr std::array<std::uint8_t, 3> usual_keys{0x01, 0x05, 0x11};

constexpr std::size_t max_directory_octets = 4096;
constexpr std::size_t max_certificates = 16;
constexpr std::size_t modulus_octets = 256;
constexpr std::size_t half_octets = modulus_octets / 2;

// A certificate with what finding its key needs.
struct Found {
  CardCertificate certificate;
  Bytes modulus;
};

// The content of a directory file, or nothing when the card has none.
Bytes read_directory(HicosFiles& files, std::uint16_t identifier) {
  Bytes octets;
  if (!files.try_select(identifier)) return octets;
  while (octets.size() < max_directory_octets && !directory_is_complete(octets)) {
    const auto more = files.read(octets.size(), HicosFiles::chunk);
    octets.insert(octets.end(), more.begin(), more.end());
    if (more.size() < HicosFiles::chunk) break;
  }
  return octets;
}

// Errors that are about what the card said, and not about the line to it.
bool said_by_card(Errc code) {
  return code == Errc::BadCardData || code == Errc::CardRefused || code == Errc::PinRequired;
}

// A directory that cannot be read or parsed is as good as none.
template <typename Read>
auto tolerant(std::string_view directory, Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const Error& error) {
    if (!said_by_card(error.code())) throw;
    log::warning("hicos", "{} is not usable: {}", directory, error.what());
    return {};
  }
}

// The octets of the certificate at `offset`, as long as its own DER header says; empty when none begins there.
Bytes read_certificate(HicosFiles& files, std::size_t offset) {
  auto octets = files.read(offset, HicosFiles::chunk);
  if (octets.empty() || octets.front() != 0x30) return {};
  const auto size = apdu::size_of_tlv(octets);
  if (!size || *size > max_certificate_octets) throw Error(Errc::BadCardData, "certificate: a length over 8 KiB");
  if (*size > octets.size()) {
    const auto rest = files.read(offset + octets.size(), *size - octets.size());
    octets.insert(octets.end(), rest.begin(), rest.end());
  }
  if (octets.size() < *size) throw Error(Errc::BadCardData, "certificate: cut off by the end of the file");
  octets.resize(*size);
  return octets;
}

Found describe(Bytes der) {
  auto info = parse_certificate(der);
  Found found{{role_of(info), {}, {}, std::move(der), std::nullopt}, std::move(info.modulus)};
  const auto name = [&found](const char* id, const char* label) {
    found.certificate.id = id;
    found.certificate.label = label;
  };
  switch (found.certificate.role) {
  case CertificateRole::Signature: name("SIGN", "cert1"); break;
  case CertificateRole::Encryption: name("KEYX", "cert2"); break;
  case CertificateRole::IssuingCa: name("CACert", "CACert"); break;
  case CertificateRole::RootCa: name("ROOTCACert", "ROOTCACert"); break;
  }
  return found;
}

template <typename Offsets>
std::vector<Found> read_all(HicosFiles& files, const Offsets& offsets) {
  std::vector<Found> all;
  for (const auto offset : offsets) {
    if (all.size() == max_certificates) break;
    try {
      auto der = read_certificate(files, offset);
      if (!der.empty()) all.push_back(describe(std::move(der)));
    } catch (const Error& error) {
      if (!said_by_card(error.code())) throw;
      log::warning("hicos", "the certificate at {:04X} is left out: {}", offset, error.what());
    }
  }
  return all;
}

bool wants_key(const Found& found) {
  const auto role = found.certificate.role;
  const bool person = role == CertificateRole::Signature || role == CertificateRole::Encryption;
  return person && !found.certificate.key_reference && found.modulus.size() == modulus_octets;
}

bool fits(const ModulusHalf& half, ByteView modulus) {
  const auto wanted = half.upper ? modulus.first(half_octets) : modulus.last(half_octets);
  return std::equal(wanted.begin(), wanted.end(), half.octets.begin(), half.octets.end());
}

template <typename References>
void find_keys(HicosFiles& files, std::vector<Found>& all, const References& references) {
  for (const auto reference : references) {
    if (std::none_of(all.begin(), all.end(), wants_key)) return;
    const auto half = files.read_modulus_half(reference);
    if (!half) continue;
    for (auto& found : all)
      if (wants_key(found) && fits(*half, found.modulus)) found.certificate.key_reference = reference;
  }
}

// The usual references come first, since asking for their records costs less than reading the directory of keys.
void find_keys(HicosFiles& files, std::vector<Found>& all) {
  if (!files.try_select(key_container)) return;
  find_keys(files, all, usual_keys);
  if (std::none_of(all.begin(), all.end(), wants_key)) return;

  const auto references = tolerant("the private key directory", [&files] {
    return private_key_references(read_directory(files, private_key_directory));
  });
  std::vector<std::uint8_t> others;
  std::copy_if(references.begin(), references.end(), std::back_inserter(others), [](std::uint8_t reference) {
    return std::find(usual_keys.begin(), usual_keys.end(), reference) == usual_keys.end();
  });
  if (!others.empty() && files.try_select(key_container)) find_keys(files, all, others);
}

} // namespace

HicosCertificates read_hicos_certificates(HicosFiles& files) {
  files.select_path({pki_directory});
  HicosCertificates reading;
  const auto offsets = tolerant("the certificate directory", [&files, &reading] {
    const auto octets = read_directory(files, certificate_directory);
    auto found = certificate_offsets(octets);
    reading.directory = directory_with_its_end(octets);
    return found;
  });
  files.select({certificate_file});
  auto all = read_all(files, offsets);
  if (all.empty()) {
    // What is there does not follow from the directory.
    reading.directory.clear();
    all = read_all(files, usual_offsets);
  }
  if (all.empty()) throw Error(Errc::BadCardData, "no certificate on the card can be read");
  if (all.size() < offsets.size()) reading.directory.clear(); // the one that is left out may be read the next time
  find_keys(files, all);
  for (auto& found : all) reading.certificates.push_back(std::move(found.certificate));
  return reading;
}

bool hicos_directory_begins_with(HicosFiles& files, ByteView directory) {
  files.select_path({pki_directory});
  return files.try_select(certificate_directory) && std::ranges::equal(files.read(0, directory.size()), directory);
}

} // namespace twcard::card
