#include "driver/base/error.hpp"

namespace twcard {

std::string_view name_of(Errc code) {
  switch (code) {
  case Errc::PinIncorrect: return "pin_incorrect";
  case Errc::PinBlocked: return "pin_blocked";
  case Errc::PinLength: return "pin_length";
  case Errc::PinRequired: return "pin_required";
  case Errc::PinLastTry: return "pin_last_try";
  case Errc::Cancelled: return "user_cancelled";
  case Errc::NoCard: return "no_card";
  case Errc::CardRemoved: return "card_removed";
  case Errc::CardReset: return "card_busy";
  case Errc::SeveralCards: return "several_cards";
  case Errc::NoReader: return "no_reader";
  case Errc::NoPcsc: return "no_pcsc";
  case Errc::UnsupportedCard: return "unsupported_card";
  case Errc::BadCardData: return "card_error";
  case Errc::CardRefused: return "card_refused";
  case Errc::ProfileMissing: return "profile_missing";
  case Errc::SignatureMismatch: return "signature_mismatch";
  case Errc::OriginDenied: return "origin_denied";
  case Errc::ConsentDenied: return "user_denied";
  case Errc::PromptUnavailable: return "prompt_unavailable";
  case Errc::SiteUnreachable: return "site_unreachable";
  case Errc::SiteFailed: return "site_failed";
  case Errc::ServiceUnavailable: return "service_unavailable";
  case Errc::Timeout: return "timeout";
  case Errc::BadRequest: return "bad_request";
  case Errc::Internal: return "internal";
  }
  return "internal";
}

Errc errc_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Errc::Internal); ++i) {
    const auto code = static_cast<Errc>(i);
    if (name_of(code) == name) return code;
  }
  return Errc::Internal;
}

} // namespace twcard
