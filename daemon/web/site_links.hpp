// The connections to twcardd of sites that come by single HTTP requests: one a site, so that what the person has agreed
// to holds from one request to the next.
#pragma once

#include "daemon/web/service_link.hpp"

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

private:
  struct Visit {
    std::shared_ptr<ServiceLink> service;
    boost::asio::steady_timer end;
  };

  boost::asio::any_io_executor m_executor;
  std::filesystem::path m_service_socket;
  std::map<std::string, Visit> m_visits; // by origin
};

} // namespace twcard::web
