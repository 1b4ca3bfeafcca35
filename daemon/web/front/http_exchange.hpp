// One HTTP request of a page and its answer, as the dialects of the old components see them.
// Source: docs/dialects/protocol.md; controls C1 to C4 and C14 of SECURITY.md, which the listener has seen to before.
#pragma once

#include "daemon/web/front/request_check.hpp"

#include <boost/asio/awaitable.hpp>
#include <string>

namespace twcard::web {

struct HttpRequest {
  std::string method; // GET or POST
  std::string target; // path and query as sent: "/sign?x=1"
  HeaderFields fields;
  std::string body;   // at most the listener's max_message_size
  std::string origin; // canonical and on the list; empty: a GET without one, a navigation or an image of our own page
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  HeaderFields fields; // beside those that the listener writes
};

class HttpDialect {
public:
  virtual ~HttpDialect() = default;
  // Called for an admitted origin, or none. A request without an origin belongs to nobody in particular: it learns
  // nothing about cards and causes no prompt. Cancelled when the client goes away; what is thrown becomes status 500.
  virtual boost::asio::awaitable<HttpResponse> answer(HttpRequest request) = 0;
};

} // namespace twcard::web
