// Every test starts with the NHI card in reader 0, a citizen certificate card in reader 1, a person who approves and a
// site that is well.
#pragma once

#include "tests/daemon/web/front/raw_web_socket.hpp"
#include "tests/system/stack.hpp"

#include <memory>

namespace twcard::tests {

struct HealthCard {
  HealthCard();
  ~HealthCard();
  HealthCard(const HealthCard&) = delete;
  HealthCard& operator=(const HealthCard&) = delete;

  // wss://localhost:7777/echo for the page that the stack allows.
  [[nodiscard]] static std::unique_ptr<web::RawWebSocket> page();
  static void site_will(const std::string& words);
  // "nhi", "other_nhi" (陳大文, B123456780, terminated), "slow_nhi" (of the stack's person; its answers are to be
  // fetched by GET RESPONSE), "hicos" or "none".
  static void put_card(int slot, const std::string& name);
};

} // namespace twcard::tests
