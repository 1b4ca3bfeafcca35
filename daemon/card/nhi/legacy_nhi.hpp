// What the old local protocols read from an NHI card (docs/service-protocol.md, "Old local protocols"): the basic
// record, as it is or encrypted, and the encryption of a password under the card number. Nothing of it is bound to the
// site that asks (control C10).
#pragma once

#include "daemon/card/nhi/legacy_cipher.hpp"
#include "daemon/card/permission/permission.hpp"
#include "driver/card/nhi/nhi_card.hpp"

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

  LegacyNhi(Permission& permission, card::CardProfiles profiles)
      : m_permission(permission), m_profiles(std::move(profiles)) {}

  // One consent covers all three. They throw what Permission and the card throw; errors of a command to the card name a
  // step, "basic_record" or "card_data".
  boost::asio::awaitable<Released<Basic>> basic(CardRequest request);
  boost::asio::awaitable<Released<Encrypted>> encrypt_basic(CardRequest request);
  // Throws BadRequest before anything else for a password that is too short, ProfileMissing.
  boost::asio::awaitable<Released<Encrypted>> encrypt_password(CardRequest request, SecureBytes password);

private:
  enum class Part { BasicRecord, All };
  static boost::asio::awaitable<Basic> read(ApprovedCard card, Part part);

  Permission& m_permission;
  card::CardProfiles m_profiles;
};

} // namespace twcard::service
