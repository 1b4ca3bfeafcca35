// SW1-SW2, ISO/IEC 7816-4 section 5.6.
#pragma once

#include "driver/base/error.hpp"

#include <compare>
#include <cstdint>
#include <optional>

namespace twcard::apdu {

class StatusWord final {
public:
  constexpr StatusWord() = default;
  constexpr explicit StatusWord(std::uint16_t value) : m_value(value) {}

  [[nodiscard]] constexpr std::uint16_t value() const { return m_value; }
  [[nodiscard]] constexpr std::uint8_t sw1() const { return static_cast<std::uint8_t>(m_value >> 8); }
  [[nodiscard]] constexpr std::uint8_t sw2() const { return static_cast<std::uint8_t>(m_value & 0xFF); }
  [[nodiscard]] constexpr bool ok() const { return m_value == 0x9000; }
  // 63Cn: the n of a refused verification.
  [[nodiscard]] constexpr std::optional<int> tries_left() const {
    if ((m_value & 0xFFF0) != 0x63C0) return std::nullopt;
    return m_value & 0x000F;
  }
  friend constexpr auto operator<=>(StatusWord, StatusWord) = default;

private:
  std::uint16_t m_value = 0;
};

namespace sw {
inline constexpr StatusWord ok{0x9000};
inline constexpr StatusWord end_of_file{0x6282};
inline constexpr StatusWord wrong_length{0x6700};
inline constexpr StatusWord security_status_not_satisfied{0x6982};
inline constexpr StatusWord authentication_method_blocked{0x6983};
inline constexpr StatusWord expected_sm_objects_missing{0x6987};
inline constexpr StatusWord file_not_found{0x6A82};
inline constexpr StatusWord record_not_found{0x6A83};
inline constexpr StatusWord referenced_data_not_found{0x6A88};
inline constexpr StatusWord wrong_parameters{0x6B00};
inline constexpr StatusWord instruction_not_supported{0x6D00};
inline constexpr StatusWord class_not_supported{0x6E00};
} // namespace sw

} // namespace twcard::apdu
