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
      m_person(context.get_executor(), std::move(options.prompt_socket)), m_choices(m_cards, m_person),
      m_grants(std::make_shared<Grants>(options.state)), m_readings(m_cards, m_choices, m_person, m_grants),
      m_use_cases(
          m_cards, m_choices, m_person, m_readings,
          [this](const Caller& caller, const Token& token) { m_events.granted(caller, token); },
          std::make_shared<TriesMemory>(std::move(options.state)), m_vendor),
      m_nhi_signing(
          m_choices, m_person, [this](const Caller& caller, const Token& token) { m_events.granted(caller, token); },
          options.profiles, options.site),
      m_sessions(m_cards, m_use_cases), m_legacy_readings(m_cards, m_choices, m_readings, m_read_consents),
      m_legacy_nhi(
          m_legacy_readings, [this](const Caller& caller, const Token& token) { m_events.granted(caller, token); },
          options.profiles),
      m_legacy_keys(m_cards, m_choices, m_person, m_legacy_readings, m_use_cases),
      m_legacy(m_legacy_nhi, m_nhi_signing, m_legacy_keys),
      m_grant_methods(m_cards, m_grants, m_read_consents, m_events),
      m_handler(m_cards, m_choices, m_use_cases, m_nhi_signing, m_sessions, m_legacy, m_grant_methods, m_read_consents,
                m_events, std::move(options.profiles.faults)),
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
