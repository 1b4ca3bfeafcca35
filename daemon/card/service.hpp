// All of twcardd but its command line: readers, cards, use cases and socket, put together.
#pragma once

#include "daemon/card/methods/event_hub.hpp"
#include "daemon/card/methods/request_handler.hpp"
#include "daemon/card/person/prompt_client.hpp"
#include "daemon/card/readers/reader_monitor.hpp"

#include <boost/asio/io_context.hpp>
#include <filesystem>

namespace twcard::service {

struct ServiceOptions {
  std::filesystem::path socket;
  std::filesystem::path prompt_socket;
  card::CardProfiles profiles;
  std::filesystem::path state{}; // where tries and grants are remembered; empty: nowhere
  std::filesystem::path cache{}; // where public certificates are kept; empty: nowhere
  CardLimits limits{};
  rpc::ServerLimits connections{};
  SiteLimits site{};
  std::filesystem::path vendor_socket{}; // of twcard-vendor
};

class Service final {
public:
  // Listens. Throws Error(ServiceUnavailable) when the socket cannot be had. `context` is run by the caller; it and
  // `source` outlive the service.
  Service(boost::asio::io_context& context, reader::ReaderSource& source, ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Ends connections, prompts and readers' threads. Waits for `limit` for a call into PC/SC that runs; false when one
  // is still running then: its thread cannot be ended, and the process should end without destructors.
  // To be called on the thread that runs `context`, which has nothing to do any more some moments later.
  [[nodiscard]] bool stop(std::chrono::milliseconds limit);

private:
  card::CardRegistry m_registry;
  std::shared_ptr<const VendorClient> m_vendor;
  std::shared_ptr<TokenCache> m_cards;
  PromptClient m_person;
  Permission m_permission;
  EventHub m_events;
  KeyEngine m_keys;
  TokenSessions m_sessions;
  CardMethods m_card_methods;
  RequestHandler m_handler;
  rpc::Server m_server;
  ReaderMonitor m_monitor;
};

} // namespace twcard::service
