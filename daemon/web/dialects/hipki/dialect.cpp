#include "daemon/web/dialects/hipki/dialect.hpp"

#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/hipki/pages.hpp"
#include "daemon/web/dialects/shared/bitmap.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"
#include "daemon/web/dialects/shared/texts.hpp"

namespace twcard::web {

namespace asio = boost::asio;
using hipki::AnswerKind;
using hipki::failure_answer;
using hipki::Function;
using hipki::ReturnCode;

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

std::string not_json(AnswerKind kind) {
  return failure_answer(name_of(kind), {ReturnCode::NotJson}, "tbsPackage: no JSON object");
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

} // namespace

HipkiDialect::HipkiDialect(asio::any_io_executor executor, std::filesystem::path service_socket, rpc::LegacySites sites)
    : m_sites(sites), m_cards(std::move(executor), std::move(service_socket), std::move(sites)) {}

asio::awaitable<HttpResponse> HipkiDialect::answer(HttpRequest request) {
  if (request.method == "GET") co_return co_await answer_get(std::move(request));
  const auto path = request.target.substr(0, request.target.find('?'));
  if (path == "/sign" || path == "/decrypt") {
    const auto kind = path == "/sign" ? AnswerKind::Sign : AnswerKind::Decrypt;
    auto message = hipki::Message::parse_form(request.body);
    if (!message) co_return json_response(not_json(kind));
    auto text = kind == AnswerKind::Sign ? m_cards.sign(std::move(request.origin), std::move(*message))
                                         : m_cards.decrypt(std::move(request.origin), std::move(*message));
    co_return json_response(co_await std::move(text));
  }
  if (path == "/popup") {
    auto page = site_behind_popup(request, {rpc::hipki_own_origin}, m_sites);
    if (page.empty()) co_return plain_refusal(403, texts::site_not_allowed);
    auto text = co_await serve_page(std::move(page), std::move(request.body));
    co_return json_response(std::move(text));
  }
  co_return plain_refusal(404, "no such address");
}

asio::awaitable<HttpResponse> HipkiDialect::answer_get(HttpRequest request) {
  const auto question = request.target.find('?');
  const auto path = request.target.substr(0, question);
  const auto query = question == std::string::npos ? std::string() : request.target.substr(question + 1);
  const bool is_popup = path == "/popupForm" || path == "/ChtPopupForm";
  if (is_popup && !is_at_localhost(request)) co_return plain_refusal(404, texts::popup_at_localhost);
  if (path == "/")
    co_return HttpResponse{
        200, "text/plain; charset=utf-8", std::string("twcard version:") + hipki::interface_version + "\n", {}};
  if (path == "/popupForm") co_return hipki::popup_page(Language::English, m_sites);
  if (path == "/ChtPopupForm") co_return hipki::popup_page(Language::TraditionalChinese, m_sites);
  if (path == "/popup.js") co_return hipki::popup_script();
  if (path == "/selfTest.htm") co_return hipki::self_test_page();
  if (path == "/waiting.gif") co_return hipki::waiting_image();
  if (path == "/addDomain") co_return hipki::domain_page(is_known(query_value(query, "domain")), m_sites);
  if (path == "/domain.js") co_return hipki::domain_script();
  if (path == "/pkcs11info" || path == "/p11Image.bmp") {
    hipki::CardRequests::Wanted wanted;
    wanted.certificates = query_value(query, "withcert") == "true";
    wanted.keys = query_value(query, "withkey") == "true";
    auto text = co_await m_cards.inform(std::move(request.origin), std::move(wanted));
    co_return path == "/pkcs11info" ? json_response(std::move(text)) : image_of(text);
  }
  co_return plain_refusal(404, "no such address");
}

HipkiDialect::JsonText HipkiDialect::serve_page(std::string origin, std::string text) {
  auto message = hipki::Message::parse(text);
  if (!message) co_return not_json(AnswerKind::Information);
  std::optional<Function> function;
  try {
    function = message->function();
  } catch (const Error& error) {
    co_return failure_answer("", codes_of(error, AnswerKind::Information), error.what());
  }
  if (!function) co_return unsupported(message->function_name());
  switch (*function) {
  case Function::UserCertificates: co_return co_await inform_page(std::move(origin), std::move(*message), true);
  case Function::Environment: co_return co_await inform_page(std::move(origin), std::move(*message), false);
  case Function::MakeSignature: co_return co_await m_cards.sign(std::move(origin), std::move(*message));
  case Function::DecryptData: co_return co_await m_cards.decrypt(std::move(origin), std::move(*message));
  }
  co_return unsupported("");
}

HipkiDialect::JsonText HipkiDialect::inform_page(std::string origin, hipki::Message message, bool with_certificates) {
  hipki::CardRequests::Wanted wanted{with_certificates, with_certificates, std::nullopt};
  try {
    wanted.reader = message.reader();
  } catch (const Error& error) {
    co_return failure_answer(AnswerKind::Information, error);
  }
  co_return co_await m_cards.inform(std::move(origin), std::move(wanted));
}

bool HipkiDialect::is_known(std::string_view domain) const {
  return std::ranges::any_of(m_sites.origins, [domain](const std::string& origin) {
    const auto host = std::string_view(origin).substr(std::string_view("https://").size());
    return host.substr(0, host.find(':')) == domain;
  });
}

} // namespace twcard::web
