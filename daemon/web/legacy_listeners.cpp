#include "daemon/web/legacy_listeners.hpp"

#include "daemon/web/dialects/hipki/dialect.hpp"
#include "daemon/web/dialects/nhiicc/api.hpp"
#include "daemon/web/dialects/nhiicc/session.hpp"
#include "daemon/web/dialects/nhiicc/trust_page.hpp"
#include "daemon/web/front/loopback_sockets.hpp"
#include "daemon/web/legacy/certificate_end.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"

namespace twcard::web {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_legacy_message_size = 64 * 1024;

ListenerOptions options_for(const rpc::LegacySites& sites, std::shared_ptr<HttpDialect> http) {
  ListenerOptions options;
  options.rules.allowed.emplace(sites.origins.begin(), sites.origins.end());
  options.rules.web_socket_path.clear();
  options.rules.subprotocol.clear();
  options.rules.plain_requests = true;
  options.max_message_size = max_legacy_message_size;
  options.http = std::move(http);
  return options;
}

void add_nhiicc(std::vector<LegacyPlace>& places, const asio::any_io_executor& executor, const rpc::LegacySites& sites,
                const TlsFiles& tls, const std::filesystem::path& service) {
  auto web_socket = options_for(sites, std::make_shared<TrustPage>());
  web_socket.rules.names.add(rpc::nhiicc_host);
  web_socket.rules.web_socket_path = "/echo";
  web_socket.tls = tls;
  const auto session = [executor, service](const std::string& origin, std::weak_ptr<Page> page) {
    return std::make_shared<NhiiccSession>(executor, service, origin, std::move(page));
  };
  places.push_back({"NHIICC", rpc::nhiicc_web_socket_port, std::move(web_socket), session});

  const auto api = std::make_shared<NhiiccApi>(executor, service, sites);
  auto plain = options_for(sites, api);
  plain.rules.allowed->insert(rpc::nhiicc_http_origin); // of its popup's requests
  places.push_back({"NHIICC", rpc::nhiicc_http_port, std::move(plain), {}});
  auto secured = options_for(sites, api);
  secured.rules.allowed->insert(rpc::nhiicc_https_origin);
  secured.tls = tls;
  places.push_back({"NHIICC", rpc::nhiicc_https_port, std::move(secured), {}});
}

void add_hipki(std::vector<LegacyPlace>& places, const asio::any_io_executor& executor, const rpc::LegacySites& sites,
               const std::filesystem::path& service) {
  auto options = options_for(sites, std::make_shared<HipkiDialect>(executor, service, sites));
  options.rules.allowed->insert(rpc::hipki_own_origin); // of its popup's requests
  places.push_back({"HiPKI", rpc::hipki_port, std::move(options), {}});
}

TlsFiles tls_files(const std::filesystem::path& settings_folder) {
  return {settings_folder / "legacy" / "certificate.pem", settings_folder / "legacy" / "key.pem"};
}

rpc::LegacySettings settings_in(const std::filesystem::path& folder) {
  try {
    return read_legacy_settings(folder);
  } catch (const Error& error) {
    log::error("web", "no old dialect is served: {}", error.what());
    return {};
  }
}

} // namespace

std::vector<LegacyPlace> legacy_places(const asio::any_io_executor& executor, const rpc::LegacySettings& settings,
                                       const TlsFiles& tls, const std::filesystem::path& service) {
  std::vector<LegacyPlace> places;
  if (settings.nhiicc) add_nhiicc(places, executor, *settings.nhiicc, tls, service);
  if (settings.hipki) add_hipki(places, executor, *settings.hipki, service);
  return places;
}

std::vector<std::filesystem::path> legacy_files(const std::filesystem::path& settings_folder) {
  const auto tls = tls_files(settings_folder);
  return {rpc::legacy_settings_file(settings_folder), tls.certificate, tls.key};
}

std::vector<std::unique_ptr<Listener>> legacy_listeners(const asio::any_io_executor& executor,
                                                        const std::filesystem::path& settings_folder,
                                                        const std::filesystem::path& service) {
  const auto settings = settings_in(settings_folder);
  const auto tls = tls_files(settings_folder);
  if (const auto warning = settings.nhiicc ? warning_of_end(tls.certificate, std::time(nullptr)) : std::nullopt)
    log::warning("web", "{}", *warning);
  std::vector<std::unique_ptr<Listener>> listeners;
  for (auto& place : legacy_places(executor, settings, tls, service)) {
    try {
      auto sockets = bound_sockets(executor, place.port);
      listeners.push_back(
          std::make_unique<Listener>(std::move(sockets), std::move(place.options), std::move(place.sessions)));
    } catch (const Error& error) {
      log::error("web", "{} is not served at port {}: {}", place.dialect, place.port, error.what());
    }
  }
  return listeners;
}

} // namespace twcard::web
