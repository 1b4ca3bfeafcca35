#include "daemon/web/dialects/native/dialect.hpp"

#include "driver/base/log.hpp"
#include "rpc/params.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace twcard::web {

namespace json = boost::json;

namespace {

constexpr std::size_t max_name_size = 64;
constexpr std::size_t max_certificate_octets = 4096;
constexpr std::size_t min_nonce_size = 44;
constexpr std::size_t max_nonce_size = 128;
constexpr std::size_t min_nonce_octets = 32;

constexpr std::array<std::string_view, 7> nhi_fields = {"card_number", "name",       "id_number",  "birth_date",
                                                        "sex",         "issue_date", "termination"};

struct HashFunction {
  std::string_view name;
  std::size_t octets;
};
constexpr std::array<HashFunction, 3> hash_functions = {{{"SHA-256", 32}, {"SHA-384", 48}, {"SHA-512", 64}}};

[[noreturn]] void bad(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

// What a page wants bound to its origin: the `nonce` of authenticate, the `challenge` of nhi.authenticate.
std::string checked_nonce(const json::object& params, std::string_view name) {
  auto nonce = rpc::required_string(params, name, max_nonce_size);
  const auto octets = from_base64(nonce);
  if (nonce.size() < min_nonce_size || !octets || octets->size() < min_nonce_octets)
    bad(std::string(name) + ": 44 to 128 characters of base64, at least 32 octets");
  return nonce;
}

json::array checked_fields(const json::object& params) {
  const auto names = rpc::required_strings(params, "fields", nhi_fields.size(), max_name_size);
  for (const auto& name : names) {
    if (std::find(nhi_fields.begin(), nhi_fields.end(), name) == nhi_fields.end()) bad("fields: an unknown name");
    if (std::count(names.begin(), names.end(), name) != 1) bad("fields: a name twice");
  }
  return json::array(names.begin(), names.end());
}

std::string checked_hash_function(const json::object& params, std::size_t hash_octets) {
  auto name = rpc::required_string(params, "hashFunction", max_name_size);
  const auto row =
      std::find_if(hash_functions.begin(), hash_functions.end(), [&](const auto& f) { return f.name == name; });
  if (row == hash_functions.end()) bad("hashFunction: SHA-256, SHA-384 or SHA-512");
  if (row->octets != hash_octets) bad("hash: " + std::to_string(row->octets) + " octets for " + name);
  return name;
}

// Members of `from` under the names that pages know; those that are missing are left out.
json::object renamed(const json::object& from,
                     std::initializer_list<std::pair<std::string_view, std::string_view>> names) {
  json::object to;
  for (const auto& [theirs, ours] : names)
    if (const auto* value = from.if_contains(theirs)) to[ours] = *value;
  return to;
}

} // namespace

NativeDialect::NativeDialect(std::shared_ptr<ServiceLink> service, std::function<void(std::string)> on_event)
    : m_service(std::move(service)), m_on_event(std::move(on_event)) {}

NativeDialect::Method NativeDialect::method_named(std::string_view name) {
  if (name == "hello") return &NativeDialect::hello;
  if (name == "nhi.read") return &NativeDialect::read_nhi;
  if (name == "nhi.authenticate") return &NativeDialect::authenticate_nhi;
  if (name == "certificates") return &NativeDialect::certificates;
  if (name == "authenticate") return &NativeDialect::authenticate;
  if (name == "sign") return &NativeDialect::sign;
  if (name == "events") return &NativeDialect::events;
  bad("method: unknown method");
}

boost::asio::awaitable<std::string> NativeDialect::answer(NativeRequest request) {
  try {
    const auto method = method_named(request.method());
    const auto result = co_await (this->*method)(request.params());
    co_return native_answer(request.id, result);
  } catch (const Error& error) {
    co_return native_answer(request.id, error);
  } catch (const std::exception& exception) {
    log::error("web", "a call failed: {}", exception.what());
    co_return native_answer(request.id, Error(Errc::Internal, "unexpected fault"));
  }
}

NativeDialect::Result NativeDialect::hello(json::object params) {
  rpc::only_members(params, {"client", "version", "language"});
  static_cast<void>(rpc::optional_string(params, "client", max_name_size));
  static_cast<void>(rpc::optional_string(params, "version", max_name_size));
  if (auto language = rpc::optional_string(params, "language", max_name_size)) {
    if (*language != "en" && *language != "zh-TW") bad("language: en or zh-TW");
    m_service->set_language(std::move(*language));
  }
  json::array methods{"hello", "nhi.read", "nhi.authenticate", "certificates", "authenticate", "sign", "events"};
  co_return json::object{
      {"service", "twcard"}, {"version", TWCARD_VERSION}, {"protocol", 1}, {"methods", std::move(methods)}};
}

NativeDialect::Result NativeDialect::read_nhi(json::object params) {
  rpc::only_members(params, {"fields"});
  json::object call{{"fields", checked_fields(params)}};
  const auto reply = co_await m_service->call("nhi.read", std::move(call));
  co_return renamed(reply.result,
                    {{"fields", "fields"}, {"name_uncertain", "nameUncertain"}, {"warnings", "warnings"}});
}

NativeDialect::Result NativeDialect::authenticate_nhi(json::object params) {
  rpc::only_members(params, {"challenge"});
  json::object call{{"challenge", checked_nonce(params, "challenge")}};
  const auto reply = co_await m_service->call("nhi.authenticate", std::move(call));
  co_return json::object{{"cardNumber", reply.result.at("card_number")},
                         {"signed", reply.result.at("signed")},
                         {"signature", reply.result.at("signature")}};
}

NativeDialect::Result NativeDialect::certificates(json::object params) {
  rpc::only_members(params, {});
  const auto reply = co_await m_service->call("certificates", {});
  json::array certificates;
  for (const auto& certificate : reply.result.at("certificates").as_array())
    certificates.push_back(renamed(certificate.as_object(), {{"der", "certificate"},
                                                             {"role", "role"},
                                                             {"label", "label"},
                                                             {"subject", "subject"},
                                                             {"issuer", "issuer"},
                                                             {"not_before", "notBefore"},
                                                             {"not_after", "notAfter"},
                                                             {"usage", "usage"}}));
  co_return json::object{{"certificates", std::move(certificates)}};
}

NativeDialect::Result NativeDialect::authenticate(json::object params) {
  rpc::only_members(params, {"nonce"});
  json::object call{{"nonce", checked_nonce(params, "nonce")}};
  const auto reply = co_await m_service->call("authenticate", std::move(call));
  co_return json::object{{"unverifiedCertificate", reply.result.at("certificate")},
                         {"algorithm", reply.result.at("algorithm")},
                         {"signature", to_base64(reply.blob.view())},
                         {"format", "web-eid:1.0"},
                         {"appVersion", "twcard/" TWCARD_VERSION}};
}

NativeDialect::Result NativeDialect::sign(json::object params) {
  rpc::only_members(params, {"certificate", "hash", "hashFunction"});
  static_cast<void>(rpc::required_base64(params, "certificate", max_certificate_octets));
  const auto hash = rpc::required_base64(params, "hash", hash_functions.back().octets);
  const auto hash_function = checked_hash_function(params, hash.size());
  json::object call{{"certificate", params.at("certificate")}, {"hash_function", hash_function}};
  const auto reply = co_await m_service->call("sign", std::move(call), SecureBytes::copy_of(hash));
  json::object algorithm{{"cryptoAlgorithm", "RSA"}, {"paddingScheme", "PKCS1.5"}, {"hashFunction", hash_function}};
  co_return json::object{{"signature", to_base64(reply.blob.view())}, {"signatureAlgorithm", std::move(algorithm)}};
}

NativeDialect::Result NativeDialect::events(json::object params) {
  rpc::only_members(params, {});
  ServiceLink::EventHandler handler = [tell = m_on_event](const json::object& event) {
    if (auto text = native_event(event)) tell(std::move(*text));
  };
  co_await m_service->subscribe(std::move(handler));
  co_return json::object{};
}

} // namespace twcard::web
