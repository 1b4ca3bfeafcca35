#include "portal/nhi/sign_in.hpp"

#include "portal/verification/refusal.hpp"

namespace twcard::portal {

NhiSignIn::NhiSignIn(const NhiSignInSettings& settings, std::string origin, Database& database)
    : m_origin(std::move(origin)), m_insurer(settings.insurer_key), m_accounts(database, settings.cost) {
  if (!settings.profile.empty()) m_old_passwords.emplace(settings.profile);
}

NhiProof NhiSignIn::verified(const boost::json::value& json, std::string_view challenge) const {
  auto proof = parse_nhi_proof(json);
  if (proof.signed_text != bound_challenge(m_origin, challenge)) throw Refusal(Reason::SignatureInvalid);
  m_insurer.verify(proof);
  return proof;
}

void NhiSignIn::open_account(const boost::json::value& proof, std::string_view challenge, std::string_view password,
                             const CardHolder& holder, Time now) {
  m_accounts.open(verified(proof, challenge).card_number, password, holder, now);
}

CardHolder NhiSignIn::check(const boost::json::value& proof, std::string_view challenge, std::string_view password,
                            Time now) {
  return m_accounts.check(verified(proof, challenge).card_number, password, now);
}

CardHolder NhiSignIn::check_old(const boost::json::value& json, std::string_view encrypted, Time now) {
  const auto proof = parse_nhi_proof(json);
  m_insurer.verify(proof);
  m_accounts.use_once(proof.card_number, proof.signed_text);
  const auto password = m_old_passwords.value().decrypt(encrypted, proof.card_number, now);
  // A password that cannot be decrypted also counts as wrong.
  return m_accounts.check(proof.card_number, password.value_or(""), now);
}

} // namespace twcard::portal
