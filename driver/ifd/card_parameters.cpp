#include "driver/ifd/card_parameters.hpp"

#include "driver/base/error.hpp"

#include <array>

namespace twcard::ifd {

namespace {

constexpr std::uint64_t clock_hz = 3'580'000;
constexpr std::uint64_t fastest_rate = 115'200;
constexpr std::uint8_t default_factors = 0x11;

// Tables 7 and 8 of the standard; 0 is reserved.
constexpr std::array<std::uint16_t, 16> clock_factors{372, 372, 558, 744,  1116, 1488, 1860, 0,
                                                      0,   512, 768, 1024, 1536, 2048, 0,    0};
constexpr std::array<std::uint8_t, 16> rate_factors{0, 1, 2, 4, 8, 16, 32, 64, 12, 20, 0, 0, 0, 0, 0, 0};

std::uint64_t clock_factor(std::uint8_t factors) {
  return clock_factors[factors >> 4];
}
std::uint64_t rate_factor(std::uint8_t factors) {
  return rate_factors[factors & 0x0F];
}
bool standard(std::uint8_t factors) {
  return clock_factor(factors) != 0 && rate_factor(factors) != 0;
}
bool reachable(std::uint8_t factors) {
  return standard(factors) && rate_factor(factors) * clock_hz <= fastest_rate * clock_factor(factors);
}

std::chrono::milliseconds waiting_time(const AnswerToReset& atr, const CardParameters& parameters) {
  if (parameters.protocol == Protocol::T0) {
    const std::uint64_t clocks = 960ULL * atr.waiting_integer * clock_factor(parameters.factors);
    return std::chrono::milliseconds(clocks * 1000 / clock_hz + 1);
  }
  const std::uint64_t unit_clocks = clock_factor(parameters.factors) / rate_factor(parameters.factors) + 1;
  const std::uint64_t clocks = 11 * unit_clocks + (1ULL << atr.bwi) * 960 * 372;
  return std::chrono::milliseconds(clocks * 1000 / clock_hz + 1);
}

} // namespace

CardParameters choose_parameters(const AnswerToReset& atr, Protocol protocol) {
  if (atr.specific_mode ? *atr.specific_mode != static_cast<std::uint8_t>(protocol) : !atr.offers(protocol))
    throw Error(Errc::UnsupportedCard, "the card does not offer this protocol");
  if (protocol == Protocol::T1 && atr.cyclic_check)
    throw Error(Errc::UnsupportedCard, "the card checks its blocks with a CRC");
  CardParameters parameters{.protocol = protocol};
  if (atr.specific_mode) {
    if (!atr.implicit_parameters) parameters.factors = atr.ta1;
    if (!standard(parameters.factors)) throw Error(Errc::UnsupportedCard, "the card insists on reserved factors");
  } else {
    if (reachable(atr.ta1)) parameters.factors = atr.ta1;
    parameters.request_needed = parameters.factors != default_factors || atr.protocols.front() != protocol;
  }
  parameters.waiting_time = waiting_time(atr, parameters);
  return parameters;
}

Bytes parameter_request(const CardParameters& parameters) {
  Bytes request{0xFF, static_cast<std::uint8_t>(0x10 | static_cast<std::uint8_t>(parameters.protocol)),
                parameters.factors};
  request.push_back(static_cast<std::uint8_t>(request[0] ^ request[1] ^ request[2]));
  return request;
}

Bytes parameter_structure(const AnswerToReset& atr, const CardParameters& parameters) {
  const std::uint8_t convention = atr.inverse_convention ? 0x02 : 0x00;
  if (parameters.protocol == Protocol::T0)
    return {parameters.factors, convention, atr.extra_guard_time, atr.waiting_integer, atr.clock_stop_state};
  return {parameters.factors,
          static_cast<std::uint8_t>(0x10 | convention),
          atr.extra_guard_time,
          static_cast<std::uint8_t>((atr.bwi << 4) | atr.cwi),
          atr.clock_stop_state,
          atr.ifsc,
          0x00};
}

} // namespace twcard::ifd
