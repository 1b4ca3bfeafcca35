#include "portal/nhi/accounts.hpp"

#include "driver/crypto/digest.hpp"
#include "portal/nhi/password_hash.hpp"
#include "portal/verification/refusal.hpp"

#include <algorithm>

namespace twcard::portal {
namespace {

constexpr std::size_t min_password = 8;
constexpr std::size_t max_password = 64;

std::int64_t seconds(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

bool is_fit(std::string_view password) {
  return password.size() >= min_password && password.size() <= max_password &&
         std::all_of(password.begin(), password.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

} // namespace

void NhiAccounts::open(std::string_view card_number, std::string_view password, const CardHolder& holder, Time now) {
  if (!is_fit(password)) throw Refusal(Reason::PasswordUnfit);
  m_database
      .prepare("INSERT OR REPLACE INTO nhi_account (card, opened, password, holder_name, holder_serial, simulated) "
               "VALUES (?, ?, ?, ?, ?, ?)")
      .bind(crypto::sha256(as_bytes(card_number)))
      .bind(seconds(now))
      .bind(hash_password(password, m_cost))
      .bind(holder.name)
      .bind(holder.serial_number)
      .bind(std::int64_t{holder.simulated})
      .run();
}

CardHolder NhiAccounts::check(std::string_view card_number, std::string_view password, Time now) {
  const auto card = crypto::sha256(as_bytes(card_number));
  auto account = m_database.prepare("SELECT password, wrong, last_wrong, holder_name, holder_serial, simulated "
                                    "FROM nhi_account WHERE card = ?");
  if (!account.bind(card).next()) throw Refusal(Reason::AccountMissing);

  const bool pause_over = account.number(2) + std::chrono::seconds(password_pause).count() <= seconds(now);
  const auto wrong = pause_over ? 0 : account.number(1);
  if (wrong >= max_wrong_passwords) throw Refusal(Reason::TooManyTries);
  const bool right = is_password(password, account.text(0));
  m_database.prepare("UPDATE nhi_account SET wrong = ?, last_wrong = ? WHERE card = ?")
      .bind(right ? 0 : wrong + 1)
      .bind(seconds(now))
      .bind(card)
      .run();
  if (!right) throw Refusal(Reason::PasswordWrong);
  return {account.text(3), account.text(4), account.number(5) != 0};
}

void NhiAccounts::use_once(std::string_view card_number, std::string_view signed_text) {
  const auto key = crypto::sha256(as_bytes(std::string(card_number) + std::string(signed_text)));
  auto added = m_database.prepare("INSERT OR IGNORE INTO nhi_proof (key) VALUES (?) RETURNING 1");
  const bool is_new = added.bind(key).next();
  added.run();
  if (!is_new) throw Refusal(Reason::ProofUsed);
}

} // namespace twcard::portal
