// Requests and responses as the site's code sees them, whatever carries them.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace twcard::portal {

struct HttpRequest {
  std::string method; // upper case
  std::string target; // path and query, as sent
  // Header fields; empty when missing, and when sent more than once.
  std::string origin;
  std::string cookie;
  std::string content_type;
  std::string body;
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

} // namespace twcard::portal
