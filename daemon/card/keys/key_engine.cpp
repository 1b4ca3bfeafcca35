#include "daemon/card/keys/key_engine.hpp"

#include "daemon/card/person/person_race.hpp"

#include <fmt/format.h>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

PinQuestion pin_question(Caller caller, Operation operation, const Token& token, std::optional<int> tries_left) {
  return {std::move(caller), operation, place_of(token), tries_left, token.snapshot()->pin_policy};
}

// Some libraries leave the card logged in after C_Logout and C_Finalize (OpenSC's does, with cards that have no command
// for it), and one that crashed has not even tried.
class ResetAtEnd final {
public:
  explicit ResetAtEnd(std::shared_ptr<CardWorker> worker) : m_worker(std::move(worker)) {}
  ~ResetAtEnd() { m_worker->reset_card(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

private:
  std::shared_ptr<CardWorker> m_worker;
};

} // namespace

template <typename Answer>
asio::awaitable<Answer> KeyEngine::answered_in_time(ApprovedCard card, asio::awaitable<Answer> question) {
  auto answer = co_await answer_before(std::move(question), TokenCache::removed(m_cards, card.token()));
  if (!answer) throw Error(Errc::CardRemoved, "the card was removed while the prompt was open");
  co_return std::move(*answer);
}

asio::awaitable<SecureBytes> KeyEngine::signature(Caller caller, Operation operation, ApprovedCard card,
                                                  const TokenCertificate& certificate, card::HashFunction function,
                                                  Bytes hash, std::optional<Pin> given) {
  if (card.snapshot().missing_profile) throw Error(Errc::ProfileMissing, *card.snapshot().missing_profile);
  if (certificate.info.modulus.empty()) throw Error(Errc::BadCardData, "the certificate has no RSA key");
  if (!certificate.key.signs) throw Error(Errc::UnsupportedCard, "the card does not sign with this key");
  KeyTask task{KeyTask::Kind::PrivateOperation, *certificate.on_card.key_reference,
               std::make_shared<const SecureBytes>(
                   SecureBytes::copy_of(card::signature_block(function, hash, certificate.info.modulus.size())))};

  auto use = co_await pin_for(std::move(caller), operation, card, std::move(given));
  auto made = co_await carry_out(card, std::move(use), std::move(task));
  if (!card::verifies(certificate.on_card.der, function, hash, made.view())) throw mismatch(card);
  co_return made;
}

Error KeyEngine::mismatch(const ApprovedCard& card) const {
  // The card may have got another certificate since it was kept, in the same place.
  m_cards->forget_kept(*card);
  return {Errc::SignatureMismatch, "the result does not match the certificate; remove and reinsert the card"};
}

asio::awaitable<PinUse> KeyEngine::pin_for(Caller caller, Operation operation, ApprovedCard card,
                                           std::optional<Pin> given) {
  if (!given) co_return co_await ask_pin(std::move(caller), operation, std::move(card));
  PinUse use;
  use.last_try_agreed = co_await agree_to_last_try(std::move(caller), std::move(card));
  use.pin = std::make_shared<const Pin>(std::move(*given));
  co_return use;
}

asio::awaitable<PinUse> KeyEngine::ask_pin(Caller caller, Operation operation, ApprovedCard card) {
  const auto& snapshot = card.snapshot();
  if (snapshot.missing_profile) throw Error(Errc::ProfileMissing, *snapshot.missing_profile);
  const bool agreed = co_await agree_to_last_try(caller, card);
  auto question = pin_question(std::move(caller), operation, *card, tries_left(snapshot));
  auto pin = co_await answered_in_time(card, m_person.enters_pin(std::move(question)));
  const auto& policy = snapshot.pin_policy;
  if (pin.size() < policy.min_length || pin.size() > policy.max_length)
    throw Error(Errc::PinLength,
                fmt::format("the PIN of this card has {} to {} characters", policy.min_length, policy.max_length));
  co_return PinUse{std::make_shared<const Pin>(std::move(pin)), agreed, std::nullopt};
}

asio::awaitable<bool> KeyEngine::agree_to_last_try(Caller caller, ApprovedCard card) {
  if (!m_tries->may_be_last(card.snapshot().identity)) co_return false;
  auto question = pin_question(std::move(caller), Operation::Login, *card, tries_left(card.snapshot()));
  bool agreed = false;
  try {
    agreed = co_await answered_in_time(card, m_person.risks_last_try(std::move(question)));
  } catch (const Error& error) {
    if (error.code() != Errc::PromptUnavailable) throw;
    throw Error(Errc::PinLastTry, error.what());
  }
  if (!agreed) throw Error(Errc::Cancelled, "the user keeps the last PIN attempt");
  co_return true;
}

asio::awaitable<SecureBytes> KeyEngine::carry_out(ApprovedCard card, PinUse use, KeyTask task) {
  if (!card.snapshot().vendor_library.empty()) return by_vendor(std::move(card), std::move(use), std::move(task));
  const auto login = use.login;
  return card.ask<SecureBytes>(PinJob(PinTries(m_tries, card.snapshot()), std::move(use), std::move(task)), login);
}

asio::awaitable<SecureBytes> KeyEngine::by_vendor(ApprovedCard card, PinUse use, KeyTask task) {
  const PinTries tries(m_tries, card.snapshot());
  tries.require_try(use);
  // The reset after an earlier use would come into this one; OpenSC 0.23 waits for itself for ever then.
  co_await card->worker->earlier_jobs();
  const ResetAtEnd reset(card->worker);
  try {
    SecureBytes result;
    switch (task.kind) {
    case KeyTask::Kind::CheckPin: co_await m_vendor->check_pin(card.token(), use.pin); break;
    case KeyTask::Kind::PrivateOperation:
      result = co_await m_vendor->sign(card.token(), use.pin, task.key, task.block);
      break;
    case KeyTask::Kind::Decrypt:
      result = co_await m_vendor->decrypt(card.token(), use.pin, task.key, task.block);
      break;
    }
    tries.accepted();
    co_return result;
  } catch (const Error& error) {
    tries.failed(error);
    throw;
  }
}

} // namespace twcard::service
