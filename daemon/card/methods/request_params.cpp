#include "daemon/card/methods/request_params.hpp"

#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"
#include "rpc/vocabulary/nhi_field.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::service {

namespace json = boost::json;

namespace {

constexpr std::size_t max_name_size = 40;

struct Algorithm {
  card::HashFunction function;
  std::string_view hash_function;
  std::string_view algorithm;
};

constexpr Algorithm algorithms[] = {{card::HashFunction::Sha256, "SHA-256", "RS256"},
                                    {card::HashFunction::Sha384, "SHA-384", "RS384"},
                                    {card::HashFunction::Sha512, "SHA-512", "RS512"}};

} // namespace

std::optional<std::string> reader_of(const json::object& params) {
  return rpc::optional_string(params, "reader", rpc::max_reader_name);
}

std::vector<std::string> fields_of(const json::object& params) {
  auto fields = rpc::required_strings(params, "fields", rpc::nhi_fields.size(), max_name_size);
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (!rpc::nhi_field_named(*field))
      throw Error(Errc::BadRequest, fmt::format("fields: the card has no field {}", *field));
    if (std::find(fields.begin(), field, *field) != field)
      throw Error(Errc::BadRequest, fmt::format("fields: {} is there twice", *field));
  }
  return fields;
}

std::string nonce_of(const json::object& params, std::string_view member) {
  auto nonce = rpc::required_string(params, member, rpc::max_nonce_size);
  const auto octets = from_base64(nonce);
  if (nonce.size() < rpc::min_nonce_size || !octets || octets->size() < rpc::min_nonce_octets)
    throw Error(Errc::BadRequest,
                std::string(member) + ": base64 of at least 32 octets, 44 to 128 characters, is required");
  return nonce;
}

HashToSign hash_of(const rpc::Request& request) {
  const auto name = rpc::required_string(request.params, "hash_function", rpc::max_hash_function_name);
  const auto* found = std::find_if(std::begin(algorithms), std::end(algorithms),
                                   [&](const auto& each) { return each.hash_function == name; });
  if (found == std::end(algorithms))
    throw Error(Errc::BadRequest, "hash_function: SHA-256, SHA-384 or SHA-512 is required");
  const auto size = card::hash_size(found->function);
  if (request.blob.size() != size)
    throw Error(Errc::BadRequest, fmt::format("blob: a hash of {} octets is required", size));
  return {found->function, name, std::string(found->algorithm), to_bytes(request.blob.view())};
}

} // namespace twcard::service
