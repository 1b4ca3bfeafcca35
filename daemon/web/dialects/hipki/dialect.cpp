#include "daemon/web/dialects/hipki/dialect.hpp"

#include "daemon/web/dialects/hipki/pages.hpp"
#include "daemon/web/dialects/hipki/signed_data.hpp"
#include "daemon/web/dialects/shared/bitmap.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"
#include "daemon/web/dialects/shared/texts.hpp"

#include <algorithm>

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;
using hipki::failure_answer;
using hipki::Function;
using hipki::Operation;
using hipki::ReturnCode;
using hipki::SignatureType;

namespace {

// Value of `name=value` in a query; empty when it is not there.
std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return part.substr(name.size() + 1);
    query = end == std::string_view::npos ? "" : query.substr(end + 1);
  }
  return {};
}

std::string not_json(Operation operation) {
  return failure_answer(name_of(operation), {ReturnCode::NotJson}, "tbsPackage: no JSON object");
}

std::string untrusted(Operation operation) {
  return failure_answer(name_of(operation), {ReturnCode::UntrustedSite}, "twcard setup legacy hipki --allow");
}

// As wide as the old component's; pages read so many pixels.
constexpr std::size_t image_pixels = 2000;

HttpResponse image_of(std::string_view json) {
  const auto text = hipki::pixel_text(json);
  const auto pixels = std::max(image_pixels, text.size() / 3 + 1);
  return {200, "image/bmp", bitmap_of(text, static_cast<std::uint32_t>(pixels)), {}};
}

std::string unsupported(std::string_view func) {
  return failure_answer(func, {ReturnCode::Unsupported},
                        std::string(texts::unsupported.zh) + std::string(texts::unsupported.en));
}

// One answer for everything that can be wrong with a ciphertext.
std::string not_decrypted() {
  return failure_answer(Operation::Decrypt, Error(Errc::CardRefused, ""));
}

std::optional<ReturnCode> fault_of_dates(const hipki::KeyCertificate& certificate) {
  const auto now = std::time(nullptr);
  if (now < certificate.not_before) return ReturnCode::NotYetValid;
  if (now > certificate.not_after) return ReturnCode::Expired;
  return std::nullopt;
}

} // namespace

HipkiDialect::HipkiDialect(asio::any_io_executor executor, std::filesystem::path service_socket, LegacyDialect sites)
    : m_executor(executor), m_socket(service_socket), m_sites(std::move(sites)),
      m_reading(std::move(executor), std::move(service_socket)) {}

asio::awaitable<HttpResponse> HipkiDialect::answer(HttpRequest request) {
  const auto question = request.target.find('?');
  const auto path = request.target.substr(0, question);
  const auto query = question == std::string::npos ? std::string() : request.target.substr(question + 1);
  if (request.method == "GET") {
    const bool is_popup = path == "/popupForm" || path == "/ChtPopupForm";
    if (is_popup && !is_at_localhost(request)) co_return plain_refusal(404, texts::popup_at_localhost);
    if (path == "/")
      co_return HttpResponse{
          200, "text/plain; charset=utf-8", std::string("twcard version:") + hipki::interface_version + "\n", {}};
    if (path == "/popupForm") co_return hipki::popup_page(Language::English, m_sites.origins);
    if (path == "/ChtPopupForm") co_return hipki::popup_page(Language::TraditionalChinese, m_sites.origins);
    if (path == "/popup.js") co_return hipki::popup_script();
    if (path == "/selfTest.htm") co_return hipki::self_test_page();
    if (path == "/waiting.gif") co_return hipki::waiting_image();
    if (path == "/addDomain") co_return hipki::domain_page(is_known(query_value(query, "domain")), m_sites.origins);
    if (path == "/domain.js") co_return hipki::domain_script();
    if (path == "/pkcs11info" || path == "/p11Image.bmp") {
      const bool certificates = query_value(query, "withcert") == "true";
      const bool keys = query_value(query, "withkey") == "true";
      auto text = co_await inform(std::move(request.origin), {certificates, keys, std::nullopt});
      co_return path == "/pkcs11info" ? json_response(std::move(text)) : image_of(text);
    }
    co_return plain_refusal(404, "no such address");
  }
  if (path == "/sign" || path == "/decrypt") {
    const auto operation = path == "/sign" ? Operation::Sign : Operation::Decrypt;
    auto message = hipki::Message::parse_form(request.body);
    if (!message) co_return json_response(not_json(operation));
    auto text = operation == Operation::Sign ? sign(std::move(request.origin), std::move(*message))
                                             : decrypt(std::move(request.origin), std::move(*message));
    co_return json_response(co_await std::move(text));
  }
  if (path == "/popup") {
    auto page = site_behind_popup(request, {hipki_own_origin}, m_sites.origins);
    if (page.empty()) co_return plain_refusal(403, texts::site_not_allowed);
    auto text = co_await serve_page(std::move(page), std::move(request.body));
    co_return json_response(std::move(text));
  }
  co_return plain_refusal(404, "no such address");
}

HipkiDialect::JsonText HipkiDialect::serve_page(std::string origin, std::string text) {
  auto message = hipki::Message::parse(text);
  if (!message) co_return not_json(Operation::Information);
  std::optional<Function> function;
  try {
    function = message->function();
  } catch (const Error& error) {
    co_return failure_answer("", codes_of(error, Operation::Information), error.what());
  }
  if (!function) co_return unsupported(message->function_name());
  switch (*function) {
  case Function::UserCertificates: co_return co_await inform_page(std::move(origin), std::move(*message), true);
  case Function::Environment: co_return co_await inform_page(std::move(origin), std::move(*message), false);
  case Function::MakeSignature: co_return co_await sign(std::move(origin), std::move(*message));
  case Function::DecryptData: co_return co_await decrypt(std::move(origin), std::move(*message));
  }
  co_return unsupported("");
}

HipkiDialect::JsonText HipkiDialect::inform_page(std::string origin, hipki::Message message, bool with_certificates) {
  Wanted wanted{with_certificates, with_certificates, std::nullopt};
  try {
    wanted.reader = message.reader();
  } catch (const Error& error) {
    co_return failure_answer(Operation::Information, error);
  }
  co_return co_await inform(std::move(origin), std::move(wanted));
}

HipkiDialect::JsonText HipkiDialect::inform(std::string origin, Wanted wanted) {
  if (!is_site(origin)) co_return untrusted(Operation::Information);
  try {
    // The public keys stand in the certificates.
    json::object params{{"certificates", wanted.certificates || wanted.keys}, {"keys", wanted.keys}};
    auto readers = co_await list(std::move(origin), std::move(params));
    if (wanted.reader) std::erase_if(readers, [&](const auto& reader) { return reader.name != *wanted.reader; });
    co_return information_answer(readers, wanted.certificates, wanted.keys);
  } catch (const Error& error) {
    co_return failure_answer(Operation::Information, error);
  }
}

HipkiDialect::JsonText HipkiDialect::sign(std::string origin, hipki::Message message) {
  if (!is_site(origin)) co_return untrusted(Operation::Sign);
  try {
    co_return co_await signed_by_card(std::move(origin), std::move(message));
  } catch (const Error& error) {
    co_return failure_answer(Operation::Sign, error);
  }
}

HipkiDialect::JsonText HipkiDialect::decrypt(std::string origin, hipki::Message message) {
  if (!is_site(origin)) co_return untrusted(Operation::Decrypt);
  try {
    co_return co_await decrypted_by_card(std::move(origin), std::move(message));
  } catch (const Error& error) {
    co_return failure_answer(Operation::Decrypt, error);
  }
}

HipkiDialect::JsonText HipkiDialect::signed_by_card(std::string origin, hipki::Message message) {
  const auto request = message.sign_request();
  const bool is_message = request.type == SignatureType::Pkcs7;
  auto reader = message.reader();
  auto key = message.key();
  hipki::SignedAttributes attributes{{}, request.nonce, {}};
  std::optional<std::string> known_card;
  Bytes known_certificate;
  if (request.with_signing_time) attributes.signing_time = std::time(nullptr);
  const auto refused = [](ReturnCode code) { return failure_answer(name_of(Operation::Sign), {code}, ""); };

  // What has to be known of the card before it signs.
  if (key || request.check_validity || (is_message && request.with_card_number)) {
    // Of several cards the person says which, before what is signed can name it.
    json::object wanted{{"certificates", true}, {"one", true}};
    if (reader) wanted["reader"] = *reader;
    const auto readers = co_await list(origin, std::move(wanted));
    const auto choice = signing_certificate(readers, reader, key);
    if (!choice) co_return refused(ReturnCode::IdMismatch);
    const auto fault = request.check_validity ? fault_of_dates(choice->certificate) : std::nullopt;
    if (fault) co_return refused(*fault);
    reader = choice->reader.name;
    key = choice->certificate.id;
    known_card = choice->reader.card->serial_number;
    known_certificate = choice->certificate.der;
    if (request.with_card_number) attributes.card_number = *known_card;
  }

  std::optional<hipki::SignedData> signed_data;
  Bytes block = request.content;
  if (is_message) {
    signed_data.emplace(request.content, request.hash_function, attributes);
    block = signed_data->hash();
  } else if (request.type == SignatureType::Pkcs1) {
    block = hipki::hash_of(request.content, request.hash_function);
  }
  auto [params, blob] = operation(origin, message, block);
  if (reader) params["reader"] = *reader;
  if (key) params["key"] = *key;
  if (request.type == SignatureType::Raw)
    params["digest_info"] = true;
  else
    params["hash_function"] = request.hash_function;

  const auto service = link_to_service(origin);
  const auto reply = co_await service->call("legacy.sign", std::move(params), std::move(blob));
  hipki::Signed result;
  const std::string certificate(reply.result.at("certificate").as_string());
  const std::string card_number(reply.result.at("card_number").as_string());
  // What was found out is of that card alone, and keys have the same names on all.
  if (known_card && (*known_card != card_number || to_base64(known_certificate) != certificate))
    co_return refused(ReturnCode::IdMismatch);
  result.signature = to_bytes(reply.blob.view());
  if (is_message) {
    const auto der = from_base64(certificate);
    if (!der) throw Error(Errc::Internal, "legacy.sign: a certificate");
    result.signature = std::move(*signed_data).assemble(*der, result.signature);
  }
  if (request.with_certificate) result.certificate = certificate;
  result.card_number = card_number;
  co_return sign_answer(result);
}

HipkiDialect::JsonText HipkiDialect::decrypted_by_card(std::string origin, hipki::Message message) {
  const auto request = message.decrypt_request();
  auto [params, blob] = operation(origin, message, request.cipher);
  if (const auto reader = message.reader()) params["reader"] = *reader;
  if (const auto key = message.key()) params["key"] = *key;
  const auto service = link_to_service(origin);
  const auto reply = co_await service->call("legacy.decrypt", std::move(params), std::move(blob));
  co_return hipki::decrypt_answer(reply.blob.view(), request.plain_as_base64).value_or(not_decrypted());
}

std::pair<json::object, SecureBytes> HipkiDialect::operation(const std::string& origin, const hipki::Message& message,
                                                             ByteView block) const {
  if (!m_sites.page_pins.contains(origin)) return {json::object{}, SecureBytes::copy_of(block)};
  const auto pin = message.pin();
  if (pin.empty()) return {json::object{}, SecureBytes::copy_of(block)};
  SecureBytes blob(pin.size() + block.size());
  std::ranges::copy(pin.view(), blob.data());
  std::ranges::copy(block, blob.data() + pin.size());
  return {json::object{{"page_pin", true}, {"pin_size", pin.size()}}, std::move(blob)};
}

asio::awaitable<std::vector<hipki::Reader>> HipkiDialect::list(std::string origin, json::object params) {
  const auto service = m_reading.link_of(origin);
  const auto reply = co_await service->call("legacy.tokens", std::move(params));
  co_return hipki::readers_of(reply.result);
}

std::shared_ptr<ServiceLink> HipkiDialect::link_to_service(const std::string& origin) const {
  auto link = std::make_shared<ServiceLink>(m_executor, m_socket, origin);
  return {link.get(), [link](ServiceLink* ended) { ended->close(); }};
}

bool HipkiDialect::is_site(const std::string& origin) const {
  return m_sites.origins.contains(origin);
}

bool HipkiDialect::is_known(std::string_view domain) const {
  return std::ranges::any_of(m_sites.origins, [domain](const std::string& origin) {
    const auto host = std::string_view(origin).substr(std::string_view("https://").size());
    return host.substr(0, host.find(':')) == domain;
  });
}

} // namespace twcard::web
