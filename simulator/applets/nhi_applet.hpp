// The National Health Insurance card: docs/cards/nhi.md, and docs/simulator.md for what that leaves open.
// It answers SELECT by AID, GET DATA, GET CHALLENGE and MUTUAL AUTHENTICATE, and nothing else. How a real card proves
// itself to the insurer's module is not public: the authentication is the simulator's own (site_crypto.hpp).
#pragma once

#include "simulator/cards/simulated_card.hpp"

namespace twcard::simulator {

struct NhiCardData {
  Bytes atr;
  Bytes basic_record;               // 57 octets or more
  Bytes card_number;                // 12 ASCII digits
  Bytes card_data;                  // at least one octet, the first one is the termination mark
  bool get_response = false;        // answers with data come as 61xx, to be fetched by GET RESPONSE
  bool selected_by_default = false; // the insurance applet, from the reset on
  bool unknown_aid_6d00 = false;    // instead of 6A82
};

class NhiApplet final : public Applet {
public:
  explicit NhiApplet(NhiCardData data) : m_data(std::move(data)) { reset(); }

  [[nodiscard]] Bytes atr() const override { return m_data.atr; }
  void reset() override;
  [[nodiscard]] apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters& counters) override;

private:
  enum class Selected { Nothing, Insurance, Sam };

  [[nodiscard]] apdu::ResponseApdu select(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu get_data(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu get_challenge(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu mutual_authenticate(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu get_response(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu answer(const apdu::CommandApdu& command, ByteView data);

  NhiCardData m_data;
  Selected m_selected = Selected::Nothing;
  Bytes m_challenge; // empty: none was asked for
  Bytes m_waiting;   // for GET RESPONSE
};

} // namespace twcard::simulator
