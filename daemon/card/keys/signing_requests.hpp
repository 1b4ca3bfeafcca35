// The use cases of a card with keys: what is asked of the person and of the card, in which order, and what leaves.
// Knows neither sockets nor JSON. Every use case throws what Permission, KeyEngine and the card throw.
#pragma once

#include "daemon/card/keys/key_engine.hpp"
#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

struct LoginSignature {
  Bytes certificate;     // DER
  SecureBytes signature; // RSASSA-PKCS1-v1_5 with SHA-256
};

class SigningRequests final {
public:
  SigningRequests(Permission& permission, KeyEngine& keys) : m_permission(permission), m_keys(keys) {}

  // From memory: no APDU.
  boost::asio::awaitable<Released<ApprovedCard>> certificates(CardRequest request);
  // Signs SHA-256(origin) || SHA-256(nonce), so that a signature is good for one site and one time (control C9).
  boost::asio::awaitable<Released<LoginSignature>> authenticate(CardRequest request, std::string nonce);
  // Signs the request's hash with the key of this certificate (DER), which has to be on a card, with a key, for
  // digitalSignature.
  boost::asio::awaitable<Released<SecureBytes>> sign(CardRequest request, Bytes certificate,
                                                     card::HashFunction function);
  // 8 octets of the card's random generator.
  boost::asio::awaitable<Released<Bytes>> random(CardRequest request);

private:
  Permission& m_permission;
  KeyEngine& m_keys;
};

} // namespace twcard::service
