// The HTTP API of newer NHIICC sites: JSON by POST, status as the pixels of a bitmap, and a popup that does all of it.
// Source: docs/dialects/protocol.md, "NHIICC: the HTTP API".
#pragma once

#include "daemon/web/front/http_exchange.hpp"
#include "daemon/web/service/site_links.hpp"

#include <map>
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
  // What a site has been told of its card, for as long as its connection to the service lives.
  struct Watch {
    std::weak_ptr<ServiceLink> link;
    std::shared_ptr<bool> card_is_gone;
  };

  boost::asio::awaitable<HttpResponse> answer_popup(HttpRequest request);
  // For a request of the site, which begins anew what it knows of its card.
  [[nodiscard]] std::shared_ptr<ServiceLink> link_of(const std::string& site);
  // A card that the person has let the site see has been taken out since its last request, and has not come back; or
  // the service has ended, and of the card nothing is known. Who asks keeps the site's connection.
  [[nodiscard]] bool card_is_gone(const std::string& site);

  SiteLinks m_links;
  std::set<std::string> m_sites;
  std::map<std::string, Watch> m_watches; // by site
};

} // namespace twcard::web
