// The certificates of the inserted card, as the service lists them (docs/service-protocol.md, `certificates`).
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace twcard::cli {

struct ListedCertificate {
  std::string id;
  std::string role;
  Bytes der;
  bool has_key = false;
  bool signs = false;            // documents, by its key usage and by what the card does
  bool signs_by_default = false; // the one that the service would take
};

// Throws Error(Internal) when the answer is not as documented.
[[nodiscard]] std::vector<ListedCertificate> certificates_of(const boost::json::object& answer);

// RFC 7468.
[[nodiscard]] std::string to_pem(ByteView der);

} // namespace twcard::cli
