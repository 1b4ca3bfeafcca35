#include "daemon/web/dialects/nhiicc/nhiicc_api.hpp"

#include "daemon/web/dialects/bitmap.hpp"
#include "daemon/web/dialects/nhiicc/nhiicc_codes.hpp"
#include "driver/base/log.hpp"
#include "rpc/params.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t max_depth = 8;
constexpr std::size_t max_text_size = 4 * 1024;
constexpr std::uint32_t image_pixels = 1024;

using Service = std::shared_ptr<ServiceLink>;

std::string text_of(const json::object& body, std::string_view name) {
  return rpc::optional_string(body, name, max_text_size).value_or("");
}

asio::awaitable<json::object> get_version(Service, json::object) {
  co_return json::object{{"version", nhiicc::version}};
}

asio::awaitable<json::object> get_random(Service, json::object) {
  co_return json::object{{"random", nhiicc::random_digits()}};
}

asio::awaitable<json::object> get_basic(Service service, json::object) {
  const auto basic = co_await nhiicc::read_basic(std::move(service));
  co_return json::object{
      {"card_no", basic.card_number}, {"as_id", basic.id_number}, {"name", basic.name},
      {"birthday", basic.birth_date}, {"sex", basic.sex},         {"card_termination", basic.termination}};
}

asio::awaitable<json::object> sign(Service service, json::object body) {
  auto signature = co_await nhiicc::sign(std::move(service), text_of(body, "random"));
  co_return json::object{{"sign", std::move(signature)}};
}

asio::awaitable<json::object> encrypt_password(Service service, json::object body) {
  auto password = text_of(body, "pwd");
  if (!nhiicc::is_long_enough(password)) co_return json::object{{"result", nhiicc::password_too_short}};
  auto hex = co_await nhiicc::encrypt_password(std::move(service), std::move(password));
  co_return json::object{{"pwd", std::move(hex)}};
}

asio::awaitable<json::object> get_encrypted_basic(Service service, json::object) {
  auto encrypted = co_await nhiicc::encrypt_basic(std::move(service));
  co_return json::object{{"basic", std::move(encrypted.hex)}};
}

struct Command {
  std::string_view path;
  NhiiccOperation operation;
  asio::awaitable<json::object> (*answer)(Service service, json::object body);
};

constexpr std::array<Command, 6> commands = {{
    {"/api/GetVersion", NhiiccOperation::Reading, get_version},
    {"/api/GetRandom", NhiiccOperation::Reading, get_random},
    {"/api/GetBasic", NhiiccOperation::Reading, get_basic},
    {"/api/EncryptPwd", NhiiccOperation::Reading, encrypt_password},
    {"/api/GetEncryptBasic", NhiiccOperation::Reading, get_encrypted_basic},
    {"/api/SignHC", NhiiccOperation::Signing, sign},
}};

json::object only_result(std::string_view code) {
  return {{"result", code}};
}

// No body is an object without members.
json::object body_of(const std::string& text) {
  if (text.empty()) return {};
  json::parse_options options;
  options.max_depth = max_depth;
  boost::system::error_code failure;
  auto value = json::parse(text, failure, {}, options);
  if (failure || !value.is_object()) throw Error(Errc::BadRequest, "the body: an object in JSON");
  return std::move(value.get_object());
}

asio::awaitable<json::object> answer_of(const Command& command, Service service, std::string body) {
  try {
    auto members = co_await command.answer(std::move(service), body_of(body));
    json::object answer = only_result(nhiicc::succeeded);
    for (auto& [name, value] : members) answer[name] = std::move(value);
    co_return answer;
  } catch (const Error& error) {
    log::info("web", "NHIICC {}: {}", command.path, name_of(error.code()));
    co_return only_result(nhiicc_code(error, command.operation));
  }
}

HttpResponse json_response(const json::object& answer) {
  HttpResponse response;
  response.content_type = "application/json; charset=utf-8";
  response.body = json::serialize(answer);
  return response;
}

HttpResponse refusal(unsigned status, const char* reason) {
  HttpResponse response;
  response.status = status;
  response.body = std::string(reason) + "\n";
  return response;
}

// Says nothing about cards: that needs the person's consent, and nobody is asked for an image.
HttpResponse status_image() {
  HttpResponse response;
  response.content_type = "image/bmp";
  response.body = bitmap_of(json::serialize(json::object{{"result", nhiicc::succeeded}, {"version", nhiicc::version}}),
                            image_pixels);
  return response;
}

} // namespace

NhiiccApi::NhiiccApi(asio::any_io_executor executor, std::filesystem::path service_socket)
    : m_sites(std::move(executor), std::move(service_socket)) {}

asio::awaitable<HttpResponse> NhiiccApi::answer(HttpRequest request) {
  // Without an origin nobody is served: a site that is not on the list would learn that this program is here.
  if (request.origin.empty()) co_return refusal(403, "this origin is not served");
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  if (path == "/api/GetStatus.bmp" || path == "/api/GetCardStatus.bmp")
    co_return request.method == "GET" ? status_image() : refusal(405, "GET only");
  if (!path.starts_with("/api/")) co_return refusal(404, "nothing here");
  if (request.method != "POST") co_return refusal(405, "POST only");
  for (const auto& command : commands) {
    if (path != command.path) continue;
    const auto members = co_await answer_of(command, m_sites.link_of(request.origin), std::move(request.body));
    co_return json_response(members);
  }
  co_return json_response(only_result(nhiicc::unknown_command));
}

} // namespace twcard::web
