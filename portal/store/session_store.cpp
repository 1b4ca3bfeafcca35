#include "portal/store/session_store.hpp"

#include "driver/crypto/digest.hpp"
#include "driver/crypto/random.hpp"
#include "portal/verification/refusal.hpp"

namespace twcard::portal {
namespace {

constexpr std::size_t random_size = 32;

std::int64_t seconds(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

Bytes key_of(std::string_view id) {
  return crypto::sha256(as_bytes(id));
}

} // namespace

SessionId SessionStore::start(Time now) {
  m_database.prepare("DELETE FROM session WHERE expires <= ?").bind(seconds(now)).run();
  auto count = m_database.prepare("SELECT count(*) FROM session");
  if (count.next() && count.number(0) >= max_sessions) throw Refusal(Reason::Busy, "sessions");

  SessionId id = to_base64(crypto::random_octets(random_size));
  m_database.prepare("INSERT INTO session (key, expires) VALUES (?, ?)")
      .bind(key_of(id))
      .bind(seconds(now + session_lifetime))
      .run();
  return id;
}

SessionId SessionStore::sign_in(std::string_view before, const CardHolder& holder, Time now) {
  end(before);
  SessionId id = start(now);
  m_database.prepare("UPDATE session SET holder_name = ?, holder_serial = ?, simulated = ? WHERE key = ?")
      .bind(holder.name)
      .bind(holder.serial_number)
      .bind(std::int64_t{holder.simulated})
      .bind(key_of(id))
      .run();
  return id;
}

bool SessionStore::exists(std::string_view id, Time now) {
  auto query = m_database.prepare("SELECT 1 FROM session WHERE key = ? AND expires > ?");
  return query.bind(key_of(id)).bind(seconds(now)).next();
}

std::optional<CardHolder> SessionStore::holder(std::string_view id, Time now) {
  auto query = m_database.prepare("SELECT holder_name, holder_serial, simulated FROM session "
                                  "WHERE key = ? AND expires > ? AND holder_serial IS NOT NULL");
  if (!query.bind(key_of(id)).bind(seconds(now)).next()) return std::nullopt;
  return CardHolder{query.text(0), query.text(1), query.number(2) != 0};
}

void SessionStore::end(std::string_view id) {
  m_database.prepare("DELETE FROM session WHERE key = ?").bind(key_of(id)).run();
}

std::string ChallengeStore::issue(std::string_view session, Time now) {
  std::string nonce = to_base64(crypto::random_octets(random_size));
  m_database.prepare("INSERT OR REPLACE INTO challenge (session, nonce, expires) VALUES (?, ?, ?)")
      .bind(key_of(session))
      .bind(nonce)
      .bind(seconds(now + challenge_lifetime))
      .run();
  return nonce;
}

std::string ChallengeStore::consume(std::string_view session, Time now) {
  auto taken = m_database.prepare("DELETE FROM challenge WHERE session = ? RETURNING nonce, expires");
  if (!taken.bind(key_of(session)).next()) throw Refusal(Reason::ChallengeMissing);
  std::string nonce = taken.text(0);
  const bool expired = taken.number(1) <= seconds(now);
  taken.run();
  if (expired) throw Refusal(Reason::ChallengeExpired);
  return nonce;
}

} // namespace twcard::portal
