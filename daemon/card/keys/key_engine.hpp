// PIN and keys of an approved card: the PIN is asked for, sent in one job, and what comes back has to fit the
// certificate (control C21). Every function throws what the person and the card throw.
#pragma once

#include "daemon/card/keys/pin_job.hpp"
#include "daemon/card/permission/permit.hpp"
#include "driver/card/certificate/block.hpp"

namespace twcard::service {

class KeyEngine final {
public:
  KeyEngine(std::shared_ptr<TokenCache> cards, Person& person, std::shared_ptr<TriesMemory> tries,
            std::shared_ptr<const VendorClient> vendor)
      : m_cards(std::move(cards)), m_person(person), m_tries(std::move(tries)), m_vendor(std::move(vendor)) {}

  // PIN (the given one, or the person's), private operation, and the check that the signature fits the certificate, one
  // of the card's with a key.
  boost::asio::awaitable<SecureBytes> signature(Caller caller, Operation operation, ApprovedCard card,
                                                const TokenCertificate& certificate, card::HashFunction function,
                                                Bytes hash, std::optional<Pin> given = std::nullopt);

  // The given PIN, or else one that the person enters now, of a length that the card takes. When it is known that a
  // wrong one would lock the card, the person is asked first whether to go on; throws Cancelled when not, PinLastTry
  // when a PIN is given and nobody can be asked.
  boost::asio::awaitable<PinUse> pin_for(Caller caller, Operation operation, ApprovedCard card,
                                         std::optional<Pin> given);
  // By the card's driver, or its vendor's library. Throws what SigningCard throws; PinLastTry. With a login the card
  // stays logged in for its burst. The result is not checked here.
  boost::asio::awaitable<SecureBytes> carry_out(ApprovedCard card, PinUse use, KeyTask task);
  // The error of a result that does not fit the card's certificate: the certificate is not trusted any longer.
  [[nodiscard]] Error mismatch(const ApprovedCard& card) const;
  [[nodiscard]] std::optional<int> tries_left(const Snapshot& snapshot) const {
    return m_tries->tries_left(snapshot.identity);
  }

private:
  boost::asio::awaitable<PinUse> ask_pin(Caller caller, Operation operation, ApprovedCard card);
  // Whether the person was asked to agree to the last attempt.
  boost::asio::awaitable<bool> agree_to_last_try(Caller caller, ApprovedCard card);
  // The person's answer; when the card is taken out first, the prompt closes.
  template <typename Answer>
  boost::asio::awaitable<Answer> answered_in_time(ApprovedCard card, boost::asio::awaitable<Answer> question);
  boost::asio::awaitable<SecureBytes> by_vendor(ApprovedCard card, PinUse use, KeyTask task);

  std::shared_ptr<TokenCache> m_cards;
  Person& m_person;
  std::shared_ptr<TriesMemory> m_tries;
  std::shared_ptr<const VendorClient> m_vendor;
};

} // namespace twcard::service
