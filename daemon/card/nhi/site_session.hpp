// The client's side of the insurer's authentication site, without the network and without the card: what to send, and
// what an answer says. docs/nhi-authentication.md has the messages by these numbers; one object is one connection.
//
// Every take_…() is given all octets that have arrived since our last message. It gives nullopt while the message is
// not whole and throws SiteRefusal for what can never become one. The site says nothing unasked, so that a message ends
// where the octets end.
#pragma once

#include "daemon/card/nhi/site_cipher.hpp"

#include <array>
#include <stdexcept>

namespace twcard::service {

// The site refused, or its answer is no answer.
class SiteRefusal final : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

inline constexpr std::size_t max_site_message_octets = 64 * 1024;
inline constexpr std::size_t site_signature_octets = 256;

class SiteSession final {
public:
  // link_key: 24 octets. `key_pair` outlives the object.
  SiteSession(ByteView link_key, const SiteKeyPair& key_pair);

  [[nodiscard]] Bytes hello() const;                                // 1
  [[nodiscard]] std::optional<Bytes> take_hello(ByteView received); // 2, and gives 3
  [[nodiscard]] static Bytes health_question();                     // instead of 4, on a connection of its own
  // Whether the site's answer is OK.
  [[nodiscard]] std::optional<bool> take_health(ByteView received) const;

  // The card's number (12 digits) and challenge (8 octets).
  [[nodiscard]] Bytes card(ByteView card_number, ByteView challenge) const; // 4
  // 32 octets for the card's MUTUAL AUTHENTICATE.
  [[nodiscard]] std::optional<Bytes> take_module_data(ByteView received) const; // 5
  // The card's 16 octets, and 20 characters to sign.
  [[nodiscard]] Bytes proof(ByteView card_answer, std::string_view to_sign) const; // 6
  // 256 characters.
  [[nodiscard]] std::optional<std::string> take_signature(ByteView received) const; // 7

private:
  Bytes m_link_key;
  const SiteKeyPair& m_key_pair;
  std::array<std::uint8_t, 16> m_nonce{}; // ASCII digits
  Bytes m_session_key;
};

} // namespace twcard::service
