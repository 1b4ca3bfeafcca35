// A frame of the service protocol: u32 JSON length, u32 blob length (big-endian), JSON text, blob.
// PINs, blocks to sign and signatures travel in the blob only, which is read straight into locked memory.
// Source: docs/service-protocol.md, "Frames".
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/secure_bytes.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace twcard::rpc {

inline constexpr std::size_t frame_header_size = 8;
inline constexpr std::size_t max_json_size = 256 * 1024;
inline constexpr std::size_t max_blob_size = 64 * 1024;
inline constexpr std::size_t max_json_depth = 8;

struct FrameHeader {
  std::uint32_t json_size = 0; // 1 to max_json_size octets
  std::uint32_t blob_size = 0; // 0 to max_blob_size octets

  [[nodiscard]] std::array<std::uint8_t, frame_header_size> encode() const;
  // Throws Error(BadRequest) naming the length that is over its limit.
  [[nodiscard]] static FrameHeader decode(std::span<const std::uint8_t, frame_header_size> octets);
};

struct Frame {
  std::string json;
  SecureBytes blob;

  // Header of this frame. Throws Error(BadRequest) over the limits.
  [[nodiscard]] FrameHeader header() const;
};

} // namespace twcard::rpc
