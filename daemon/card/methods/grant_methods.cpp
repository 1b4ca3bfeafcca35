#include "daemon/card/methods/grant_methods.hpp"

#include "driver/base/error.hpp"
#include "rpc/params.hpp"
#include "rpc/web_origin.hpp"

#include <boost/json/array.hpp>

namespace twcard::service {

namespace json = boost::json;

namespace {

// The reader that has the card; null when none has.
json::value reader_with(const std::vector<ApprovedReader>& readers, const Bytes& card_number) {
  for (const auto& [name, card] : readers)
    if (card && (*card)->snapshot() != nullptr && card->snapshot().card_number_hash == card_number)
      return json::value(name);
  return nullptr;
}

} // namespace

rpc::Reply list_grants(const Permission& permission, const Caller& caller, const json::object& params) {
  rpc::only_members(params, {});
  const auto readers = permission.list_for_program(caller);
  json::array forms;
  for (const auto& grant : permission.grants()) {
    json::object form{{"site", grant.origin}, {"operation", name_of(grant.operation)}};
    if (!grant.fields.empty()) form["fields"] = json::array(grant.fields.begin(), grant.fields.end());
    form["reader"] = reader_with(readers, grant.card);
    form["given"] = day_text(grant.given);
    form["used"] = day_text(grant.used);
    forms.push_back(std::move(form));
  }
  json::object result{{"grants", std::move(forms)}};
  return {std::move(result), {}};
}

rpc::Reply revoke_grants(Permission& permission, const json::object& params) {
  rpc::only_members(params, {"site", "all"});
  const auto site = rpc::optional_string(params, "site", rpc::max_origin_size);
  if (rpc::optional_flag(params, "all") == site.has_value())
    throw Error(Errc::BadRequest, "site: either it or all is required");
  json::object result{{"revoked", permission.revoked(site)}};
  return {std::move(result), {}};
}

} // namespace twcard::service
