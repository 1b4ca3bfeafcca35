#include "driver/card/hicos_files.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::card {

namespace sw = apdu::sw;

namespace {

constexpr std::size_t small_chunk = 16;

std::string selecting(std::uint16_t identifier) {
  return fmt::format("selecting file {:04X}", identifier);
}

} // namespace

void HicosFiles::select(std::initializer_list<std::uint16_t> identifiers) {
  for (const auto identifier : identifiers)
    apdu::expect_ok(reader::exchange(m_transaction, apdu::select_file(hicos_cla, identifier)), selecting(identifier));
}

bool HicosFiles::try_select(std::uint16_t identifier) {
  const auto response = reader::exchange(m_transaction, apdu::select_file(hicos_cla, identifier));
  if (response.status == sw::file_not_found) return false;
  apdu::expect_ok(response, selecting(identifier));
  return true;
}

Bytes HicosFiles::read(std::size_t offset, std::size_t size) {
  Bytes octets;
  while (octets.size() < size) {
    const auto wanted = std::min(m_chunk, size - octets.size());
    const auto response = reader::exchange(
        m_transaction, apdu::read_binary(hicos_cla, offset + octets.size(), static_cast<std::uint32_t>(wanted)));
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

} // namespace twcard::card
