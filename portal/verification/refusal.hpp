// Why the portal refuses a request: one code a reason, with a sentence for the person in both languages.
#pragma once

#include "driver/base/text.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace twcard::portal {

enum class Reason {
  // the request itself
  BadRequest,
  TooLarge,
  NotFound,
  MethodNotAllowed,
  MediaType,
  OriginRefused,
  NotSignedIn,
  Busy,
  Internal,
  // what the person typed, or what the card said into the form
  IdNumberInvalid,
  FieldInvalid,
  // the challenge
  ChallengeMissing, // none for this session: never asked for, or used already
  ChallengeExpired,
  // the token
  TokenMalformed,
  TokenFormat,
  TokenAlgorithm,
  SignatureInvalid, // also another site's or another challenge's signature
  // the certificate in it
  CertificateMalformed,
  CertificateUntrusted,
  CertificateExpired,
  CertificateNotYetValid,
  CertificateUsage,
  CertificateProfile, // no last four characters of an ID number in it, or no serialNumber of the subject
  CertificateRevoked,
  RevocationUnknown, // no valid list of revoked certificates at hand
  IdMismatch,
  // an NHI card's proof, and the password
  ProofMalformed,
  ProofUsed, // one that is not bound to a challenge of this site came a second time
  AccountMissing,
  PasswordUnfit, // for opening an account
  PasswordWrong,
  TooManyTries,
};

// Stable name of a reason, as it stands in JSON: challenge_expired, id_mismatch, ...
[[nodiscard]] std::string_view name_of(Reason reason);

// One or two sentences: what happened and what to do.
[[nodiscard]] Text text_of(Reason reason);

// The detail names a field or a limit, for developers; it never holds what a person or a card said.
class Refusal final : public std::runtime_error {
public:
  explicit Refusal(Reason reason, const std::string& detail = {}) : std::runtime_error(detail), m_reason(reason) {}
  [[nodiscard]] Reason reason() const noexcept { return m_reason; }

private:
  Reason m_reason;
};

} // namespace twcard::portal
