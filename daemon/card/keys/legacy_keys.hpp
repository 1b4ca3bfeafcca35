// What the old local protocols do with a card that has keys: list it, sign and decrypt with it
// (docs/service-protocol.md, "Old local protocols"). Nothing of it is bound to the site that asks (control C10).
#pragma once

#include "daemon/card/keys/signing_service.hpp"
#include "daemon/card/permission/legacy_readings.hpp"

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

  LegacyKeys(std::shared_ptr<TokenCache> cards, CardChoices& choices, Person& person, LegacyReadings& readings,
             SigningService& service)
      : m_cards(std::move(cards)), m_choices(choices), m_person(person), m_readings(readings), m_service(service) {}

  // All three: the caller has an origin.
  // Every reader with its card: LegacyReadings::all_readers(). With `one`, only the reader of the card with keys that
  // is meant, and a consent for it alone: LegacyReadings::agreed_card().
  boost::asio::awaitable<std::vector<TokenCache::ReaderEntry>> tokens(Asking asking, bool one);
  // Consent, then PIN, each time. The key has to be one for digitalSignature, with which the card signs: else
  // UnsupportedCard, before the PIN. Throws as SigningService::sign() does.
  boost::asio::awaitable<Signed> sign(Asking asking, Use use, card::HashFunction function, Bytes hash);
  // The message in a block that was encrypted by RSAES-PKCS1-v1_5 (RFC 8017 section 7.2). Consent, then PIN, each time;
  // UnsupportedCard as above.
  // Whatever is wrong with the block is one and the same CardRefused, so that no page learns of its padding.
  boost::asio::awaitable<Decrypted> decrypt(Asking asking, Use use, SecureBytes block);

private:
  // Consent, then the card with a key that can do what is asked. Throws what the person and CardChoices throw;
  // UnsupportedCard when there is only one whose key is for it and cannot do it.
  boost::asio::awaitable<std::shared_ptr<const Token>> agreed_card(Asking asking, ConsentQuestion question,
                                                                   std::optional<std::string> key);

  std::shared_ptr<TokenCache> m_cards;
  CardChoices& m_choices;
  Person& m_person;
  LegacyReadings& m_readings;
  SigningService& m_service;
};

} // namespace twcard::service
