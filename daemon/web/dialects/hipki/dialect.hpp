// The interface of the HiPKI local sign server, http://localhost:61161, as the addresses that pages know: what
// each of them answers, and for whom. Source:
// docs/dialects/protocol.md.
//
// The site that asks is the request's origin, or, for a request of our own popup, the page that opened it: the browser
// told the popup that page's origin, the popup passes it on, and it counts only when it is one of the sites.
#pragma once

#include "daemon/web/dialects/hipki/card_requests.hpp"
#include "daemon/web/front/http_exchange.hpp"

namespace twcard::web {

class HipkiDialect final : public HttpDialect {
public:
  HipkiDialect(boost::asio::any_io_executor executor, std::filesystem::path service_socket, rpc::LegacySites sites);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;

private:
  using JsonText = hipki::CardRequests::JsonText;

  boost::asio::awaitable<HttpResponse> answer_get(HttpRequest request);
  // What the popup was given by the page.
  JsonText serve_page(std::string origin, std::string message);
  JsonText inform_page(std::string origin, hipki::Message message, bool with_certificates);
  // Whether it is the host of a site.
  [[nodiscard]] bool is_known(std::string_view domain) const;

  rpc::LegacySites m_sites;
  hipki::CardRequests m_cards;
};

} // namespace twcard::web
