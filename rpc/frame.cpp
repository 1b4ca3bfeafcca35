#include "rpc/frame.hpp"

#include "driver/base/error.hpp"

#include <fmt/format.h>

namespace twcard::rpc {

namespace {

void check(std::size_t json_size, std::size_t blob_size) {
  if (json_size == 0) throw Error(Errc::BadRequest, "frame without JSON");
  if (json_size > max_json_size)
    throw Error(Errc::BadRequest, fmt::format("JSON of {} octets, at most {} are allowed", json_size, max_json_size));
  if (blob_size > max_blob_size)
    throw Error(Errc::BadRequest, fmt::format("blob of {} octets, at most {} are allowed", blob_size, max_blob_size));
}

std::uint32_t big_endian(std::span<const std::uint8_t, 4> octets) {
  std::uint32_t value = 0;
  for (const auto octet : octets) value = value << 8 | octet;
  return value;
}

} // namespace

std::array<std::uint8_t, frame_header_size> FrameHeader::encode() const {
  std::array<std::uint8_t, frame_header_size> octets{};
  for (std::size_t i = 0; i < 4; ++i) {
    octets[i] = static_cast<std::uint8_t>(json_size >> (24 - 8 * i));
    octets[4 + i] = static_cast<std::uint8_t>(blob_size >> (24 - 8 * i));
  }
  return octets;
}

FrameHeader FrameHeader::decode(std::span<const std::uint8_t, frame_header_size> octets) {
  const FrameHeader header{big_endian(octets.first<4>()), big_endian(octets.last<4>())};
  check(header.json_size, header.blob_size);
  return header;
}

FrameHeader Frame::header() const {
  check(json.size(), blob.size());
  return {static_cast<std::uint32_t>(json.size()), static_cast<std::uint32_t>(blob.size())};
}

} // namespace twcard::rpc
