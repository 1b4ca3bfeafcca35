#include "cli/frame/output.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/texts/program.hpp"
#include "rpc/error_text.hpp"

#include <boost/json/serialize.hpp>
#include <cstdio>
#include <cstring>
#include <fmt/format.h>
#include <optional>

namespace twcard::cli {

namespace {

// What to do next with this program, where the error's own text does not say it already.
std::optional<Text> hint_of(Errc code) {
  switch (code) {
  case Errc::SeveralCards: return texts::hint::choose_reader;
  case Errc::NoCard:
  case Errc::NoReader:
  case Errc::UnsupportedCard:
  case Errc::ProfileMissing: return texts::hint::see_status;
  case Errc::NoPcsc: return texts::hint::install_pcscd;
  case Errc::BadRequest: return texts::hint::see_help;
  case Errc::PinIncorrect:
  case Errc::PinBlocked:
  case Errc::PinLength:
  case Errc::PinRequired:
  case Errc::PinLastTry:
  case Errc::Cancelled:
  case Errc::CardRemoved:
  case Errc::CardReset:
  case Errc::BadCardData:
  case Errc::CardRefused:
  case Errc::SignatureMismatch:
  case Errc::OriginDenied:
  case Errc::ConsentDenied:
  case Errc::PromptUnavailable:
  case Errc::SiteUnreachable:
  case Errc::SiteFailed:
  case Errc::ServiceUnavailable:
  case Errc::Timeout:
  case Errc::Internal: return std::nullopt;
  }
  return std::nullopt;
}

boost::json::object both_languages(std::string_view en, std::string_view zh) {
  return {{"en", en}, {"zh-TW", zh}};
}

} // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    const std::string reason = std::strerror(errno);
    throw file_error(texts::file::cannot_print, reason);
  }
}

void print_json(const boost::json::object& object) {
  print(escaped_json(boost::json::serialize(object)) + "\n");
}

void tell(const Context& context, std::string_view text) {
  if (!context.json) fmt::print(stderr, "{}\n", text);
}

ExitCode report(const Context& context, const Error& error) noexcept {
  const auto exit_code = exit_code_of(error.code());
  try {
    const auto hint = hint_of(error.code());
    if (context.json) {
      auto object = rpc::to_json(error);
      if (hint) object["hint"] = both_languages(hint->en, hint->zh);
      print_json({{"error", std::move(object)}});
      return exit_code;
    }
    const auto detail = escaped(error.what());
    if (error.code() == Errc::BadRequest)
      // The general text speaks of a program at fault; here the person chose the words.
      fmt::print(stderr, "twcard: {}\n", texts::request_refused.in(context.language, detail));
    else
      fmt::print(stderr, "twcard: {}{}\n", rpc::text_of(error, context.language),
                 detail.empty() ? "" : fmt::format(" ({})", detail));
    if (hint) fmt::print(stderr, "{}\n", hint->in(context.language));
  } catch (const std::exception&) {
    // Where an error cannot be shown its exit code still tells it.
  }
  return exit_code;
}

ExitCode report(const Context& context, const Failure& failure) noexcept {
  try {
    if (context.json) {
      print_json(
          {{"error",
            {{"code", failure.code()},
             {"message", both_languages(failure.in(Language::English), failure.in(Language::TraditionalChinese))}}}});
    } else {
      fmt::print(stderr, "twcard: {}\n", failure.in(context.language));
    }
  } catch (const std::exception&) {
    // As above.
  }
  return failure.exit_code();
}

} // namespace twcard::cli
