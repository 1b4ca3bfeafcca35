// The generation 1 citizen certificate card (HiCOS V3): docs/cards/citizen.md, and docs/simulator.md for what that
// leaves open. CLA 80 only; no FCP; VERIFY only in its protected form; RSA 2048 by EA 82, EA 02, C1.
#pragma once

#include "simulator/applets/citizen_card.hpp"

namespace twcard::simulator {

struct HicosCardData : CitizenCardData {
  int key_set = 1; // which transport key VERIFY is protected with, 1 or 2
};

class HicosApplet final : public Applet {
public:
  explicit HicosApplet(HicosCardData data) : m_key_set(data.key_set), m_card(std::move(data), "3F00") {}

  [[nodiscard]] Bytes atr() const override { return m_card.atr(); }
  void reset() override { m_card.reset(); }
  [[nodiscard]] apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters& counters) override;

private:
  [[nodiscard]] apdu::ResponseApdu select(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu read_record(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu verify(const apdu::CommandApdu& command, Counters& counters);

  int m_key_set;
  CitizenCard m_card;
};

} // namespace twcard::simulator
