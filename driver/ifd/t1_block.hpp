// One block of T=1: prologue, information field, epilogue (ISO/IEC 7816-3:2006, 11.3). The epilogue is the longitudinal
// redundancy check (LRC), the exclusive or of all octets before it.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace twcard::ifd {

enum class Supervisory : std::uint8_t { Resynchronise = 0x00, FieldSize = 0x01, Abort = 0x02, WaitingTime = 0x03 };

struct T1Block {
  enum class Kind { Information, Receipt, Request, Response };

  Kind kind = Kind::Information;
  std::uint8_t sequence = 0;                      // N(S) of an I-block, N(R) of an R-block: 0 or 1
  bool more = false;                              // I-block: the chain goes on
  std::uint8_t fault = 0;                         // R-block: 0 none, 1 error detection or parity, 2 other
  Supervisory order = Supervisory::Resynchronise; // S-blocks
  Bytes information;                              // at most 254 octets

  friend bool operator==(const T1Block&, const T1Block&) = default;
};

// The node address is 00: one card, one reader, no programming voltage.
[[nodiscard]] Bytes encode(const T1Block& block);

enum class BlockFault { ErrorDetection, Form };
struct DecodedBlock {
  std::optional<T1Block> block;
  BlockFault fault = BlockFault::Form; // where there is no block
};
// Any octets. Refuses a wrong length, check, node address, reserved bits, and information fields that the kind of block
// cannot have (R-blocks none; S-blocks of 0 or 1 octet, field sizes of 1 to 254).
[[nodiscard]] DecodedBlock decode_block(ByteView octets);

} // namespace twcard::ifd
