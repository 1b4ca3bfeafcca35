// A card as PKCS#11 wants it: everything in DER or in the form of an attribute, so that the module in the program
// parses nothing of a card. Source: docs/service-protocol.md, "Token sessions".
#pragma once

#include "daemon/card/readers/token.hpp"

#include <boost/json/object.hpp>

namespace twcard::service {

// Members of a ready card with keys, but for what changes while it is in the reader. About 0.1 ms a certificate: to be
// called once an insertion.
[[nodiscard]] boost::json::object token_form(const Snapshot& snapshot);

} // namespace twcard::service
