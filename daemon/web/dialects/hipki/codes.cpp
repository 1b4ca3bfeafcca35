#include "daemon/web/dialects/hipki/codes.hpp"

#include "daemon/web/dialects/shared/texts.hpp"

namespace twcard::web::hipki {

namespace {

LastError wrong_pin(std::optional<int> tries_left) {
  if (tries_left == 1) return LastError::OneTryLeft;
  if (tries_left == 2) return LastError::TwoTriesLeft;
  return LastError::WrongPin;
}

ReturnCode failed(AnswerKind kind) {
  switch (kind) {
  case AnswerKind::Information: return ReturnCode::NotExecuted;
  case AnswerKind::Sign: return ReturnCode::SignFailed;
  case AnswerKind::Decrypt: return ReturnCode::DecryptFailed;
  }
  return ReturnCode::NotExecuted;
}

} // namespace

Codes codes_of(const Error& error, AnswerKind kind) {
  switch (error.code()) {
  case Errc::PinIncorrect: return {ReturnCode::LoginFailed, wrong_pin(error.tries_left())};
  case Errc::PinBlocked: return {ReturnCode::LoginFailed, LastError::PinLocked};
  case Errc::PinLength: return {ReturnCode::LoginFailed, LastError::PinLength};
  case Errc::PinLastTry: return {ReturnCode::LoginFailed, LastError::OneTryLeft};
  case Errc::PinRequired: return {ReturnCode::NotLoggedIn};
  case Errc::Cancelled:
  case Errc::ConsentDenied: return {ReturnCode::CancelledByUser};
  case Errc::NoCard:
  case Errc::CardRemoved: return {ReturnCode::NoCard};
  case Errc::CardReset: return {ReturnCode::SessionFailed};
  case Errc::NoReader: return {ReturnCode::NoReader};
  case Errc::NoPcsc:
  case Errc::ServiceUnavailable: return {ReturnCode::NoTokenLibrary};
  case Errc::UnsupportedCard: return {ReturnCode::Unsupported};
  case Errc::BadCardData:
  case Errc::CardRefused:
  case Errc::SignatureMismatch: return {failed(kind)};
  case Errc::OriginDenied: return {ReturnCode::UntrustedSite};
  case Errc::SeveralCards: // the page has to name one by its slotDescription
  case Errc::BadRequest: return {ReturnCode::BadParameter};
  case Errc::ProfileMissing:
  case Errc::PromptUnavailable:
  case Errc::SiteUnreachable:
  case Errc::SiteFailed:
  case Errc::Timeout:
  case Errc::Internal: return {ReturnCode::NotExecuted};
  }
  return {ReturnCode::NotExecuted};
}

std::string_view text_of(LastError error) {
  switch (error) {
  case LastError::None: return "";
  case LastError::WrongPin: return texts::pin_incorrect.zh;
  case LastError::PinLength: return texts::pin_length.zh;
  case LastError::PinLocked: return texts::pin_locked.zh;
  case LastError::OneTryLeft: return texts::pin_one_left.zh;
  case LastError::TwoTriesLeft: return texts::pin_incorrect_two_left.zh;
  }
  return "";
}

} // namespace twcard::web::hipki
