#include "driver/card/certificate/fingerprint.hpp"

#include <algorithm>

namespace twcard::card {

namespace {

constexpr std::size_t budget = 300;
// Command (7 or 8), answer (up to 12), and prologue and checksum of two blocks (ISO/IEC 7816-3 section 11.3).
constexpr std::size_t select_cost = 28;
// READ BINARY: command (5), status (2), two blocks (8).
constexpr std::size_t read_cost = 15;
constexpr std::size_t most_octets = 8;

void append_number(Bytes& octets, std::size_t number) {
  octets.push_back(static_cast<std::uint8_t>(number >> 8 & 0xFF));
  octets.push_back(static_cast<std::uint8_t>(number & 0xFF));
}

std::size_t number_at(ByteView octets) {
  return std::size_t{octets[0]} << 8 | octets[1];
}

} // namespace

std::size_t end_octets(std::size_t certificates) {
  const auto each = (budget - select_cost) / std::max<std::size_t>(certificates, 1);
  return std::clamp<std::size_t>(each - std::min(each, read_cost), 1, most_octets);
}

Bytes CertificateFingerprint::to_octets() const {
  Bytes octets;
  append_number(octets, directory.size());
  octets.insert(octets.end(), directory.begin(), directory.end());
  for (const auto& end : ends) {
    append_number(octets, end.place);
    octets.push_back(static_cast<std::uint8_t>(end.octets.size()));
    octets.insert(octets.end(), end.octets.begin(), end.octets.end());
  }
  return octets;
}

std::optional<CertificateFingerprint> CertificateFingerprint::from_octets(ByteView octets) {
  CertificateFingerprint fingerprint;
  if (octets.size() < 2 || octets.size() - 2 < number_at(octets)) return std::nullopt;
  fingerprint.directory = to_bytes(octets.subspan(2, number_at(octets)));
  for (auto rest = octets.subspan(2 + fingerprint.directory.size()); !rest.empty();) {
    if (rest.size() < 3 || rest[2] == 0 || rest[2] > most_octets || rest.size() - 3 < rest[2]) return std::nullopt;
    fingerprint.ends.push_back({number_at(rest), to_bytes(rest.subspan(3, rest[2]))});
    rest = rest.subspan(3U + rest[2]);
  }
  return fingerprint;
}

} // namespace twcard::card
