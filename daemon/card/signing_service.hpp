// The use cases: what is asked of the person and of the card, in which order, and what leaves. Knows neither sockets
// nor JSON. Every use case throws what its person and its card throw.
#pragma once

#include "daemon/card/consent.hpp"
#include "daemon/card/token_cache.hpp"
#include "daemon/card/tries_memory.hpp"
#include "driver/card/block.hpp"
#include "driver/card/nhi_card.hpp"

namespace twcard::service {

// Who asks, and which reader's card is meant (nullopt: the only one that fits).
struct Asking {
  Caller caller;
  std::optional<std::string> reader;
};

struct NhiReading {
  std::string reader;
  card::NhiRecord record; // the whole record: what may leave is chosen by who answers
};

struct LoginSignature {
  Bytes certificate;     // DER
  SecureBytes signature; // RSASSA-PKCS1-v1_5 with SHA-256
};

class SigningService final {
public:
  // `granted` is told when a caller has had a consent for a card.
  SigningService(std::shared_ptr<TokenCache> cards, Person& person,
                 std::function<void(const Caller&, const Token&)> granted)
      : m_cards(std::move(cards)), m_person(person), m_granted(std::move(granted)) {}

  // Consent, then the record.
  boost::asio::awaitable<NhiReading> read_nhi(Asking asking, std::vector<std::string> fields);
  // From memory: no APDU. A program is answered at once, a site after consent.
  boost::asio::awaitable<std::shared_ptr<const Token>> certificates(Asking asking);
  // Signs SHA-256(origin) || SHA-256(nonce), so that a signature is good for one site and one time (control C9).
  // The caller has an origin.
  boost::asio::awaitable<LoginSignature> authenticate(Asking asking, std::string nonce);
  // Signs a hash with the key of this certificate (DER), which has to be on a card, with a key, for digitalSignature.
  boost::asio::awaitable<SecureBytes> sign(Asking asking, Bytes certificate, card::HashFunction function,
                                           std::string function_name, Bytes hash);
  // 8 octets of the card's random generator.
  boost::asio::awaitable<Bytes> random(std::optional<std::string> reader);

  // For logins that outlive a call (token_sessions.hpp). The PIN is shared with the job that uses it, never copied.
  // A PIN that the person has entered just now, of a length that the card takes.
  boost::asio::awaitable<Pin> ask_pin(Caller caller, Operation operation, std::shared_ptr<const Token> token);
  // Throws what SigningCard::verify_pin throws. The card stays logged in for the burst of this login.
  boost::asio::awaitable<void> verify(std::shared_ptr<const Token> token, std::shared_ptr<const Pin> pin,
                                      CardWorker::Login login);
  // A raw RSA operation on a block; its result is not checked here. With a login, as part of its burst.
  boost::asio::awaitable<SecureBytes> private_operation(std::shared_ptr<const Token> token,
                                                        std::shared_ptr<const Pin> pin, std::uint8_t key,
                                                        std::shared_ptr<const SecureBytes> block,
                                                        std::optional<CardWorker::Login> login);
  [[nodiscard]] std::optional<int> tries_left(const Snapshot& snapshot) const {
    return m_tries.tries_left(snapshot.card_number_hash);
  }

private:
  // PIN, private operation, and the check that the signature fits the certificate (control C21).
  boost::asio::awaitable<SecureBytes> signature(Caller caller, Operation operation, std::shared_ptr<const Token> token,
                                                const TokenCertificate& certificate, card::HashFunction function,
                                                Bytes hash);
  boost::asio::awaitable<Pin> pin_for(PinQuestion question, std::shared_ptr<const Token> token);
  // Something that sends the PIN; remembers what the card says of it.
  boost::asio::awaitable<SecureBytes>
  with_pin(std::shared_ptr<const Token> token,
           std::function<SecureBytes(reader::Transaction&, card::SigningCard&)> operation,
           std::optional<CardWorker::Login> login);

  std::shared_ptr<TokenCache> m_cards;
  Person& m_person;
  std::function<void(const Caller&, const Token&)> m_granted;
  TriesMemory m_tries;
};

} // namespace twcard::service
