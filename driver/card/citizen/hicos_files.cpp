#include "driver/card/citizen/hicos_files.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::card {

namespace sw = apdu::sw;

namespace {

constexpr std::size_t small_chunk = 16;
constexpr std::uint16_t master_file = 0x3F00;
constexpr std::uint16_t current_application = 0x7FFF; // ISO/IEC 7816-4:2005 section 5.3.1.1
constexpr std::uint8_t applet_cla = 0x00;
constexpr std::size_t half_octets = 128;
constexpr std::size_t word_octets = 4;

std::uint8_t cla_of(Generation generation) {
  return generation == Generation::First ? hicos_cla : applet_cla;
}

// Generation 1 stores the 32-bit words of the modulus from its end on.
Bytes in_order(ByteView words) {
  Bytes octets;
  for (auto end = words.size(); end >= word_octets; end -= word_octets) {
    const auto word = words.subspan(end - word_octets, word_octets);
    octets.insert(octets.end(), word.begin(), word.end());
  }
  return octets;
}

std::string selecting(std::uint16_t identifier) {
  return fmt::format("selecting file {:04X}", identifier);
}

} // namespace

apdu::CommandApdu HicosFiles::select_command(std::uint16_t identifier) const {
  auto command = apdu::select_file(cla_of(m_generation), identifier);
  if (m_generation == Generation::Second) {
    command.p2 = 0x04; // control information comes back, and is not needed
    command.le = 256;
  }
  return command;
}

void HicosFiles::select_path(std::initializer_list<std::uint16_t> identifiers) {
  select({m_generation == Generation::First ? master_file : current_application});
  select(identifiers);
}

void HicosFiles::select(std::initializer_list<std::uint16_t> identifiers) {
  for (const auto identifier : identifiers)
    apdu::expect_ok(reader::exchange(m_transaction, select_command(identifier)), selecting(identifier));
}

bool HicosFiles::try_select(std::uint16_t identifier) {
  const auto response = reader::exchange(m_transaction, select_command(identifier));
  if (response.status == sw::file_not_found) return false;
  apdu::expect_ok(response, selecting(identifier));
  return true;
}

Bytes HicosFiles::read(std::size_t offset, std::size_t size) {
  Bytes octets;
  while (octets.size() < size) {
    const auto wanted = std::min(m_chunk, size - octets.size());
    const auto response =
        reader::exchange(m_transaction, apdu::read_binary(cla_of(m_generation), offset + octets.size(),
                                                          static_cast<std::uint32_t>(wanted)));
    if (response.status == sw::expected_sm_objects_missing && m_chunk > small_chunk) {
      m_chunk = small_chunk;
      continue;
    }
    const bool end = response.status == sw::end_of_file || response.status == sw::wrong_parameters;
    if (!end) apdu::expect_ok(response, "reading a file");
    if (response.data.size() > wanted) throw Error(Errc::BadCardData, "reading a file: more octets than asked for");
    octets.insert(octets.end(), response.data.begin(), response.data.end());
    if (end) break;
    if (response.data.empty()) throw Error(Errc::BadCardData, "reading a file: no octets, and no end of the file");
  }
  return octets;
}

std::optional<Bytes> HicosFiles::read_record(std::uint8_t identifier, std::size_t size) {
  auto response =
      reader::exchange(m_transaction, apdu::read_record(hicos_cla, identifier, static_cast<std::uint32_t>(size)));
  if (!response.status.ok() || response.data.size() != size) return std::nullopt;
  return std::move(response.data);
}

std::optional<ModulusHalf> HicosFiles::read_modulus_half(std::uint8_t key_reference) {
  if (m_generation == Generation::First) {
    constexpr std::uint8_t lower_half = 2; // the record after the key's own by so many
    const auto record = read_record(static_cast<std::uint8_t>(key_reference + lower_half), 1 + half_octets);
    if (!record) return std::nullopt;
    return ModulusHalf{false, in_order(ByteView(*record).last(half_octets))};
  }
  constexpr std::uint8_t upper_half = 0x03;
  auto response = reader::exchange(m_transaction, {hicos_cla, 0xB2, key_reference, upper_half, {}, 256});
  if (!response.status.ok() || response.data.size() != half_octets) return std::nullopt;
  return ModulusHalf{true, std::move(response.data)};
}

std::string read_card_number_file(HicosFiles& files) {
  constexpr std::size_t characters = 16;
  files.select_path({0x0900, 0x0903});
  const auto octets = files.read(0, characters);
  const auto is_of_number = [](auto octet) { return (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z'); };
  if (octets.size() != characters || !std::ranges::all_of(octets, is_of_number))
    throw Error(Errc::BadCardData, "card number: not 16 digits or capital letters");
  return std::string(as_text(octets));
}

} // namespace twcard::card
