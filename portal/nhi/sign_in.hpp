// Signing in with an NHI card and a password: what the card's proof and the password say about who is there. The card
// has no PIN, so that the password is what a person knows. Without HTTP and sessions.
#pragma once

#include "portal/nhi/accounts.hpp"
#include "portal/nhi/insurer_signature.hpp"
#include "portal/nhi/nhiicc_password.hpp"
#include "portal/nhi/password_hash.hpp"

#include <optional>

namespace twcard::portal {

struct NhiSignInSettings {
  std::filesystem::path insurer_key; // PEM; empty: nobody signs in with an NHI card
  std::filesystem::path profile;     // card profile of kind nhi; empty: no page for the old component
  unsigned cost = password_cost;     // of new passwords
};

class NhiSignIn final {
public:
  // The settings have a key; `database` outlives this object. Throws std::runtime_error (files of the settings).
  NhiSignIn(const NhiSignInSettings& settings, std::string origin, Database& database);

  // `challenge`: of this session, used up already. Throw Refusal: what parse_nhi_proof(), InsurerKey and NhiAccounts
  // do, SignatureInvalid when the proof is for another site or another challenge.
  void open_account(const boost::json::value& proof, std::string_view challenge, std::string_view password,
                    const CardHolder& holder, Time now);
  [[nodiscard]] CardHolder check(const boost::json::value& proof, std::string_view challenge, std::string_view password,
                                 Time now);

  [[nodiscard]] bool has_old_page() const noexcept { return m_old_passwords.has_value(); }
  // By the old component, which draws what is signed by itself: nothing in the proof is about this site or this
  // session. All that is left is that no proof is taken twice (ProofUsed). `encrypted`: what its EnCrypt gave;
  // undecipherable is PasswordWrong. Only with has_old_page().
  [[nodiscard]] CardHolder check_old(const boost::json::value& proof, std::string_view encrypted, Time now);

private:
  [[nodiscard]] NhiProof verified(const boost::json::value& proof, std::string_view challenge) const;

  std::string m_origin;
  InsurerKey m_insurer;
  std::optional<NhiiccPasswords> m_old_passwords;
  NhiAccounts m_accounts;
};

} // namespace twcard::portal
