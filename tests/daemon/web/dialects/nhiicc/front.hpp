// The NHIICC ports as twcard-web serves them, at free ports, with a fake service behind them.
#pragma once

#include "daemon/web/dialects/nhiicc/api.hpp"
#include "daemon/web/dialects/nhiicc/session.hpp"
#include "daemon/web/legacy_listeners.hpp"
#include "tests/daemon/web/test_identity.hpp"
#include "tests/daemon/web/web_stack.hpp"

namespace twcard::web {

// The options of the port, for the site https://page.test.
inline ListenerOptions nhiicc_options(std::uint16_t port, const TlsFiles& tls) {
  boost::asio::io_context nobody;
  rpc::LegacySettings settings;
  settings.nhiicc = rpc::LegacySites{{"https://page.test"}, {}};
  for (auto& place : legacy_places(nobody.get_executor(), settings, tls, "none"))
    if (place.port == port) return std::move(place.options);
  throw std::logic_error("no such port");
}

// wss://localhost:7777/echo
struct NhiiccFront {
  NhiiccFront()
      : stack(nhiicc_options(7777, identity.files()),
              [](const auto& executor, const auto& service, const auto& origin, auto page) {
                return std::make_shared<NhiiccSession>(executor, service, origin, std::move(page));
              }) {}

  [[nodiscard]] std::unique_ptr<RawWebSocket> connect() const {
    auto client = std::make_unique<RawWebSocket>(stack.port());
    client->start_tls();
    return client;
  }
  // What a page does: `new WebSocket(url)`.
  [[nodiscard]] unsigned open(RawWebSocket& client, const std::string& origin = "https://page.test") const {
    auto headers = browser_headers("localhost:" + std::to_string(stack.port()), origin);
    std::erase_if(headers, [](const Header& header) { return header.name == "Sec-WebSocket-Protocol"; });
    return client.request("GET /echo HTTP/1.1", headers);
  }
  [[nodiscard]] std::unique_ptr<RawWebSocket> page() const {
    auto client = connect();
    if (open(*client) != 101) throw std::runtime_error("no connection: " + client->head());
    return client;
  }

  TestIdentity identity;
  WebStack stack;
};

// The HTTP API also subscribes to events.
inline Call next_card_call(FakeService& service) {
  auto call = service.next_call();
  return call.method == "events.subscribe" ? service.next_call() : call;
}

inline std::string asked(RawWebSocket& page, const std::string& request) {
  page.send_text(request);
  return page.receive_text();
}

} // namespace twcard::web
