// Who may sign in with which NHI card, and with which password. An account belongs to the person who opened it after a
// sign-in with the citizen certificate; it is found by the SHA-256 of the card's number. That keeps numbers out of the
// table; it does not hide them from whoever has the table and tries all of them.
#pragma once

#include "portal/store/database.hpp"
#include "portal/verification/token_verification.hpp"

#include <chrono>
#include <string_view>

namespace twcard::portal {

// After so many wrong passwords in a row a card's account takes none for a while.
inline constexpr std::int64_t max_wrong_passwords = 5;
inline constexpr std::chrono::minutes password_pause{15};

class NhiAccounts final {
public:
  // `cost`: of new passwords (password_hash.hpp).
  NhiAccounts(Database& database, unsigned cost) : m_database(database), m_cost(cost) {}

  // For a card that has been proved. Takes the place of the card's account of before. Throws Refusal(PasswordUnfit)
  // unless the password has 8 to 64 printable ASCII characters.
  void open(std::string_view card_number, std::string_view password, const CardHolder& holder, Time now);

  // For a card that has been proved. Throws Refusal(AccountMissing, PasswordWrong, TooManyTries).
  [[nodiscard]] CardHolder check(std::string_view card_number, std::string_view password, Time now);

  // Takes what a card had signed as used up. Throws Refusal(ProofUsed) at the second time. For proofs without a
  // challenge of this site's; there is no time in them, so they are remembered for ever.
  void use_once(std::string_view card_number, std::string_view signed_text);

private:
  Database& m_database;
  unsigned m_cost;
};

} // namespace twcard::portal
