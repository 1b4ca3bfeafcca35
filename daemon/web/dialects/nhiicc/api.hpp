// The HTTP API of newer NHIICC sites: JSON by POST, status as the pixels of a bitmap, and a popup that does all of it.
// Source: docs/dialects/protocol.md, "NHIICC: the HTTP API".
#pragma once

#include "daemon/web/front/http_exchange.hpp"
#include "daemon/web/service/site_links.hpp"
#include "rpc/legacy/settings.hpp"

#include <map>

namespace twcard::web {

class NhiiccApi final : public HttpDialect {
public:
  NhiiccApi(boost::asio::any_io_executor executor, std::filesystem::path service_socket, rpc::LegacySites sites);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;

private:
  // What a site has learned about its card, for as long as its connection to the service lives.
  struct Watch {
    std::weak_ptr<ServiceLink> link;
    std::shared_ptr<bool> card_is_gone;
  };

  boost::asio::awaitable<HttpResponse> answer_popup(HttpRequest request);
  // For a request of the site, which starts over with what it knows about its card.
  [[nodiscard]] std::shared_ptr<ServiceLink> link_of(const std::string& site);
  // A card that the person has let the site see has been taken out since its last request, and has not come back; or
  // the service has ended, and of the card nothing is known. The caller keeps the site's connection.
  [[nodiscard]] bool card_is_gone(const std::string& site);

  SiteLinks m_links;
  rpc::LegacySites m_sites;
  std::map<std::string, Watch> m_watches; // by site
};

} // namespace twcard::web
