// The use cases: what is asked of the person and of the card, in which order, and what leaves. Knows neither sockets
// nor JSON. Every use case throws what its person and its card throw.
#pragma once

#include "daemon/card/keys/tries_memory.hpp"
#include "daemon/card/permission/granted_cards.hpp"
#include "driver/card/certificate/block.hpp"
#include "driver/card/nhi/nhi_card.hpp"

namespace twcard::service {

struct NhiReading {
  std::string reader;
  card::NhiRecord record; // the whole record: what may leave is chosen by who answers
};

struct LoginSignature {
  Bytes certificate;     // DER
  SecureBytes signature; // RSASSA-PKCS1-v1_5 with SHA-256
};

// A PIN on its way to the card, shared with the job that sends it and never copied.
struct PinUse {
  std::shared_ptr<const Pin> pin;
  // The person has agreed to a try after which a wrong PIN locks the card (control C23).
  bool last_try_agreed = false;
  std::optional<CardWorker::Login> login; // as part of its burst
};

class SigningService final {
public:
  // `granted` is told when a caller has had a consent for a card.
  SigningService(std::shared_ptr<TokenCache> cards, CardChoices& choices, Person& person, GrantedCards& readings,
                 std::function<void(const Caller&, const Token&)> granted, std::shared_ptr<TriesMemory> tries,
                 std::shared_ptr<const VendorClient> vendor)
      : m_cards(std::move(cards)), m_choices(choices), m_person(person), m_readings(readings),
        m_granted(std::move(granted)), m_tries(std::move(tries)), m_vendor(std::move(vendor)) {}

  // Consent (a site's may be a granted one), then the record.
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

  // PIN (the given one, or the person's), private operation, and the check that the signature fits the certificate, one
  // of the token's with a key (control C21).
  boost::asio::awaitable<SecureBytes> signature(Caller caller, Operation operation, std::shared_ptr<const Token> token,
                                                const TokenCertificate& certificate, card::HashFunction function,
                                                Bytes hash, std::optional<Pin> given = std::nullopt);

  // For logins that outlive a call (token_sessions.hpp).
  // A PIN that the person has entered just now, of a length that the card takes. When it is known that a wrong one
  // would lock the card, the person is asked first whether to go on; throws Cancelled when not.
  boost::asio::awaitable<PinUse> ask_pin(Caller caller, Operation operation, std::shared_ptr<const Token> token);
  // The same with a PIN that the caller has given, or else with one that the person is asked for.
  boost::asio::awaitable<PinUse> pin_for(Caller caller, Operation operation, std::shared_ptr<const Token> token,
                                         std::optional<Pin> given);
  // That question alone, for a PIN that the program has given. Whether it was asked; throws Cancelled when the answer
  // is no, PinLastTry when nobody can be asked.
  boost::asio::awaitable<bool> agree_to_last_try(Caller caller, std::shared_ptr<const Token> token);
  // Throws what SigningCard::verify_pin throws; PinLastTry. With a login the card stays logged in for its burst.
  boost::asio::awaitable<void> verify(std::shared_ptr<const Token> token, PinUse use);
  // A raw RSA operation on a block; its result is not checked here.
  boost::asio::awaitable<SecureBytes> private_operation(std::shared_ptr<const Token> token, PinUse use,
                                                        std::uint8_t key, std::shared_ptr<const SecureBytes> block);
  // The message in a block of RSAES-PKCS1-v1_5, by the library of a token that has one: nothing is left to check.
  boost::asio::awaitable<SecureBytes> decrypted_by_vendor(std::shared_ptr<const Token> token, PinUse use,
                                                          std::uint8_t key, std::shared_ptr<const SecureBytes> block);
  // The error of a result that does not fit the token's certificate: the certificate is not trusted any longer.
  [[nodiscard]] Error mismatch(const Token& token) const;
  [[nodiscard]] std::optional<int> tries_left(const Snapshot& snapshot) const {
    return m_tries->tries_left(snapshot.identity);
  }

private:
  // Something that sends the PIN unless the card is logged in; remembers what the card says of it.
  boost::asio::awaitable<SecureBytes>
  with_pin(std::shared_ptr<const Token> token, PinUse use,
           std::function<SecureBytes(reader::Transaction&, card::SigningCard&, const Pin&)> operation);

  // The same through the vendor's library of a token that has one; key and block are not looked at for a login.
  enum class VendorTask { CheckPin, Sign, Decrypt };
  boost::asio::awaitable<SecureBytes> by_vendor(VendorTask task, std::shared_ptr<const Token> token, PinUse use,
                                                std::uint8_t key, std::shared_ptr<const SecureBytes> block);

  std::shared_ptr<TokenCache> m_cards;
  CardChoices& m_choices;
  Person& m_person;
  GrantedCards& m_readings;
  std::function<void(const Caller&, const Token&)> m_granted;
  std::shared_ptr<TriesMemory> m_tries;
  std::shared_ptr<const VendorClient> m_vendor;
};

} // namespace twcard::service
