// The calls about one card in one reader: login, private operations, random octets. The service knows this
// application's login by the connection, so each card has a connection of its own, made when it is first needed.
//
// Thread-safe; calls of several threads wait for each other, as the card would make them do. Each blocks as long as the
// card or the person takes, and throws Error as the service said it, or Error(ServiceUnavailable).
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "pkcs11/line/line.hpp"

#include <atomic>
#include <string>

namespace twcard::pkcs11 {

class CardLink final {
public:
  // `insertion` is the service's name for this insertion of the card: another card in the reader is refused.
  CardLink(std::string reader, std::string insertion);

  enum class Login { First, Again };
  // Without a PIN the service asks the person. False when First meets a login that is there already.
  [[nodiscard]] bool login(std::optional<SecureBytes> pin, Login login);
  // The login is over afterwards, whatever the service says.
  void logout() noexcept;
  [[nodiscard]] bool logged_in() const noexcept { return m_logged_in; }
  // PIN tries that the card said are left, when it refused the last PIN.
  [[nodiscard]] std::optional<int> tries_left() const noexcept;

  // A raw RSA operation on a block as large as the modulus. The service checks the result with the certificate.
  [[nodiscard]] SecureBytes sign(const std::string& key_id, SecureBytes block);
  [[nodiscard]] SecureBytes decrypt(const std::string& key_id, SecureBytes block);
  // The public operation of that key; needs no login.
  [[nodiscard]] SecureBytes apply_public_key(const std::string& key_id, SecureBytes block);
  // A few octets of the card's generator.
  [[nodiscard]] SecureBytes random();

  // Ends whatever waits, now and from now on, and with the connection the login.
  void cut() noexcept;

private:
  // With the lock held.
  SecureBytes call(std::string_view method, boost::json::object params, SecureBytes blob,
                   std::chrono::milliseconds limit);
  [[nodiscard]] boost::json::object card_params() const;
  [[nodiscard]] SecureBytes rsa_operation(std::string_view method, const std::string& key_id, SecureBytes block);

  static constexpr int unknown_tries = -1;
  const std::string m_reader;
  const std::string m_insertion;
  std::mutex m_mutex;
  Line m_line;
  std::atomic<bool> m_logged_in{false};
  std::atomic<int> m_tries_left{unknown_tries};
};

} // namespace twcard::pkcs11
