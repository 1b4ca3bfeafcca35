#include "daemon/card/keys/signing_service.hpp"

#include "daemon/card/person/person_race.hpp"
#include "daemon/card/readers/key_choice.hpp"
#include "driver/card/certificate/validity.hpp"
#include "driver/crypto/digest.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::service {

namespace asio = boost::asio;

namespace {

bool is_nhi(const Snapshot& snapshot) {
  return snapshot.kind == card::CardKind::Nhi;
}
bool has_certificates(const Snapshot& snapshot) {
  return card::has_keys(snapshot.kind);
}

const TokenCertificate* certificate_on(const Snapshot& snapshot, ByteView der) {
  const auto found = std::find_if(snapshot.certificates.begin(), snapshot.certificates.end(),
                                  [&](const auto& each) { return std::ranges::equal(each.on_card.der, der); });
  return found == snapshot.certificates.end() ? nullptr : &*found;
}

const TokenCertificate& login_certificate(const Snapshot& snapshot) {
  if (const auto* certificate = key_for(snapshot, KeyUse::Login, card::utc_now())) return *certificate;
  if (std::ranges::any_of(snapshot.certificates, [](const auto& each) { return is_for(each, KeyUse::Signing); }))
    throw Error(Errc::UnsupportedCard, "the card has no key that logs in");
  throw Error(Errc::BadCardData, "the card has no signature certificate that can be read");
}

// The person's answer; when the card is taken out first, the prompt closes.
template <typename Answer>
asio::awaitable<Answer> answered_in_time(std::shared_ptr<TokenCache> cards, std::shared_ptr<const Token> token,
                                         asio::awaitable<Answer> question) {
  auto answer = co_await answer_before(std::move(question), TokenCache::removed(cards, token));
  if (!answer) throw Error(Errc::CardRemoved, "the card was removed while the prompt was open");
  co_return std::move(*answer);
}

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

// A known last try wants the person's consent (control C23).
void require_try(const TriesMemory& tries, const CardIdentity& card, const PinUse& use) {
  if (!use.last_try_agreed && tries.may_be_last(card)) throw Error(Errc::PinLastTry, "one PIN attempt is left");
}

void remember_refusal(TriesMemory& tries, const CardIdentity& card, const Error& error) {
  if (error.tries_left()) tries.refused(card, *error.tries_left());
  if (error.code() == Errc::PinBlocked) tries.refused(card, 0);
}

} // namespace

asio::awaitable<NhiReading> SigningService::read_nhi(Asking asking, std::vector<std::string> fields) {
  const ConsentQuestion question{asking.caller, Operation::NhiRead, std::move(fields), {}, {}};
  const auto agreed = co_await m_readings.agreed_card(question, std::move(asking.reader), is_nhi);
  const auto& token = agreed.token;
  m_granted(asking.caller, *token);
  std::function<card::NhiRecord(reader::Transaction&, card::Card&)> read = [](reader::Transaction& transaction,
                                                                              card::Card& card) {
    return dynamic_cast<card::NhiCard&>(card).read(transaction);
  };
  auto record = co_await CardWorker::ask(token->worker, token->insertion, std::move(read));
  if (!agreed.answer) m_readings.require_still(question, *token);
  co_return NhiReading{token->reader, std::move(record)};
}

asio::awaitable<std::shared_ptr<const Token>> SigningService::certificates(Asking asking) {
  if (!asking.caller.origin)
    co_return co_await m_choices.card_for(std::move(asking), Operation::Certificates, has_certificates);
  const ConsentQuestion question{asking.caller, Operation::Certificates, {}, {}, {}};
  const auto agreed = co_await m_readings.agreed_card(question, std::move(asking.reader), has_certificates);
  if (!agreed.answer) m_readings.require_still(question, *agreed.token);
  m_granted(asking.caller, *agreed.token);
  co_return agreed.token;
}

asio::awaitable<LoginSignature> SigningService::authenticate(Asking asking, std::string nonce) {
  ConsentQuestion question{asking.caller, Operation::Authenticate, {}, {}, {}};
  co_await require_consent(m_person, std::move(question));

  const auto token = co_await m_choices.card_for(asking, Operation::Authenticate, has_certificates);
  m_granted(asking.caller, *token);
  const auto& certificate = login_certificate(*token->snapshot());

  auto message = crypto::sha256(as_bytes(asking.caller.origin.value()));
  const auto of_nonce = crypto::sha256(as_bytes(nonce));
  message.insert(message.end(), of_nonce.begin(), of_nonce.end());
  auto made = co_await signature(std::move(asking.caller), Operation::Authenticate, token, certificate,
                                 card::HashFunction::Sha256, crypto::sha256(message));
  co_return LoginSignature{certificate.on_card.der, std::move(made)};
}

asio::awaitable<SecureBytes> SigningService::sign(Asking asking, Bytes certificate, card::HashFunction function,
                                                  std::string function_name, Bytes hash) {
  ConsentQuestion question{asking.caller, Operation::Sign, {}, std::move(function_name), hash};
  co_await require_consent(m_person, std::move(question));

  TokenCache::Fits has_it = [certificate](const Snapshot& snapshot) {
    return certificate_on(snapshot, certificate) != nullptr;
  };
  const auto token = co_await m_choices.card_for(asking, Operation::Sign, std::move(has_it));
  m_granted(asking.caller, *token);
  const auto& named = *certificate_on(*token->snapshot(), certificate);
  if (!named.on_card.key_reference) throw Error(Errc::BadRequest, "certificate: the card has no key for it");
  if (!is_for(named, KeyUse::Signing))
    throw Error(Errc::BadRequest, "certificate: its key usage has neither digitalSignature nor nonRepudiation");
  co_return co_await signature(std::move(asking.caller), Operation::Sign, token, named, function, std::move(hash));
}

asio::awaitable<Bytes> SigningService::random(std::optional<std::string> reader) {
  Asking program{{}, std::move(reader)};
  const auto token = co_await m_choices.card_for(std::move(program), Operation::Certificates, has_certificates);
  if (!token->snapshot()->vendor_library.empty())
    throw Error(Errc::CardRefused, "there are no random numbers of a card through its vendor's library");
  std::function<Bytes(reader::Transaction&, card::Card&)> draw = [](reader::Transaction& transaction,
                                                                    card::Card& card) {
    return dynamic_cast<card::SigningCard&>(card).random(transaction);
  };
  co_return co_await CardWorker::ask(token->worker, token->insertion, std::move(draw));
}

asio::awaitable<SecureBytes> SigningService::signature(Caller caller, Operation operation,
                                                       std::shared_ptr<const Token> token,
                                                       const TokenCertificate& certificate, card::HashFunction function,
                                                       Bytes hash, std::optional<Pin> given) {
  const auto& snapshot = *token->snapshot();
  if (snapshot.missing_profile) throw Error(Errc::ProfileMissing, *snapshot.missing_profile);
  if (certificate.info.modulus.empty()) throw Error(Errc::BadCardData, "the certificate has no RSA key");
  if (!certificate.key.signs) throw Error(Errc::UnsupportedCard, "the card does not sign with this key");
  const auto block = std::make_shared<const SecureBytes>(
      SecureBytes::copy_of(card::signature_block(function, hash, certificate.info.modulus.size())));

  auto use = co_await pin_for(std::move(caller), operation, token, std::move(given));
  auto made = co_await private_operation(token, std::move(use), *certificate.on_card.key_reference, block);
  if (!card::verifies(certificate.on_card.der, function, hash, made.view())) throw mismatch(*token);
  co_return made;
}

Error SigningService::mismatch(const Token& token) const {
  // The card may have got another certificate since it was kept, in the same place.
  m_cards->forget_kept(token);
  return {Errc::SignatureMismatch, "the result does not match the certificate; remove and reinsert the card"};
}

asio::awaitable<PinUse> SigningService::ask_pin(Caller caller, Operation operation,
                                                std::shared_ptr<const Token> token) {
  const auto& snapshot = *token->snapshot();
  if (snapshot.missing_profile) throw Error(Errc::ProfileMissing, *snapshot.missing_profile);
  const bool agreed = co_await agree_to_last_try(caller, token);
  auto question = pin_question(std::move(caller), operation, *token, tries_left(snapshot));
  auto pin = co_await answered_in_time(m_cards, token, m_person.enters_pin(std::move(question)));
  const auto& policy = snapshot.pin_policy;
  if (pin.size() < policy.min_length || pin.size() > policy.max_length)
    throw Error(Errc::PinLength,
                fmt::format("the PIN of this card has {} to {} characters", policy.min_length, policy.max_length));
  co_return PinUse{std::make_shared<const Pin>(std::move(pin)), agreed, std::nullopt};
}

asio::awaitable<PinUse> SigningService::pin_for(Caller caller, Operation operation, std::shared_ptr<const Token> token,
                                                std::optional<Pin> given) {
  if (!given) co_return co_await ask_pin(std::move(caller), operation, std::move(token));
  PinUse use;
  use.last_try_agreed = co_await agree_to_last_try(std::move(caller), std::move(token));
  use.pin = std::make_shared<const Pin>(std::move(*given));
  co_return use;
}

asio::awaitable<bool> SigningService::agree_to_last_try(Caller caller, std::shared_ptr<const Token> token) {
  if (!m_tries->may_be_last(token->snapshot()->identity)) co_return false;
  auto question = pin_question(std::move(caller), Operation::Login, *token, tries_left(*token->snapshot()));
  bool agreed = false;
  try {
    agreed = co_await answered_in_time(m_cards, token, m_person.risks_last_try(std::move(question)));
  } catch (const Error& error) {
    if (error.code() != Errc::PromptUnavailable) throw;
    throw Error(Errc::PinLastTry, error.what());
  }
  if (!agreed) throw Error(Errc::Cancelled, "the user keeps the last PIN attempt");
  co_return true;
}

asio::awaitable<void> SigningService::verify(std::shared_ptr<const Token> token, PinUse use) {
  if (!token->snapshot()->vendor_library.empty()) {
    static_cast<void>(co_await by_vendor(VendorTask::CheckPin, std::move(token), std::move(use), 0, nullptr));
    co_return;
  }
  std::function<SecureBytes(reader::Transaction&, card::SigningCard&, const Pin&)> operation =
      [](reader::Transaction& transaction, card::SigningCard& card, const Pin& pin) {
        card.verify_pin(transaction, pin);
        return SecureBytes();
      };
  static_cast<void>(co_await with_pin(std::move(token), std::move(use), std::move(operation)));
}

asio::awaitable<SecureBytes> SigningService::private_operation(std::shared_ptr<const Token> token, PinUse use,
                                                               std::uint8_t key,
                                                               std::shared_ptr<const SecureBytes> block) {
  if (!token->snapshot()->vendor_library.empty())
    co_return co_await by_vendor(VendorTask::Sign, std::move(token), std::move(use), key, std::move(block));
  std::function<SecureBytes(reader::Transaction&, card::SigningCard&, const Pin&)> operation =
      [key, block = std::move(block)](reader::Transaction& transaction, card::SigningCard& card, const Pin& pin) {
        return card.private_operation(transaction, pin, key, block->view());
      };
  co_return co_await with_pin(std::move(token), std::move(use), std::move(operation));
}

asio::awaitable<SecureBytes> SigningService::decrypted_by_vendor(std::shared_ptr<const Token> token, PinUse use,
                                                                 std::uint8_t key,
                                                                 std::shared_ptr<const SecureBytes> block) {
  return by_vendor(VendorTask::Decrypt, std::move(token), std::move(use), key, std::move(block));
}

asio::awaitable<SecureBytes>
SigningService::with_pin(std::shared_ptr<const Token> token, PinUse use,
                         std::function<SecureBytes(reader::Transaction&, card::SigningCard&, const Pin&)> operation) {
  // In the job, because another one may have cost a try since the person was asked.
  std::function<SecureBytes(reader::Transaction&, card::Card&)> operate =
      [tries = m_tries, identity = token->snapshot()->identity, use,
       operation = std::move(operation)](reader::Transaction& transaction, card::Card& card) {
        if (!transaction.logged_in()) require_try(*tries, identity, use);
        try {
          auto result = operation(transaction, dynamic_cast<card::SigningCard&>(card), *use.pin);
          tries->accepted(identity);
          return result;
        } catch (const Error& error) {
          remember_refusal(*tries, identity, error);
          throw;
        }
      };
  co_return co_await CardWorker::ask(token->worker, token->insertion, std::move(operate), use.login);
}

asio::awaitable<SecureBytes> SigningService::by_vendor(VendorTask task, std::shared_ptr<const Token> token, PinUse use,
                                                       std::uint8_t key, std::shared_ptr<const SecureBytes> block) {
  const auto& identity = token->snapshot()->identity;
  require_try(*m_tries, identity, use);
  // The reset after an earlier use would come into this one; OpenSC 0.23 waits for itself for ever then.
  co_await token->worker->earlier_jobs();
  const ResetAtEnd reset(token->worker);
  try {
    SecureBytes result;
    switch (task) {
    case VendorTask::CheckPin: co_await m_vendor->check_pin(token, use.pin); break;
    case VendorTask::Sign: result = co_await m_vendor->sign(token, use.pin, key, std::move(block)); break;
    case VendorTask::Decrypt: result = co_await m_vendor->decrypt(token, use.pin, key, std::move(block)); break;
    }
    m_tries->accepted(identity);
    co_return result;
  } catch (const Error& error) {
    remember_refusal(*m_tries, identity, error);
    throw;
  }
}

} // namespace twcard::service
