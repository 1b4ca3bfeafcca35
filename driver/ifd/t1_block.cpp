#include "driver/ifd/t1_block.hpp"

#include <numeric>
#include <utility>

namespace twcard::ifd {

namespace {

constexpr std::size_t prologue = 3;
constexpr std::size_t epilogue = 1;

std::uint8_t exclusive_or(ByteView octets) {
  return std::accumulate(octets.begin(), octets.end(), std::uint8_t{0}, std::bit_xor<std::uint8_t>());
}

std::uint8_t control_of(const T1Block& block) {
  switch (block.kind) {
  case T1Block::Kind::Information: return static_cast<std::uint8_t>((block.sequence << 6) | (block.more ? 0x20 : 0x00));
  case T1Block::Kind::Receipt: return static_cast<std::uint8_t>(0x80 | (block.sequence << 4) | block.fault);
  case T1Block::Kind::Request: return static_cast<std::uint8_t>(0xC0 | static_cast<std::uint8_t>(block.order));
  case T1Block::Kind::Response: return static_cast<std::uint8_t>(0xE0 | static_cast<std::uint8_t>(block.order));
  }
  return 0;
}

bool take_control(T1Block& block, std::uint8_t control) {
  if ((control & 0x80) == 0) {
    block.kind = T1Block::Kind::Information;
    block.sequence = (control >> 6) & 1;
    block.more = (control & 0x20) != 0;
    return (control & 0x1F) == 0;
  }
  if ((control & 0xC0) == 0x80) {
    block.kind = T1Block::Kind::Receipt;
    block.sequence = (control >> 4) & 1;
    block.fault = control & 0x03;
    return (control & 0x2C) == 0 && block.fault != 3;
  }
  block.kind = (control & 0x20) != 0 ? T1Block::Kind::Response : T1Block::Kind::Request;
  block.order = static_cast<Supervisory>(control & 0x03);
  return (control & 0x1C) == 0;
}

bool information_fits(const T1Block& block) {
  const std::size_t size = block.information.size();
  if (block.kind == T1Block::Kind::Information) return true;
  if (block.kind == T1Block::Kind::Receipt) return size == 0;
  switch (block.order) {
  case Supervisory::Resynchronise:
  case Supervisory::Abort: return size == 0;
  case Supervisory::FieldSize: return size == 1 && block.information[0] != 0x00 && block.information[0] != 0xFF;
  case Supervisory::WaitingTime: return size == 1;
  }
  return false;
}

} // namespace

Bytes encode(const T1Block& block) {
  Bytes octets{0x00, control_of(block), static_cast<std::uint8_t>(block.information.size())};
  octets.insert(octets.end(), block.information.begin(), block.information.end());
  octets.push_back(exclusive_or(octets));
  return octets;
}

DecodedBlock decode_block(ByteView octets) {
  if (octets.size() < prologue + epilogue || octets.size() != prologue + octets[2] + epilogue)
    return {std::nullopt, BlockFault::Form};
  if (exclusive_or(octets) != 0) return {std::nullopt, BlockFault::ErrorDetection};

  T1Block block;
  block.information = to_bytes(octets.subspan(prologue, octets[2]));
  if (octets[0] != 0x00 || octets[2] == 0xFF || !take_control(block, octets[1]) || !information_fits(block))
    return {std::nullopt, BlockFault::Form};
  return {std::move(block), BlockFault::Form};
}

} // namespace twcard::ifd
