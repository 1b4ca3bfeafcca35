#include "driver/card/citizen/hicos_certificates.hpp"

#include "driver/apdu/tlv.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "driver/card/certificate/fingerprint.hpp"
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
std::vector<CertificateEntry> usual_entries() {
  return {{0x0000, {}, {}}, {0x0700, {}, {}}, {0x0E00, {}, {}}, {0x1500, {}, {}}};
}
constexpr std::array<std::uint8_t, 3> usual_keys{0x01, 0x05, 0x11};

constexpr std::size_t max_directory_octets = 4096;
constexpr std::size_t max_certificates = 16;
constexpr std::size_t end_of_addresses = 0x8000; // of READ BINARY
constexpr std::size_t modulus_octets = 256;
constexpr std::size_t half_octets = modulus_octets / 2;

// A certificate with what finding its key, and the certificate again, needs.
struct Found {
  CardCertificate certificate;
  Bytes modulus;
  std::size_t offset = 0;
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
  if (offset + *size > end_of_addresses) throw Error(Errc::BadCardData, "certificate: beyond the end of the file");
  if (*size > octets.size()) {
    const auto rest = files.read(offset + octets.size(), *size - octets.size());
    octets.insert(octets.end(), rest.begin(), rest.end());
  }
  if (octets.size() < *size) throw Error(Errc::BadCardData, "certificate: cut off by the end of the file");
  octets.resize(*size);
  return octets;
}

// Where the directory gives no name, the certificate has the usual one of its role.
Found describe(Bytes der, const CertificateEntry& entry) {
  auto info = parse_certificate(der);
  Found found{
      {role_of(info), entry.id, entry.label, std::move(der), std::nullopt}, std::move(info.modulus), entry.offset};
  const auto name = [&found](const char* id, const char* label) {
    if (found.certificate.id.empty()) found.certificate.id = id;
    if (found.certificate.label.empty()) found.certificate.label = label;
  };
  switch (found.certificate.role) {
  case CertificateRole::Signature: name("SIGN", "cert1"); break;
  case CertificateRole::Encryption: name("KEYX", "cert2"); break;
  case CertificateRole::IssuingCa: name("CACert", "CACert"); break;
  case CertificateRole::RootCa: name("ROOTCACert", "ROOTCACert"); break;
  }
  return found;
}

std::vector<Found> read_all(HicosFiles& files, const std::vector<CertificateEntry>& entries) {
  std::vector<Found> all;
  for (const auto& entry : entries) {
    if (all.size() == max_certificates) break;
    try {
      auto der = read_certificate(files, entry.offset);
      if (!der.empty()) all.push_back(describe(std::move(der), entry));
    } catch (const Error& error) {
      if (!said_by_card(error.code())) throw;
      log::warning("hicos", "the certificate at {:04X} is left out: {}", entry.offset, error.what());
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

Bytes fingerprint_of(Bytes directory, const std::vector<Found>& all) {
  CertificateFingerprint fingerprint{std::move(directory), {}};
  const auto count = end_octets(all.size());
  for (const auto& found : all) {
    const auto& der = found.certificate.der;
    fingerprint.ends.push_back({found.offset + der.size() - count, to_bytes(ByteView(der).last(count))});
  }
  return fingerprint.to_octets();
}

} // namespace

HicosCertificates read_hicos_certificates(HicosFiles& files) {
  files.select_path({pki_directory});
  HicosCertificates reading;
  Bytes directory;
  const auto entries = tolerant("the certificate directory", [&files, &directory] {
    const auto octets = read_directory(files, certificate_directory);
    auto found = certificate_entries(octets);
    directory = directory_with_its_end(octets);
    return found;
  });
  files.select({certificate_file});
  auto all = read_all(files, entries);
  // One that is left out may be readable the next time; and what lies in the usual places does not follow from a
  // directory that points nowhere.
  if (!all.empty() && all.size() == entries.size() && !directory.empty())
    reading.directory = fingerprint_of(std::move(directory), all);
  if (all.empty()) all = read_all(files, usual_entries());
  if (all.empty()) throw Error(Errc::BadCardData, "no certificate on the card can be read");
  find_keys(files, all);
  for (auto& found : all) reading.certificates.push_back(std::move(found.certificate));
  return reading;
}

bool hicos_certificates_are_still(HicosFiles& files, ByteView fingerprint) {
  const auto known = CertificateFingerprint::from_octets(fingerprint);
  if (!known || known->ends.empty()) return false;
  files.select_path({pki_directory});
  if (!files.try_select(certificate_directory)) return false;
  if (!std::ranges::equal(files.read(0, known->directory.size()), known->directory)) return false;
  files.select({certificate_file});
  return std::ranges::all_of(known->ends, [&files](const CertificateEnd& end) {
    return end.place < end_of_addresses && std::ranges::equal(files.read(end.place, end.octets.size()), end.octets);
  });
}

} // namespace twcard::card
