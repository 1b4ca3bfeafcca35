// What the old local protocols read from an NHI card (docs/service-protocol.md, "Old local protocols"): the basic
// record, as it is or encrypted, and the encryption of a password under the card number. Nothing of it is bound to the
// site that asks (control C10).
#pragma once

#include "daemon/card/keys/signing_service.hpp"
#include "daemon/card/nhi/legacy_cipher.hpp"
#include "daemon/card/permission/legacy_readings.hpp"

namespace twcard::service {

class LegacyNhi final {
public:
  struct Basic {
    card::NhiFields fields;
    std::string termination;
  };
  struct Encrypted {
    std::string card_number;
    std::string hex;
    bool prefixed = false; // whether the sites of the card's profile want the command's name in front of the record
  };

  // `granted` is told when a caller has had a consent for a card.
  LegacyNhi(LegacyReadings& readings, std::function<void(const Caller&, const Token&)> granted,
            card::CardProfiles profiles)
      : m_readings(readings), m_granted(std::move(granted)), m_profiles(std::move(profiles)) {}

  // All three: the caller has an origin; one consent covers them for the card's stay, a granted one for good. They
  // throw what the person and the card throw; errors of a command to the card name a step, "basic_record" or
  // "card_data".
  boost::asio::awaitable<Basic> basic(Asking asking);
  boost::asio::awaitable<Encrypted> encrypt_basic(Asking asking);
  // Throws BadRequest before anything else for a password that is too short, ProfileMissing.
  boost::asio::awaitable<Encrypted> encrypt_password(Asking asking, SecureBytes password);

private:
  enum class Part { BasicRecord, All };
  // A card that may be read.
  boost::asio::awaitable<Agreed> agreed_card(Asking asking);
  boost::asio::awaitable<Basic> read(Asking asking, Agreed agreed, Part part);

  LegacyReadings& m_readings;
  std::function<void(const Caller&, const Token&)> m_granted;
  card::CardProfiles m_profiles;
};

} // namespace twcard::service
