// The methods `grants.*` of the service protocol: what the person has granted to sites, and revoking it. For
// programs of the user: a request with an `origin` is refused. Source: docs/service-protocol.md, "Consents that are
// remembered".
#pragma once

#include "daemon/card/permission/permission.hpp"
#include "rpc/message.hpp"

namespace twcard::service {

// Both throw BadRequest for parameters.
[[nodiscard]] rpc::Reply list_grants(const Permission& permission, const Caller& caller,
                                     const boost::json::object& params);
// Revokes at once whatever the site may read without a question: also what it may for its connection.
rpc::Reply revoke_grants(Permission& permission, const boost::json::object& params);

} // namespace twcard::service
