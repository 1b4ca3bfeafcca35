#include "cli/frame/exit_code.hpp"

#include "cli/texts/program.hpp"

namespace twcard::cli {

ExitCode exit_code_of(Errc code) {
  switch (code) {
  case Errc::PinIncorrect:
  case Errc::PinBlocked:
  case Errc::PinLength:
  case Errc::PinRequired:
  case Errc::PinLastTry: return ExitCode::Pin;
  case Errc::Cancelled:
  case Errc::ConsentDenied:
  case Errc::OriginDenied: return ExitCode::Refused;
  case Errc::NoCard:
  case Errc::CardRemoved:
  case Errc::SeveralCards:
  case Errc::NoReader:
  case Errc::UnsupportedCard: return ExitCode::NoCard;
  case Errc::NoPcsc:
  case Errc::PromptUnavailable:
  case Errc::SiteUnreachable:
  case Errc::ServiceUnavailable: return ExitCode::ServiceUnavailable;
  case Errc::BadRequest: return ExitCode::Usage;
  case Errc::CardReset:
  case Errc::BadCardData:
  case Errc::CardRefused:
  case Errc::ProfileMissing:
  case Errc::SignatureMismatch:
  case Errc::SiteFailed:
  case Errc::Timeout:
  case Errc::Internal: return ExitCode::Failed;
  }
  return ExitCode::Failed;
}

std::span<const ExitCodeMeaning> exit_code_meanings() {
  static constexpr auto meanings = std::to_array<ExitCodeMeaning>({
      {ExitCode::Ok, texts::exit_status::done},
      {ExitCode::Failed, texts::exit_status::failed},
      {ExitCode::Usage, texts::exit_status::wrong_usage},
      {ExitCode::NoCard, texts::exit_status::no_card},
      {ExitCode::Refused, texts::exit_status::refused},
      {ExitCode::Pin, texts::exit_status::pin},
      {ExitCode::ServiceUnavailable, texts::exit_status::unavailable},
      {ExitCode::NotVerified, texts::exit_status::not_verified},
  });
  return meanings;
}

} // namespace twcard::cli
