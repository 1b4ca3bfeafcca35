#include "cli/frame/output.hpp"

#include "cli/frame/terminal_text.hpp"

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
  case Errc::SeveralCards:
    return Text{"Name one: --reader NAME; `twcard readers` lists them.",
                "請用 --reader 名稱 指定一個，`twcard readers` 會列出所有讀卡機。"};
  case Errc::NoCard:
  case Errc::NoReader:
  case Errc::UnsupportedCard:
  case Errc::ProfileMissing: return Text{"`twcard status` shows what is there.", "可用 `twcard status` 查看目前狀況。"};
  case Errc::NoPcsc:
    return Text{"Install pcscd (`sudo apt install pcscd`) and see that it runs.",
                "請安裝 pcscd（`sudo apt install pcscd`）並確認它正在執行。"};
  case Errc::BadRequest: return Text{"`twcard COMMAND --help` has the usage.", "用法請見 `twcard 指令 --help`。"};
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
    throw file_error(fmt::format("cannot write to standard output: {}", reason),
                     fmt::format("無法寫到標準輸出：{}", reason));
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
      fmt::print(stderr, "twcard: {}{}\n",
                 Text{"the service refused the request: ", "服務拒絕了這項要求："}.in(context.language), detail);
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
      print_json({{"error", {{"code", failure.code()}, {"message", both_languages(failure.en(), failure.zh())}}}});
    } else {
      fmt::print(stderr, "twcard: {}\n",
                 context.language == rpc::Language::TraditionalChinese ? failure.zh() : failure.en());
    }
  } catch (const std::exception&) {
    // As above.
  }
  return failure.exit_code();
}

} // namespace twcard::cli
