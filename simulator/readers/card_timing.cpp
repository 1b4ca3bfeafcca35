#include "simulator/readers/card_timing.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace twcard::simulator {

namespace {

constexpr std::uint32_t usual_line = 9600;
constexpr std::chrono::milliseconds usual_rsa{300};
constexpr std::uint32_t most_line = 10'000'000;
constexpr std::uint32_t most_rsa = 60'000;
constexpr std::size_t block_content = 254;
constexpr std::size_t block_frame = 4;
constexpr std::uint64_t units_a_character = 11;

[[noreturn]] void refuse(std::string_view part) {
  throw Error(Errc::BadRequest, "timing: '" + std::string(part) +
                                    "' is not none, real or real:line=BITS,rsa=MS (1 to " + std::to_string(most_line) +
                                    " bit/s, 0 to " + std::to_string(most_rsa) + " ms)");
}

std::uint32_t number(std::string_view text, std::uint32_t least, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) refuse(text);
  return value;
}

std::uint64_t characters(std::size_t octets) {
  const auto blocks = std::max<std::size_t>(1, (octets + block_content - 1) / block_content);
  const auto acknowledgements = blocks - 1;
  return octets + (blocks + acknowledgements) * block_frame;
}

} // namespace

CardTiming CardTiming::parse(std::string_view text) {
  if (text == "none") return {};
  CardTiming timing{usual_line, usual_rsa};
  if (text == "real") return timing;
  constexpr std::string_view with_values = "real:";
  if (!text.starts_with(with_values)) refuse(text);
  text.remove_prefix(with_values.size());
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());
    if (part.starts_with("line=")) {
      timing.line = number(part.substr(5), 1, most_line);
    } else if (part.starts_with("rsa=")) {
      timing.private_operation = std::chrono::milliseconds(number(part.substr(4), 0, most_rsa));
    } else {
      refuse(part);
    }
  }
  return timing;
}

std::chrono::microseconds CardTiming::of_exchange(std::size_t command_octets, std::size_t response_octets,
                                                  std::uint64_t private_operations) const noexcept {
  std::chrono::microseconds time = private_operation * private_operations;
  if (line != 0) {
    const auto units = (characters(command_octets) + characters(response_octets)) * units_a_character;
    time += std::chrono::microseconds(units * 1'000'000 / line);
  }
  return time;
}

} // namespace twcard::simulator
