// The listeners of the old components' dialects: which ports they have, what they serve there and for whom.
// Source: docs/dialects/protocol.md; control C10 of SECURITY.md.
#pragma once

#include "daemon/web/front/listener.hpp"
#include "daemon/web/legacy/settings.hpp"

namespace twcard::web {

// One port of a dialect.
struct LegacyPlace {
  const char* dialect = ""; // as the person knows it
  std::uint16_t port = 0;
  ListenerOptions options;
  SessionFactory sessions; // where there is a WebSocket path
};

// The ports of the dialects that are on. `service` is the socket of twcardd.
[[nodiscard]] std::vector<LegacyPlace> legacy_places(const boost::asio::any_io_executor& executor,
                                                     const rpc::LegacySettings& settings, const TlsFiles& tls,
                                                     const std::filesystem::path& service);

// What legacy_listeners() reads.
[[nodiscard]] std::vector<std::filesystem::path> legacy_files(const std::filesystem::path& settings_folder);

// Serves what the settings of this folder turn on. What keeps a port or a dialect from it is logged, and everything
// else is served: a port that is taken, a certificate that cannot be used, settings that are wrong.
[[nodiscard]] std::vector<std::unique_ptr<Listener>> legacy_listeners(const boost::asio::any_io_executor& executor,
                                                                      const std::filesystem::path& settings_folder,
                                                                      const std::filesystem::path& service);

} // namespace twcard::web
