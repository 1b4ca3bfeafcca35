// HTTPS/1.1 for the site: TLS 1.2 and 1.3, bounded requests, deadlines. The one source of the portal that includes
// Beast.
//
// Limits: header 8 KiB, body 64 KiB (more is answered 431 and 413), 128 connections (more are closed at once), TLS
// handshake, each request and each response 10 s, keep-alive 30 s.
#pragma once

#include "portal/server/http_message.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace twcard::portal {

struct HttpServerSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;         // 0: any free one
  std::filesystem::path certificate; // PEM, with the chain
  std::filesystem::path key;         // PEM
  bool stop_on_signals = false;      // SIGINT and SIGTERM end run()
};

class HttpServer final {
public:
  // Listens from here on. Throws std::runtime_error (address in use, a file that cannot be read).
  HttpServer(const HttpServerSettings& settings, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  // Serves on the calling thread, where the handler runs too, until stop().
  void run();
  // From any thread.
  void stop();

private:
  class Listener;
  std::unique_ptr<Listener> m_listener;
};

} // namespace twcard::portal
