// Parameters of twcardd's methods, checked and typed. Every function throws Error(BadRequest) that names the member.
#pragma once

#include "driver/card/certificate/block.hpp"
#include "rpc/message.hpp"
#include "rpc/vocabulary/prompt_forms.hpp"

#include <string>
#include <vector>

namespace twcard::service {

[[nodiscard]] std::optional<std::string> reader_of(const boost::json::object& params);
// `fields` of nhi.read: known names, none twice.
[[nodiscard]] std::vector<std::string> fields_of(const boost::json::object& params);
// `nonce` of authenticate, `challenge` of nhi.authenticate: the text as it came, which is base64 of at least 32 octets.
[[nodiscard]] std::string nonce_of(const boost::json::object& params, std::string_view member);

struct HashToSign {
  card::HashFunction function = card::HashFunction::Sha256;
  std::string name;      // as in the request
  std::string algorithm; // RS256, RS384, RS512
  Bytes hash;
};
// `hash_function` and blob of sign.
[[nodiscard]] HashToSign hash_of(const rpc::Request& request);

} // namespace twcard::service
