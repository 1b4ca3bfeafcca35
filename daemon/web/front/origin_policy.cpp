#include "daemon/web/front/origin_policy.hpp"

#include "driver/base/error.hpp"

namespace twcard::web {

void HostNames::add(std::string_view name) {
  auto lower = rpc::lower_case(name);
  if (!rpc::is_host(lower))
    throw Error(Errc::BadRequest, "not a host name: " + std::string(name.substr(0, rpc::max_host_size)));
  m_names.insert(std::move(lower));
}

bool HostNames::include(std::string_view host, std::uint16_t port) const {
  const auto lower = rpc::lower_case(host);
  const auto colon = rpc::port_colon(lower);
  if (colon == std::string::npos || lower.substr(colon + 1) != std::to_string(port)) return false;
  return m_names.contains(std::string_view(lower).substr(0, colon));
}

void OriginPolicy::deny(std::string_view origin) {
  auto canonical = parse_origin(origin, true);
  if (!canonical) throw Error(Errc::BadRequest, "not a web origin: " + std::string(origin.substr(0, max_origin_size)));
  m_denied.insert(std::move(*canonical));
}

} // namespace twcard::web
