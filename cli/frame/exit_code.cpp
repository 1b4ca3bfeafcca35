#include "cli/frame/exit_code.hpp"

#include <array>

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
      {ExitCode::Ok, {"done", "完成"}},
      {ExitCode::Failed, {"the operation failed", "作業失敗"}},
      {ExitCode::Usage, {"the command line is wrong", "指令用法有誤"}},
      {ExitCode::NoCard, {"no card or reader that fits", "沒有適用的卡片或讀卡機"}},
      {ExitCode::Refused, {"refused or cancelled by the person", "使用者拒絕或取消"}},
      {ExitCode::Pin, {"PIN wrong, blocked or of the wrong length", "PIN 碼錯誤、已鎖住或長度不符"}},
      {ExitCode::ServiceUnavailable, {"a service cannot be reached", "無法連上服務"}},
      {ExitCode::NotVerified, {"verify: the signature or certificate does not hold", "verify：簽章或憑證未通過驗證"}},
  });
  return meanings;
}

} // namespace twcard::cli
