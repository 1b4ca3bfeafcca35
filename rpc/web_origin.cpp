#include "rpc/web_origin.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace twcard::rpc {

namespace {

constexpr std::size_t max_label_size = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_label_character(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= max_label_size && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), is_label_character);
}

// An address counts only in the one form that a browser sends.
bool is_canonical_address(int family, const std::string& text) {
  unsigned char address[sizeof(in6_addr)];
  char canonical[INET6_ADDRSTRLEN];
  return ::inet_pton(family, text.c_str(), address) == 1 &&
         ::inet_ntop(family, address, canonical, sizeof canonical) != nullptr && text == canonical;
}

bool is_name(std::string_view host) {
  if (host.size() > max_host_size) return false;
  for (;;) {
    const auto dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

// 1 to 65535 without leading zeros.
std::optional<std::uint16_t> parse_port(std::string_view text) {
  if (text.empty() || text.size() > 5 || text.front() == '0' || !std::all_of(text.begin(), text.end(), is_digit))
    return std::nullopt;
  std::uint32_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  if (port > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

} // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

std::size_t port_colon(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
}

bool is_host(std::string_view host) {
  if (host.starts_with('['))
    return host.ends_with(']') && is_canonical_address(AF_INET6, std::string(host.substr(1, host.size() - 2)));
  if (!is_name(host)) return false;
  // The URL standard reads a host whose last label begins like a number as an IPv4 address.
  const auto last = host.substr(host.rfind('.') + 1);
  const bool number = std::all_of(last.begin(), last.end(), is_digit) || last.starts_with("0x");
  return !number || is_canonical_address(AF_INET, std::string(host));
}

std::optional<std::string> parse_origin(std::string_view text, bool developer) {
  if (text.size() > max_origin_size) return std::nullopt;
  const auto lower = lower_case(text);
  const auto separator = lower.find("://");
  if (separator == std::string::npos) return std::nullopt;
  const auto scheme = lower.substr(0, separator);
  const auto authority = std::string_view(lower).substr(separator + 3);
  const auto colon = port_colon(authority);
  const auto host = authority.substr(0, colon);
  if (!is_host(host)) return std::nullopt;

  const bool secure = scheme == "https";
  if (!secure && !(developer && scheme == "http" && host == "localhost")) return std::nullopt;
  const auto origin = scheme + "://" + std::string(host);
  if (colon == std::string_view::npos) return origin;
  const auto port = parse_port(authority.substr(colon + 1));
  if (!port) return std::nullopt;
  const std::uint16_t default_port = secure ? 443 : 80;
  return *port == default_port ? origin : origin + ":" + std::to_string(*port);
}

bool is_origin(std::string_view text) {
  return parse_origin(text, true) == text;
}

} // namespace twcard::rpc
