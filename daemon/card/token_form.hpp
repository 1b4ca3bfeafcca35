// A card as PKCS#11 wants it: everything in DER or in the form of an attribute, so that the module in the program
// parses nothing of a card. Source: docs/service-protocol.md, "Token sessions".
#pragma once

#include "daemon/card/token.hpp"

#include <boost/json/object.hpp>

namespace twcard::service {

// Members of a ready card with keys, but for what changes while it is in the reader. About 0.1 ms a certificate: to be
// called once an insertion.
[[nodiscard]] boost::json::object token_form(const Snapshot& snapshot);

// The RSA public operation of the certificate's key on a block as long as the modulus. Throws Error(BadRequest) for a
// block of another length or a number that is not below the modulus.
[[nodiscard]] SecureBytes apply_public_key(ByteView certificate, ByteView block);

} // namespace twcard::service
