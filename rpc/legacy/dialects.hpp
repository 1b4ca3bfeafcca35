// The interfaces of the old local components: what they are called, and where pages look for them. Source:
// docs/dialects/protocol.md. twcard-web serves them, the CLI sets them up and looks after them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace twcard::rpc {

enum class LegacyDialect : std::uint8_t { Nhiicc, Hipki };
inline constexpr std::array legacy_dialects{LegacyDialect::Nhiicc, LegacyDialect::Hipki};

inline constexpr std::uint16_t nhiicc_web_socket_port = 7777; // by TLS
inline constexpr std::uint16_t nhiicc_http_port = 59001;
inline constexpr std::uint16_t nhiicc_https_port = 59002;
inline constexpr std::uint16_t hipki_port = 61161;

// The name by which sites reach NHIICC: a line in the hosts file has it point here.
inline constexpr std::string_view nhiicc_host = "iccert.nhi.gov.tw";

// Of our own pages and their requests.
inline constexpr const char* nhiicc_http_origin = "http://localhost:59001";
inline constexpr const char* nhiicc_https_origin = "https://localhost:59002";
inline constexpr const char* hipki_own_origin = "http://localhost:61161";

// The name in the settings and on the command line.
[[nodiscard]] constexpr std::string_view name_of(LegacyDialect dialect) {
  return dialect == LegacyDialect::Nhiicc ? "nhiicc" : "hipki";
}

[[nodiscard]] constexpr std::optional<LegacyDialect> legacy_dialect_named(std::string_view name) {
  const auto* found = std::ranges::find(legacy_dialects, name, name_of);
  if (found == legacy_dialects.end()) return std::nullopt;
  return *found;
}

[[nodiscard]] inline std::span<const std::uint16_t> ports_of(LegacyDialect dialect) {
  static constexpr std::array nhiicc{nhiicc_web_socket_port, nhiicc_http_port, nhiicc_https_port};
  static constexpr std::array hipki{hipki_port};
  if (dialect == LegacyDialect::Nhiicc) return nhiicc;
  return hipki;
}

} // namespace twcard::rpc
