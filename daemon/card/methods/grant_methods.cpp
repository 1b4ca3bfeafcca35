#include "daemon/card/methods/grant_methods.hpp"

#include "driver/base/error.hpp"
#include "rpc/params.hpp"
#include "rpc/web_origin.hpp"

#include <boost/json/array.hpp>

namespace twcard::service {

namespace json = boost::json;

json::value GrantMethods::reader_with(const Bytes& card) const {
  for (const auto& [name, token] : m_cards->readers())
    if (token && token->snapshot() != nullptr && token->snapshot()->card_number_hash == card) return json::value(name);
  return nullptr;
}

rpc::Reply GrantMethods::list(const json::object& params) const {
  rpc::only_members(params, {});
  json::array forms;
  for (const auto& grant : m_grants->all()) {
    json::object form{{"site", grant.origin}, {"operation", name_of(grant.operation)}};
    if (!grant.fields.empty()) form["fields"] = json::array(grant.fields.begin(), grant.fields.end());
    form["reader"] = reader_with(grant.card);
    form["given"] = day_text(grant.given);
    form["used"] = day_text(grant.used);
    forms.push_back(std::move(form));
  }
  json::object result{{"grants", std::move(forms)}};
  return {std::move(result), {}};
}

rpc::Reply GrantMethods::revoke(const json::object& params) {
  rpc::only_members(params, {"site", "all"});
  auto site = rpc::optional_string(params, "site", rpc::max_origin_size);
  if (rpc::optional_flag(params, "all") == site.has_value())
    throw Error(Errc::BadRequest, "site: either it or all is required");
  m_consents.revoke(site);
  m_events.revoke(site);
  json::object result{{"revoked", m_grants->revoke(site)}};
  return {std::move(result), {}};
}

} // namespace twcard::service
