// The HTTP API of newer NHIICC sites: JSON by POST, status as the pixels of a bitmap, and a popup that does all of it.
// Source: docs/dialects.md, "NHIICC: the HTTP API".
#pragma once

#include "daemon/web/http_exchange.hpp"
#include "daemon/web/site_links.hpp"

#include <set>

namespace twcard::web {

// Of the popup's own requests; each listener admits that of its port beside the sites.
inline constexpr const char* nhiicc_http_origin = "http://localhost:59001";
inline constexpr const char* nhiicc_https_origin = "https://localhost:59002";

class NhiiccApi final : public HttpDialect {
public:
  NhiiccApi(boost::asio::any_io_executor executor, std::filesystem::path service_socket, std::set<std::string> sites);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;

private:
  boost::asio::awaitable<HttpResponse> answer_popup(HttpRequest request);

  SiteLinks m_links;
  std::set<std::string> m_sites;
};

} // namespace twcard::web
