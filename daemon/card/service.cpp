#include "daemon/card/service.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds monitor_stop_limit{2};

} // namespace

Service::Service(asio::io_context& context, reader::ReaderSource& source, ServiceOptions options)
    : m_registry(options.profiles),
      m_vendor(std::make_shared<const VendorClient>(std::move(options.vendor_socket), options.profiles.vendor)),
      m_cards(std::make_shared<TokenCache>(context.get_executor(), source, m_registry, options.limits,
                                           std::make_shared<const CertificateStore>(options.cache), m_vendor,
                                           [this](const ReaderEvent& event) {
                                             if (event.type == ReaderEventType::CardRemoved)
                                               m_sessions.card_removed(*event.token);
                                             m_events.publish(event);
                                           })),
      m_person(context.get_executor(), std::move(options.prompt_socket)),
      m_permission(m_cards, m_person, Grants(options.state)), m_events(m_permission),
      m_keys(m_cards, m_person, std::make_shared<TriesMemory>(std::move(options.state)), m_vendor),
      m_sessions(m_permission, m_keys), m_card_methods(m_permission, m_keys, options.profiles, options.site),
      m_handler(m_cards, m_permission, m_keys, m_card_methods, m_sessions, m_events,
                std::move(options.profiles.faults)),
      m_server(rpc::listen_at(context.get_executor(), options.socket), m_handler, options.connections),
      m_monitor(source, [&context, cards = m_cards](ReaderMonitor::Report report) {
        asio::post(context, [cards, report = std::move(report)]() mutable { cards->take(std::move(report)); });
      }) {}

Service::~Service() = default;

bool Service::stop(std::chrono::milliseconds limit) {
  const auto now = std::chrono::steady_clock::now();
  const auto deadline = now + limit;
  m_server.stop();
  // It only waits, and its end is a matter of milliseconds or never.
  const bool monitor_stopped = m_monitor.stop(std::min(deadline, now + monitor_stop_limit));
  return m_cards->stop(deadline) && monitor_stopped;
}

} // namespace twcard::service
