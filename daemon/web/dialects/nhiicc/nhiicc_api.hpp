// The HTTP API of newer NHIICC sites: JSON by POST, and status as the pixels of a bitmap.
// Source: docs/dialects.md, "NHIICC", which also says what of it is not known.
#pragma once

#include "daemon/web/dialects/nhiicc/nhiicc_calls.hpp"
#include "daemon/web/http_exchange.hpp"
#include "daemon/web/site_links.hpp"

namespace twcard::web {

class NhiiccApi final : public HttpDialect {
public:
  NhiiccApi(boost::asio::any_io_executor executor, std::filesystem::path service_socket);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;

private:
  SiteLinks m_sites;
};

} // namespace twcard::web
