#include "daemon/card/methods/request_params.hpp"

#include "daemon/card/readers/json_forms.hpp"
#include "rpc/params.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::service {

namespace json = boost::json;

namespace {

constexpr std::size_t max_origin_size = 255;
constexpr std::size_t max_reader_size = 255;
constexpr std::size_t max_surface_size = 255;
constexpr std::size_t max_name_size = 40;
constexpr std::size_t min_nonce_size = 44;
constexpr std::size_t max_nonce_size = 128;
constexpr std::size_t min_nonce_octets = 32;

// RFC 3986 section 3.2.2: what a host and port are made of, IPv6 literals included; lower case as RFC 6454 has it.
bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:[]").find(c) != std::string_view::npos;
}

struct Algorithm {
  card::HashFunction function;
  std::string_view hash_function;
  std::string_view algorithm;
};

constexpr Algorithm algorithms[] = {{card::HashFunction::Sha256, "SHA-256", "RS256"},
                                    {card::HashFunction::Sha384, "SHA-384", "RS384"},
                                    {card::HashFunction::Sha512, "SHA-512", "RS512"}};

} // namespace

std::optional<std::string> origin_of(const json::object& params) {
  auto origin = rpc::optional_string(params, "origin", max_origin_size);
  if (!origin) return std::nullopt;
  std::string_view rest = *origin;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    rest = {};
  }
  if (rest.empty() || !std::all_of(rest.begin(), rest.end(), is_host_character))
    throw Error(Errc::BadRequest, "origin: no ASCII serialisation of a web origin");
  return origin;
}

std::optional<std::string> reader_of(const json::object& params) {
  return rpc::optional_string(params, "reader", max_reader_size);
}

std::map<std::string, std::string> surface_of(const json::object& params) {
  const auto ui = rpc::optional_object(params, "ui");
  rpc::only_members(ui, {"language", "display", "wayland_display", "xauthority", "tty", "term"});
  std::map<std::string, std::string> surface;
  for (const auto& [key, value] : ui) {
    const std::string name = key;
    if (auto text = rpc::optional_string(ui, name, max_surface_size)) surface.emplace(name, std::move(*text));
  }
  return surface;
}

std::vector<std::string> fields_of(const json::object& params) {
  const auto& known = nhi_fields();
  auto fields = rpc::required_strings(params, "fields", known.size(), max_name_size);
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (std::find(known.begin(), known.end(), *field) == known.end())
      throw Error(Errc::BadRequest, fmt::format("fields: {} is no field of the card", *field));
    if (std::find(fields.begin(), field, *field) != field)
      throw Error(Errc::BadRequest, fmt::format("fields: {} is there twice", *field));
  }
  return fields;
}

std::string nonce_of(const json::object& params, std::string_view member) {
  auto nonce = rpc::required_string(params, member, max_nonce_size);
  const auto octets = from_base64(nonce);
  if (nonce.size() < min_nonce_size || !octets || octets->size() < min_nonce_octets)
    throw Error(Errc::BadRequest,
                std::string(member) + ": base64 of at least 32 octets, 44 to 128 characters, is required");
  return nonce;
}

HashToSign hash_of(const rpc::Request& request) {
  const auto name = rpc::required_string(request.params, "hash_function", max_name_size);
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
