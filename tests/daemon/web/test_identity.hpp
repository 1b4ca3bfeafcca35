// A certificate for localhost and its key, signed by itself, for TLS in tests.
#pragma once

#include "daemon/web/front/listener.hpp"

namespace twcard::web {

// In a folder of its own, which is removed again.
class TestIdentity final {
public:
  TestIdentity();
  ~TestIdentity();
  TestIdentity(const TestIdentity&) = delete;
  TestIdentity& operator=(const TestIdentity&) = delete;

  [[nodiscard]] TlsFiles files() const { return {m_folder / "certificate.pem", m_folder / "key.pem"}; }

private:
  std::filesystem::path m_folder;
};

} // namespace twcard::web
