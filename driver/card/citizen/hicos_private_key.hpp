// The RSA private operation of a citizen certificate card, the same three commands in both generations.
// Source: docs/cards/citizen.md, "Private operation".
#pragma once

#include "driver/apdu/command_apdu.hpp"

#include <cstdint>
#include <functional>

namespace twcard::card {

inline constexpr std::size_t hicos_block_octets = 256; // RSA 2048

// Sends a command of the operation in the way of the card's generation, and returns the whole answer.
using SendCommand = std::function<apdu::ResponseApdu(const apdu::CommandApdu& command)>;

// The result for a whole block, with the file of keys selected and the PIN verified. Throws Error(BadRequest) for a
// block that is not 256 octets long, BadCardData for such a result, what a refusal means, and what `send` throws.
[[nodiscard]] SecureBytes use_private_key(const SendCommand& send, std::uint8_t key_reference, ByteView block);

} // namespace twcard::card
