// The one job in which a PIN goes to a card: what it is sent for, and what this computer then knows of its tries.
#pragma once

#include "daemon/card/keys/tries_memory.hpp"
#include "daemon/card/readers/card_worker.hpp"
#include "daemon/card/readers/token.hpp"
#include "driver/base/secure_bytes.hpp"

namespace twcard::service {

// A PIN on its way to the card, shared with the job that sends it and never copied.
struct PinUse {
  std::shared_ptr<const Pin> pin;
  // The person has agreed to a try after which a wrong PIN locks the card (control C23).
  bool last_try_agreed = false;
  std::optional<CardWorker::Login> login; // as part of its burst
};

// What is done with a card's key, or only with its PIN.
struct KeyTask {
  // A raw RSA operation on a block; the message in a block of RSAES-PKCS1-v1_5, which only a vendor's library gives:
  // nothing is left to check then.
  enum class Kind { CheckPin, PrivateOperation, Decrypt };
  Kind kind = Kind::CheckPin;
  std::uint8_t key = 0; // this one and the block: not for CheckPin
  std::shared_ptr<const SecureBytes> block{};
};

// What is remembered of the tries of the card that a PIN is used on.
class PinTries final {
public:
  PinTries(std::shared_ptr<TriesMemory> tries, const Snapshot& snapshot)
      : m_tries(std::move(tries)), m_card(snapshot.identity) {}

  // Throws PinLastTry: a known last attempt needs the person's consent (control C23).
  void require_try(const PinUse& use) const;
  void accepted() const { m_tries->accepted(m_card); }
  void failed(const Error& error) const;

private:
  std::shared_ptr<TriesMemory> m_tries;
  CardIdentity m_card;
};

// On the thread of the card's reader; the card is a card::SigningCard. Throws what it throws; PinLastTry.
class PinJob final {
public:
  PinJob(PinTries tries, PinUse use, KeyTask task)
      : m_tries(std::move(tries)), m_use(std::move(use)), m_task(std::move(task)) {}

  // Sends the PIN unless the transaction is logged in.
  SecureBytes operator()(reader::Transaction& transaction, card::Card& any_card) const;

private:
  SecureBytes carry_out(reader::Transaction& transaction, card::SigningCard& card) const;

  PinTries m_tries;
  PinUse m_use;
  KeyTask m_task;
};

} // namespace twcard::service
