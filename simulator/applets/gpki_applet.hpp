// The generation 2 citizen certificate card: a GPKI applet and two security domains on a GlobalPlatform card.
// docs/cards/citizen.md, and docs/simulator.md for what that leaves open. Files are readable; PIN and keys only through
// a secure channel at level 03, and one login is good for one private operation.
#pragma once

#include "simulator/applets/citizen_card.hpp"
#include "simulator/cards/secure_channel.hpp"

namespace twcard::simulator {

// Whether SELECT of a file inside a secure session has an Le; without it the control information does not come back.
enum class SelectLe { Either, Never, Always };

struct GpkiCardData : CitizenCardData {
  Bytes card_id; // 10 octets
  ChannelKeys channel_keys;
  SelectLe select_in_session = SelectLe::Either;
};

class GpkiApplet final : public Applet {
public:
  explicit GpkiApplet(GpkiCardData data)
      : m_card_id(data.card_id), m_select_in_session(data.select_in_session),
        m_channel(data.channel_keys, data.card_id), m_card(std::move(data), "7FFF") {}

  [[nodiscard]] Bytes atr() const override { return m_card.atr(); }
  void reset() override;
  [[nodiscard]] apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters& counters) override;

private:
  enum class Selected { IssuerDomain, CardManager, Applet };

  [[nodiscard]] apdu::ResponseApdu select_application(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu domain_command(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu protected_command(const apdu::CommandApdu& command, Counters& counters);
  [[nodiscard]] apdu::ResponseApdu file_command(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu select_file(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu read_record(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu verify(const apdu::CommandApdu& command, Counters& counters);
  [[nodiscard]] apdu::ResponseApdu use_key(const apdu::CommandApdu& command, Counters& counters);
  void end_session();

  Selected m_selected = Selected::IssuerDomain;
  Bytes m_card_id;
  SelectLe m_select_in_session;
  SecureChannel m_channel;
  CitizenCard m_card;
};

} // namespace twcard::simulator
