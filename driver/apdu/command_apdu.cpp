#include "driver/apdu/command_apdu.hpp"

#include "driver/base/error.hpp"

namespace twcard::apdu {

namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t max_short_data = 255;
constexpr std::size_t max_short_le = 256;
constexpr std::size_t max_extended_data = 65535;
constexpr std::size_t max_extended_le = 65536;
constexpr std::size_t max_response = max_extended_le + 2;

std::uint32_t two_octets(ByteView octets, std::size_t at) {
  return static_cast<std::uint32_t>(octets[at] << 8 | octets[at + 1]);
}

void append_two_octets(ScrubbedBytes& octets, std::size_t value) {
  octets.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFF));
  octets.push_back(static_cast<std::uint8_t>(value & 0xFF));
}

// A length field that says 0 stands for its maximum.
std::uint32_t le_of(std::uint32_t field, std::size_t maximum) {
  return field == 0 ? static_cast<std::uint32_t>(maximum) : field;
}

Error malformed() {
  return {Errc::BadRequest, "command APDU: the length fields do not fit the octets"};
}

} // namespace

ScrubbedBytes CommandApdu::encode() const {
  if (data.size() > max_extended_data) throw Error(Errc::BadRequest, "command APDU: more than 65,535 octets of data");
  if (le && (*le == 0 || *le > max_extended_le)) throw Error(Errc::BadRequest, "command APDU: Le is not 1 to 65,536");
  const bool extended = data.size() > max_short_data || (le && *le > max_short_le);

  ScrubbedBytes octets;
  octets.reserve(header_size + 3 + data.size() + 2);
  octets = {cla, ins, p1, p2};
  if (!extended) {
    if (!data.empty()) octets.push_back(static_cast<std::uint8_t>(data.size()));
    octets.insert(octets.end(), data.begin(), data.end());
    if (le) octets.push_back(static_cast<std::uint8_t>(*le & 0xFF));
    return octets;
  }
  octets.push_back(0);
  if (!data.empty()) append_two_octets(octets, data.size());
  octets.insert(octets.end(), data.begin(), data.end());
  if (le) append_two_octets(octets, *le);
  return octets;
}

CommandApdu CommandApdu::decode(ByteView octets) {
  if (octets.size() < header_size) throw malformed();
  CommandApdu command{octets[0], octets[1], octets[2], octets[3], {}, std::nullopt};
  const auto body = octets.subspan(header_size);
  const auto take = [&command](ByteView part) { command.data.assign(part.begin(), part.end()); };

  if (body.empty()) return command;
  if (body.size() == 1) {
    command.le = le_of(body[0], max_short_le);
    return command;
  }
  if (body[0] != 0) {
    const std::size_t lc = body[0];
    const bool with_le = body.size() == lc + 2;
    if (!with_le && body.size() != lc + 1) throw malformed();
    take(body.subspan(1, lc));
    if (with_le) command.le = le_of(body.back(), max_short_le);
    return command;
  }
  if (body.size() < 3) throw malformed();
  if (body.size() == 3) {
    command.le = le_of(two_octets(body, 1), max_extended_le);
    return command;
  }
  const std::size_t lc = two_octets(body, 1);
  const bool with_le = body.size() == lc + 5;
  if (lc == 0 || (!with_le && body.size() != lc + 3)) throw malformed();
  take(body.subspan(3, lc));
  if (with_le) command.le = le_of(two_octets(body, lc + 3), max_extended_le);
  return command;
}

Bytes ResponseApdu::encode() const {
  Bytes octets;
  octets.reserve(data.size() + 2);
  octets.insert(octets.end(), data.begin(), data.end());
  octets.push_back(status.sw1());
  octets.push_back(status.sw2());
  return octets;
}

ResponseApdu ResponseApdu::decode(ByteView octets) {
  if (octets.size() < 2) throw Error(Errc::BadCardData, "response APDU: shorter than a status word");
  if (octets.size() > max_response) throw Error(Errc::BadCardData, "response APDU: longer than 65,538 octets");
  const auto data = octets.first(octets.size() - 2);
  return {to_bytes(data), StatusWord(static_cast<std::uint16_t>(two_octets(octets, data.size())))};
}

} // namespace twcard::apdu
