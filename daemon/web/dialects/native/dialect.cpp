#include "daemon/web/dialects/native/dialect.hpp"

#include "driver/base/log.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"
#include "rpc/vocabulary/nhi_field.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstring>

namespace twcard::web {

namespace json = boost::json;

namespace {

constexpr std::size_t max_name_size = 64;
constexpr std::size_t max_certificate_octets = 4096;

[[noreturn]] void bad(const std::string& what) {
  throw Error(Errc::BadRequest, what);
}

// What the service says of a parameter of sign, by the name that pages know.
Error in_names_of_pages(const Error& error) {
  std::string text = error.what();
  for (const auto& [theirs, ours] : {std::pair("hash_function:", "hashFunction:"), std::pair("blob:", "hash:")})
    if (text.starts_with(theirs)) text.replace(0, std::strlen(theirs), ours);
  return {error.code(), text};
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
  const auto fields = rpc::required_strings(params, "fields", rpc::nhi_fields.size(), max_name_size);
  json::object call{{"fields", json::array(fields.begin(), fields.end())}};
  const auto reply = co_await m_service->call("nhi.read", std::move(call));
  co_return renamed(reply.result,
                    {{"fields", "fields"}, {"name_uncertain", "nameUncertain"}, {"warnings", "warnings"}});
}

NativeDialect::Result NativeDialect::authenticate_nhi(json::object params) {
  rpc::only_members(params, {"challenge"});
  json::object call{{"challenge", rpc::required_string(params, "challenge", rpc::max_nonce_size)}};
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
  json::object call{{"nonce", rpc::required_string(params, "nonce", rpc::max_nonce_size)}};
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
  const auto hash = rpc::required_base64(params, "hash", rpc::max_hash_octets);
  const auto hash_function = rpc::required_string(params, "hashFunction", rpc::max_hash_function_name);
  json::object call{{"certificate", params.at("certificate")}, {"hash_function", hash_function}};
  rpc::Reply reply;
  try {
    reply = co_await m_service->call("sign", std::move(call), SecureBytes::copy_of(hash));
  } catch (const Error& error) {
    if (error.code() != Errc::BadRequest) throw;
    throw in_names_of_pages(error);
  }
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
