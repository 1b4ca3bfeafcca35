// What a site asks of a card, from the request to the text of the answer: the calls of twcardd in between, and what is
// refused without one.
#pragma once

#include "daemon/web/dialects/hipki/request.hpp"
#include "daemon/web/dialects/hipki/tokens.hpp"
#include "daemon/web/service/site_links.hpp"
#include "rpc/legacy/settings.hpp"

namespace twcard::web::hipki {

class CardRequests final {
public:
  using JsonText = boost::asio::awaitable<std::string>;

  struct Wanted {
    bool certificates = false;
    bool keys = false;
    std::optional<std::string> reader; // of this one only
  };

  CardRequests(boost::asio::any_io_executor executor, std::filesystem::path service_socket, rpc::LegacySites sites);

  // Each gives the text of the answer, also of a failure.
  JsonText inform(std::string origin, Wanted wanted);
  JsonText sign(std::string origin, Message message);
  JsonText decrypt(std::string origin, Message message);

private:
  JsonText signed_by_card(std::string origin, Message message);
  JsonText decrypted_by_card(std::string origin, Message message);
  boost::asio::awaitable<std::vector<Reader>> list(std::string origin, boost::json::object params);
  // For one operation: it ends with it, and with it ends what the person is asked.
  [[nodiscard]] std::shared_ptr<ServiceLink> link_to_service(const std::string& origin) const;

  boost::asio::any_io_executor m_executor;
  std::filesystem::path m_socket;
  rpc::LegacySites m_sites;
  SiteLinks m_reading; // what is asked once per site
};

} // namespace twcard::web::hipki
