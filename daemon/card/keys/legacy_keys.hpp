// What the old local protocols do with a card that has keys: list it, sign and decrypt with it
// (docs/service-protocol.md, "Old local protocols"). Nothing of it is bound to the site that asks (control C10).
#pragma once

#include "daemon/card/keys/key_engine.hpp"
#include "daemon/card/permission/permission.hpp"

namespace twcard::service {

class LegacyKeys final {
public:
  // Which key, and by whose PIN.
  struct Use {
    std::optional<std::string> key; // an id of the card's certificates; nullopt: the first that may do it
    std::optional<Pin> page_pin;    // instead of one that the person is asked for
  };
  struct Signed {
    Bytes certificate;       // DER
    Bytes issuer_and_serial; // of it (card::CertificateInfo)
    std::string card_number;
    SecureBytes signature;
  };
  struct Decrypted {
    Bytes certificate;
    SecureBytes plain;
  };

  LegacyKeys(Permission& permission, KeyEngine& keys) : m_permission(permission), m_keys(keys) {}

  // Every reader with its card. With `one`, only the reader of the card with keys that is meant, and a consent for it
  // alone.
  boost::asio::awaitable<Released<std::vector<ApprovedReader>>> tokens(CardRequest request, bool one);
  // Of the request's hash. Consent, then PIN, each time. The key has to be one for digitalSignature, with which the
  // card signs: else UnsupportedCard, before the PIN. Throws as KeyEngine::signature does.
  boost::asio::awaitable<Released<Signed>> sign(CardRequest request, Use use, card::HashFunction function);
  // The message in a block that was encrypted by RSAES-PKCS1-v1_5 (RFC 8017 section 7.2). Consent, then PIN, each time;
  // UnsupportedCard as above.
  // Whatever is wrong with the block is one and the same CardRefused, so that no page learns of its padding.
  boost::asio::awaitable<Released<Decrypted>> decrypt(CardRequest request, Use use, SecureBytes block);

private:
  Permission& m_permission;
  KeyEngine& m_keys;
};

} // namespace twcard::service
