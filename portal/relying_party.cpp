#include "portal/relying_party.hpp"

#include "portal/nhi/form.hpp"
#include "portal/nhi/identity_number.hpp"
#include "portal/verification/refusal.hpp"

namespace twcard::portal {

RelyingParty::RelyingParty(RelyingPartySettings settings)
    : m_settings(std::move(settings)), m_trust(m_settings.trust), m_database(m_settings.database),
      m_sessions(m_database), m_challenges(m_database), m_journal(m_settings.journal) {
  if (!m_settings.nhi.insurer_key.empty()) m_nhi.emplace(m_settings.nhi, m_settings.origin, m_database);
}

RelyingParty::Challenge RelyingParty::challenge(std::string_view session) {
  const auto now = m_settings.now();
  SessionId id = m_sessions.exists(session, now) ? SessionId(session) : m_sessions.start(now);
  std::string nonce = m_challenges.issue(id, now);
  return {std::move(id), std::move(nonce)};
}

RelyingParty::Login RelyingParty::login(std::string_view session, std::string_view id_number,
                                        const boost::json::value& token) {
  const auto now = m_settings.now();
  const auto nonce = m_challenges.consume(session, now);
  if (!is_identity_number(id_number)) throw Refusal(Reason::IdNumberInvalid);

  const LoginExpectation expectation{m_settings.origin, nonce, id_number, now};
  auto login = sign_in(session, verify_login(parse_login_token(token), expectation, m_trust), now);
  m_journal.login_verified(login.holder.simulated, now);
  return login;
}

void RelyingParty::open_nhi_account(std::string_view session, const boost::json::value& proof,
                                    std::string_view password) {
  if (!m_nhi) throw Refusal(Reason::NotFound);
  const auto now = m_settings.now();
  const auto opener = m_sessions.holder(session, now);
  if (!opener) throw Refusal(Reason::NotSignedIn);
  m_nhi->open_account(proof, m_challenges.consume(session, now), password, *opener, now);
  m_journal.nhi_account_opened(now);
}

RelyingParty::Login RelyingParty::nhi_login(std::string_view session, const boost::json::value& proof,
                                            std::string_view password) {
  if (!m_nhi) throw Refusal(Reason::NotFound);
  const auto now = m_settings.now();
  auto login = sign_in(session, m_nhi->check(proof, m_challenges.consume(session, now), password, now), now);
  m_journal.nhi_login_verified(login.holder.simulated, now);
  return login;
}

RelyingParty::Login RelyingParty::old_nhi_login(std::string_view session, const boost::json::value& proof,
                                                std::string_view encrypted) {
  if (!has_old_page()) throw Refusal(Reason::NotFound);
  const auto now = m_settings.now();
  auto login = sign_in(session, m_nhi->check_old(proof, encrypted, now), now);
  m_journal.old_nhi_login_verified(login.holder.simulated, now);
  return login;
}

RelyingParty::Login RelyingParty::sign_in(std::string_view session, CardHolder holder, Time now) {
  SessionId id = m_sessions.sign_in(session, holder, now);
  return {std::move(id), std::move(holder)};
}

std::optional<CardHolder> RelyingParty::holder(std::string_view session) {
  return m_sessions.holder(session, m_settings.now());
}

void RelyingParty::logout(std::string_view session) {
  m_sessions.end(session);
}

std::string RelyingParty::accept_nhi_form(std::string_view session, const boost::json::value& form) {
  const auto now = m_settings.now();
  const auto sender = m_sessions.holder(session, now);
  if (!sender) throw Refusal(Reason::NotSignedIn);
  auto reference = store_nhi_form(m_database, parse_nhi_form(form, now), sender->serial_number, now);
  m_journal.nhi_form_accepted(now);
  return reference;
}

} // namespace twcard::portal
