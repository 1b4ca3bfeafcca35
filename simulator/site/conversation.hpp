// One connection of a client to the authentication site, without the network: which of its messages have arrived, and
// what the site answers.
#pragma once

#include "simulator/site/authentication_site.hpp"

namespace twcard::simulator {

class SiteConversation final {
public:
  // `signing_key` outlives the object.
  explicit SiteConversation(const SiteKey& signing_key);

  // Takes the client's next whole message off the octets, and says which answer it wants; nullopt when none is there.
  // Throws Error(BadRequest) for anything that is not a message of the protocol.
  [[nodiscard]] std::optional<SiteMessage> take(Bytes& received);

  struct Answer {
    Bytes octets;
    bool last = false; // the connection ends
  };
  [[nodiscard]] Answer answer(SiteMessage message, std::optional<SiteFault> fault);

private:
  enum class Expected { Hello, Nonce, Card, Proof, Nothing };

  [[nodiscard]] Bytes sealed(ByteView key, Bytes text, std::optional<SiteFault> fault) const;
  [[nodiscard]] Bytes sealed_text(Bytes text, std::optional<SiteFault> fault) const;
  [[nodiscard]] Bytes hello(std::optional<SiteFault> fault);
  [[nodiscard]] Bytes own_choice(std::optional<SiteFault> fault) const;

  const SiteKey& m_signing_key;
  SiteKey m_connection_key;
  Bytes m_nonce;
  Expected m_expected = Expected::Hello;
  std::string m_client_pem;
  Bytes m_session_key;
  Bytes m_card_number;
  Bytes m_challenge;
  Bytes m_module_data;
  Bytes m_to_sign;
  bool m_proved = false;
};

} // namespace twcard::simulator
