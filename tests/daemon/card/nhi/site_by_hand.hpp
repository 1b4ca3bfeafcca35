// The other end of a SiteSession, written out by hand: opens what the client sends, and says any text at all. Only the
// ciphers are the simulator's.
#pragma once

#include "daemon/card/nhi/site_session.hpp"
#include "simulator/crypto/site_ciphers.hpp"

#include <string>

namespace twcard::service::testing {

class SiteByHand final {
public:
  // Messages 1 to 3 with this client, whose link key is simulator::hello_key. Fails the test when they go wrong.
  explicit SiteByHand(SiteSession& client);

  // The text inside of a message of the client's, without the padding.
  [[nodiscard]] std::string opened(ByteView message) const;
  // A message with this text.
  [[nodiscard]] Bytes sealed(std::string text) const;

private:
  simulator::SiteKey m_key;
  Bytes m_session_key;
};

} // namespace twcard::service::testing
