// twcard-sim site as a process of its own.
#pragma once

#include "tests/rpc/scripted_service.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace twcard::service::testing {

class SimulatedSite {
public:
  SimulatedSite();
  ~SimulatedSite();
  SimulatedSite(const SimulatedSite&) = delete;
  SimulatedSite& operator=(const SimulatedSite&) = delete;

  [[nodiscard]] std::uint16_t port() const { return m_port; }
  // Words of docs/simulator.md, "The authentication site": "signature:cut". Counts connections from 1 again.
  void behave(const std::string& words);
  // Whether the site has signed this.
  [[nodiscard]] bool has_signed(const std::string& text, const std::string& signature) const;

private:
  rpc::testing::PrivateFolder m_folder;
  pid_t m_process = -1;
  std::uint16_t m_port = 0;
};

} // namespace twcard::service::testing
