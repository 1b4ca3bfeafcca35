// The HTTP API of newer NHIICC sites: JSON by POST, and status as the pixels of a bitmap.
// Source: docs/dialects.md, "NHIICC", which also says what of it is not known.
#pragma once

#include "daemon/web/dialects/nhiicc/nhiicc_calls.hpp"
#include "daemon/web/http_exchange.hpp"

#include <boost/asio/steady_timer.hpp>
#include <map>

namespace twcard::web {

class NhiiccApi final : public HttpDialect {
public:
  // How long a site's connection to the service, and with it what the person has agreed to, outlives its last request.
  static constexpr std::chrono::minutes visit_limit{5};

  NhiiccApi(boost::asio::any_io_executor executor, std::filesystem::path service_socket);

  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;

private:
  struct Visit {
    std::shared_ptr<ServiceLink> service;
    boost::asio::steady_timer end;
  };

  std::shared_ptr<ServiceLink> service_for(const std::string& origin);

  boost::asio::any_io_executor m_executor;
  std::filesystem::path m_service_socket;
  std::map<std::string, Visit> m_visits; // by origin
};

// A bitmap of 1024 pixels in one row whose octets, in the order of the file (blue, green, red), spell the text; the
// rest is 0. At most 3,071 octets. Windows bitmap, BITMAPINFOHEADER, 24 bits a pixel.
[[nodiscard]] std::string bitmap_of(std::string_view text);

} // namespace twcard::web
