// What reader and card agree on after a reset: transmission factors, waiting times, the request for them (PPS) and the
// reader's parameter structure. ISO/IEC 7816-3:2006 clauses 7 to 11; CCID 1.1, 6.1.7.
#pragma once

#include "driver/ifd/atr.hpp"

#include <chrono>
#include <cstdint>

namespace twcard::ifd {

struct CardParameters {
  Protocol protocol = Protocol::T0;
  std::uint8_t factors = 0x11;                  // indices of F and D in force
  bool request_needed = false;                  // the card has to be asked for them by PPS
  std::chrono::milliseconds waiting_time{1000}; // work waiting time of T=0, block waiting time of T=1
};

// Chooses the factors of TA1 where this reader reaches their bit rate (115,200 bit/s at 3,580 kHz), else the default
// ones. Throws Error(UnsupportedCard) for a protocol that the card does not offer, blocks with a CRC, factors that the
// standard reserves in a card that insists on them.
[[nodiscard]] CardParameters choose_parameters(const AnswerToReset& atr, Protocol protocol);

// PPS request; a card agrees by sending the same octets back.
[[nodiscard]] Bytes parameter_request(const CardParameters& parameters);

// Five octets for T=0, seven for T=1.
[[nodiscard]] Bytes parameter_structure(const AnswerToReset& atr, const CardParameters& parameters);

} // namespace twcard::ifd
