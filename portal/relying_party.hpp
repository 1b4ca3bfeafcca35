// What the site does for its visitors, without HTTP: challenge, login, logout, and the form filled from an NHI card.
// Not thread safe; a verification takes about a millisecond, that of a password a fifth of a second, which only a
// proved card can ask for.
#pragma once

#include "portal/nhi/sign_in.hpp"
#include "portal/store/database.hpp"
#include "portal/store/journal.hpp"
#include "portal/store/session_store.hpp"
#include "portal/verification/token_verification.hpp"

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace twcard::portal {

struct RelyingPartySettings {
  std::string origin; // ASCII serialisation: https://page.test:8443
  TrustFiles trust;
  std::string database = ":memory:";
  std::filesystem::path journal;
  std::function<Time()> now = [] { return std::chrono::system_clock::now(); };
  NhiSignInSettings nhi;
};

class RelyingParty final {
public:
  // Throws std::runtime_error (files of the settings).
  explicit RelyingParty(RelyingPartySettings settings);

  struct Challenge {
    SessionId session; // the given one, or a new one when that is not known
    std::string nonce;
  };
  [[nodiscard]] Challenge challenge(std::string_view session);

  struct Login {
    SessionId session; // always a new one
    CardHolder holder;
  };
  // Uses the session's challenge up before anything else is looked at. Throws Refusal.
  [[nodiscard]] Login login(std::string_view session, std::string_view id_number, const boost::json::value& token);

  // Signing in with an NHI card: which ways the site offers. The calls below throw Refusal(NotFound) for those that it
  // does not.
  [[nodiscard]] bool takes_nhi_cards() const noexcept { return m_nhi.has_value(); }
  [[nodiscard]] bool has_old_page() const noexcept { return m_nhi && m_nhi->has_old_page(); }
  // Both use the session's challenge up before anything else is looked at. Opening needs a login: NotSignedIn.
  void open_nhi_account(std::string_view session, const boost::json::value& proof, std::string_view password);
  [[nodiscard]] Login nhi_login(std::string_view session, const boost::json::value& proof, std::string_view password);
  // From the page for the old component: without a challenge (nhi_sign_in.hpp).
  [[nodiscard]] Login old_nhi_login(std::string_view session, const boost::json::value& proof,
                                    std::string_view encrypted);

  [[nodiscard]] std::optional<CardHolder> holder(std::string_view session);
  void logout(std::string_view session);

  // The form's reference number. Throws Refusal(NotSignedIn, FieldInvalid).
  [[nodiscard]] std::string accept_nhi_form(std::string_view session, const boost::json::value& form);

private:
  [[nodiscard]] Login sign_in(std::string_view session, CardHolder holder, Time now);

  RelyingPartySettings m_settings;
  TrustStore m_trust;
  Database m_database;
  SessionStore m_sessions;
  ChallengeStore m_challenges;
  std::optional<NhiSignIn> m_nhi;
  Journal m_journal;
};

} // namespace twcard::portal
