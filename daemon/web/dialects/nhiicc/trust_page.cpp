#include "daemon/web/dialects/nhiicc/trust_page.hpp"

namespace twcard::web {

namespace {

constexpr const char* page = R"(<!DOCTYPE html>
<html lang="zh-Hant">
<head><meta charset="utf-8"><title>twcard</title></head>
<body>
<p>連線受信任：這個瀏覽器可以使用本機的健保卡元件。</p>
<p lang="en">This connection is trusted: this browser can reach the health card component of this computer.</p>
</body>
</html>
)";

} // namespace

boost::asio::awaitable<HttpResponse> TrustPage::answer(HttpRequest request) {
  HttpResponse response;
  if (request.method != "GET") {
    response.status = 405;
    response.body = "GET only\n";
    co_return response;
  }
  response.content_type = "text/html; charset=utf-8";
  response.fields = {{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}};
  response.body = page;
  co_return response;
}

} // namespace twcard::web
