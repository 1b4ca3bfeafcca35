#include "cli/service/card_certificates.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

bool has(const boost::json::value& certificate, std::string_view list, std::string_view name) {
  const auto* names = certificate.as_object().if_contains(list);
  return names != nullptr &&
         std::ranges::any_of(names->as_array(), [name](const auto& each) { return each.as_string() == name; });
}

} // namespace

std::vector<ListedCertificate> certificates_of(const boost::json::object& answer) {
  std::vector<ListedCertificate> listed;
  for (const auto& entry : answer.at("certificates").as_array()) {
    auto der = from_base64(entry.at("der").as_string());
    if (!der) throw Error(Errc::Internal, "certificates: der is not base64");
    listed.push_back({std::string(entry.at("id").as_string()), std::string(entry.at("role").as_string()),
                      std::move(*der), entry.at("has_key").as_bool(), has(entry, "uses", "sign"),
                      has(entry, "default_for", "sign")});
  }
  return listed;
}

std::string to_pem(ByteView der) {
  constexpr std::size_t line_length = 64;
  const auto base64 = to_base64(der);
  std::string pem = "-----BEGIN CERTIFICATE-----\n";
  for (std::size_t at = 0; at < base64.size(); at += line_length)
    pem += fmt::format("{}\n", std::string_view(base64).substr(at, line_length));
  return pem + "-----END CERTIFICATE-----\n";
}

} // namespace twcard::cli
