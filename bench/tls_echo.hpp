// A TLS server made of OpenSSL and blocking calls alone, in a process of its own: what an exchange of messages costs on
// this machine before any server of ours has done anything for it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>

namespace twcard::bench {

class TlsEcho final {
public:
  // Answers whatever one record brings, on the one connection that it takes, with `answer`. Both files are PEM.
  TlsEcho(const std::filesystem::path& certificate, const std::filesystem::path& key, std::string answer);
  ~TlsEcho();
  TlsEcho(const TlsEcho&) = delete;
  TlsEcho& operator=(const TlsEcho&) = delete;

  [[nodiscard]] std::uint16_t port() const { return m_port; }

private:
  std::uint16_t m_port = 0;
  pid_t m_process = 0;
};

} // namespace twcard::bench
