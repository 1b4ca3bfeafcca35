#include "portal/relying_party.hpp"

#include "portal/identity_number.hpp"
#include "portal/nhi_form.hpp"
#include "portal/refusal.hpp"

namespace twcard::portal {

RelyingParty::RelyingParty(RelyingPartySettings settings)
    : m_settings(std::move(settings)), m_trust(m_settings.trust), m_database(m_settings.database),
      m_sessions(m_database), m_challenges(m_database), m_journal(m_settings.journal) {}

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
  CardHolder holder = verify_login(parse_login_token(token), expectation, m_trust);
  SessionId id = m_sessions.sign_in(session, holder, now);
  m_journal.login_verified(holder.simulated, now);
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
