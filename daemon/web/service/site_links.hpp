// The connections to twcardd of sites that come by single HTTP requests: one a site, so that what the person has agreed
// to holds from one request to the next.
#pragma once

#include "daemon/web/service/service_link.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>

namespace twcard::web {

class SiteLinks final {
public:
  // How long a site's connection, and with it what the person has agreed to, outlives its last request.
  static constexpr std::chrono::minutes idle_limit{5};

  SiteLinks(boost::asio::any_io_executor executor, std::filesystem::path service_socket)
      : m_executor(std::move(executor)), m_service_socket(std::move(service_socket)) {}

  // `origin` is one of a list: nothing else bounds how many there are.
  [[nodiscard]] std::shared_ptr<ServiceLink> link_of(const std::string& origin);
  // The same, but nullptr where there is none.
  [[nodiscard]] std::shared_ptr<ServiceLink> known_link_of(const std::string& origin);

private:
  struct Visit {
    std::shared_ptr<ServiceLink> service;
    boost::asio::steady_timer end;
  };
  using Visits = std::map<std::string, Visit>; // by origin

  void prolong(const std::string& origin, Visit& visit);

  boost::asio::any_io_executor m_executor;
  std::filesystem::path m_service_socket;
  std::shared_ptr<Visits> m_visits = std::make_shared<Visits>();
};

} // namespace twcard::web
