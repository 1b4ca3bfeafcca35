// Logins of programs to cards, for PKCS#11. A login belongs to one connection and one insertion of a card; no
// other connection can use it, lose it or end it (control C16). Its PIN lies in locked memory and is wiped at logout,
// at the card's removal, at the end of the connection, and at the first use of it that does not succeed (control C24).
// Operations of a login that follow each other closely are one burst (card_worker.hpp).
//
// One strand: everything is used from the executor of the service.
#pragma once

#include "daemon/card/keys/key_engine.hpp"
#include "daemon/card/keys/public_key.hpp"
#include "daemon/card/permission/permission.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <set>

namespace twcard::service {

class TokenSessions final {
public:
  TokenSessions(Permission& permission, KeyEngine& keys);

  // A reader in the answer of token.list.
  [[nodiscard]] boost::json::object form_of(const ApprovedReader& reader);
  // The card that `reader` and `insertion` of a request name. Throws Error(CardRemoved) when it is not there any more,
  // Error(BadRequest), Error(UnsupportedCard) for one without keys.
  [[nodiscard]] ApprovedCard card_of(const Caller& caller, const boost::json::object& params) const;

  // Without a PIN the person is asked. Throws what the card and the person's prompt throw; there is no login then, even
  // if there was one before.
  boost::asio::awaitable<void> login(Caller caller, ApprovedCard card, std::optional<Pin> pin);
  void logout(std::uint64_t connection, const ApprovedCard& card);

  // A raw RSA operation with the key `key` ("SIGN"), checked with the certificate (control C21): the public operation
  // undoes it. Throws PinRequired without a login, SignatureMismatch, BadRequest, and what the card throws.
  boost::asio::awaitable<SecureBytes> private_operation(std::uint64_t connection, ApprovedCard card, std::string key,
                                                        SecureBytes block);
  [[nodiscard]] SecureBytes public_operation(const ApprovedCard& card, const std::string& key, ByteView block);

  void connection_opened(std::uint64_t connection);
  void connection_closed(std::uint64_t connection);
  void card_removed(const Token& token) noexcept;

private:
  struct Login {
    CardWorker::Login name = 0;
    ApprovedCard card;
    std::shared_ptr<const Pin> pin;
  };

  [[nodiscard]] std::string name_of(const Token& token) const;
  PublicKey public_key_of(const ApprovedCard& card, const TokenCertificate& certificate);

  Permission& m_permission;
  KeyEngine& m_keys;
  std::string m_process; // so that an insertion's name is not used again by the next twcardd
  std::map<std::pair<std::uint64_t, std::uint64_t>, Login> m_logins; // connection, insertion
  CardWorker::Login m_last_login = 0;
  std::set<std::uint64_t> m_connections; // that are open: a login may end after its connection
  // By insertion.
  std::map<std::uint64_t, boost::json::object> m_forms;
  std::map<std::uint64_t, std::map<std::string, PublicKey>> m_public_keys; // by the key's name
};

} // namespace twcard::service
