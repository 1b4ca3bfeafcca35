// What a browser shows at the address of the NHIICC WebSocket: that the connection is trusted. People are sent there to
// see whether the certificate is. Source: docs/dialects/protocol.md, "NHIICC".
#pragma once

#include "daemon/web/front/http_exchange.hpp"

namespace twcard::web {

// Any path; the same for everybody, and nothing about this machine in it.
class TrustPage final : public HttpDialect {
public:
  boost::asio::awaitable<HttpResponse> answer(HttpRequest request) override;
};

} // namespace twcard::web
