// Browser sessions and the challenges that belong to them.
#pragma once

#include "portal/store/database.hpp"
#include "portal/verification/token_verification.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace twcard::portal {

// What the browser keeps in its cookie: 256 random bits in base64.
using SessionId = std::string;

inline constexpr std::chrono::minutes session_lifetime{30};
inline constexpr std::chrono::minutes challenge_lifetime{5};
// Together some ten megabytes; more at a time are answered Busy.
inline constexpr std::int64_t max_sessions = 20'000;

class SessionStore final {
public:
  explicit SessionStore(Database& database) : m_database(database) {}

  // Nobody is signed in there yet. Throws Refusal(Busy).
  [[nodiscard]] SessionId start(Time now);
  // Ends `before` and starts another for the holder, so that an identifier planted before the login is worth nothing.
  [[nodiscard]] SessionId sign_in(std::string_view before, const CardHolder& holder, Time now);
  [[nodiscard]] bool exists(std::string_view id, Time now);
  [[nodiscard]] std::optional<CardHolder> holder(std::string_view id, Time now);
  void end(std::string_view id);

private:
  [[nodiscard]] SessionId insert(const CardHolder* holder, Time now);
  Database& m_database;
};

// One challenge a session at most: a new one replaces the earlier one.
class ChallengeStore final {
public:
  explicit ChallengeStore(Database& database) : m_database(database) {}

  // 256 random bits in base64 (44 characters), valid for five minutes, for this session only.
  [[nodiscard]] std::string issue(std::string_view session, Time now);
  // Takes the session's challenge away, whatever becomes of the login, and gives it. Throws Refusal(ChallengeMissing,
  // ChallengeExpired).
  [[nodiscard]] std::string consume(std::string_view session, Time now);

private:
  Database& m_database;
};

} // namespace twcard::portal
