// The interface of the HiPKI local sign server, http://localhost:61161, as service calls. Source:
// docs/dialects/protocol.md.
//
// Who asks is the request's origin, or, for a request of our own popup, the page that opened it: the browser told the
// popup that page's origin, the popup passes it on, and it counts only when it is one of the sites.
#pragma once

#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/hipki/request.hpp"
#include "daemon/web/front/http_exchange.hpp"
#include "daemon/web/legacy/settings.hpp"
#include "daemon/web/service/site_links.hpp"

namespace twcard::web {

inline constexpr std::uint16_t hipki_port = 61161;
// Of our own pages; the listener admits it beside the sites.
inline constexpr const char* hipki_own_origin = "http://localhost:61161";

class HipkiDialect final : public HttpDialect {
public:
  HipkiDialect(boost::asio::any_io_executor executor, std::filesystem::path service_socket, LegacyDialect sites);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;

private:
  using JsonText = boost::asio::awaitable<std::string>;

  struct Wanted {
    bool certificates = false;
    bool keys = false;
    std::optional<std::string> reader; // of this one only
  };

  // Each gives the text of the answer, of a failure, too.
  JsonText inform(std::string origin, Wanted wanted);
  JsonText inform_page(std::string origin, hipki::Message message, bool with_certificates);
  JsonText sign(std::string origin, hipki::Message message);
  JsonText decrypt(std::string origin, hipki::Message message);
  // What the popup was given by the page.
  JsonText serve_page(std::string origin, std::string message);

  JsonText signed_by_card(std::string origin, hipki::Message message);
  JsonText decrypted_by_card(std::string origin, hipki::Message message);
  // The parameters of a call for one private operation, and its blob with the page's PIN in front where that counts.
  [[nodiscard]] std::pair<boost::json::object, SecureBytes>
  operation(const std::string& origin, const hipki::Message& message, ByteView block) const;
  boost::asio::awaitable<std::vector<hipki::Reader>> list(std::string origin, boost::json::object params);
  // For one operation: it ends with it, and with it ends what the person is asked.
  [[nodiscard]] std::shared_ptr<ServiceLink> link_to_service(const std::string& origin) const;
  [[nodiscard]] bool is_site(const std::string& origin) const;
  // Whether it is the host of a site.
  [[nodiscard]] bool is_known(std::string_view domain) const;

  boost::asio::any_io_executor m_executor;
  std::filesystem::path m_socket;
  LegacyDialect m_sites;
  SiteLinks m_reading; // what is asked once a site
};

} // namespace twcard::web
