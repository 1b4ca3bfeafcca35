#include "daemon/web/dialects/nhiicc/trust_page.hpp"

#include "daemon/web/dialects/shared/texts.hpp"

#include <fmt/format.h>

namespace twcard::web {

namespace {

constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="zh-Hant">
<head><meta charset="utf-8"><title>twcard</title></head>
<body>
<p>{}</p>
<p lang="en">{}</p>
</body>
</html>
)";

} // namespace

boost::asio::awaitable<HttpResponse> TrustPage::answer(HttpRequest request) {
  HttpResponse response;
  if (request.method != "GET") {
    response.status = 405;
    response.body = fmt::format("{}\n", texts::get_only);
    co_return response;
  }
  response.content_type = "text/html; charset=utf-8";
  response.fields = {{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
  response.body = fmt::format(page, texts::connection_trusted.zh, texts::connection_trusted.en);
  co_return response;
}

} // namespace twcard::web
