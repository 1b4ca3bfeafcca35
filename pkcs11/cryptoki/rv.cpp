#include "pkcs11/cryptoki/rv.hpp"

namespace twcard::pkcs11 {

CK_RV rv_of(Errc code) noexcept {
  switch (code) {
  case Errc::PinIncorrect:
  case Errc::PinLength: return CKR_PIN_INCORRECT; // of C_Login: no PIN is set here
  case Errc::PinBlocked: return CKR_PIN_LOCKED;
  case Errc::PinRequired: return CKR_USER_NOT_LOGGED_IN;
  case Errc::Cancelled: return CKR_FUNCTION_CANCELED;
  case Errc::NoCard:
  case Errc::NoReader:
  case Errc::NoPcsc:
  case Errc::ServiceUnavailable: return CKR_TOKEN_NOT_PRESENT;
  case Errc::CardRemoved: return CKR_DEVICE_REMOVED;
  case Errc::UnsupportedCard: return CKR_TOKEN_NOT_RECOGNIZED;
  case Errc::CardReset:
  case Errc::SeveralCards:
  case Errc::BadCardData:
  case Errc::CardRefused:
  case Errc::SignatureMismatch: return CKR_DEVICE_ERROR;
  case Errc::PinLastTry:
  case Errc::OriginDenied:
  case Errc::ConsentDenied: return CKR_FUNCTION_REJECTED;
  case Errc::ProfileMissing:
  case Errc::SiteUnreachable:
  case Errc::SiteFailed:
  case Errc::PromptUnavailable:
  case Errc::Timeout: return CKR_FUNCTION_FAILED;
  case Errc::BadRequest: return CKR_ARGUMENTS_BAD;
  case Errc::Internal: return CKR_GENERAL_ERROR;
  }
  return CKR_GENERAL_ERROR;
}

} // namespace twcard::pkcs11
