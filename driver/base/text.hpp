// What a program says to a person, in both languages of the project. Each program keeps its sentences in one catalogue
// (texts.hpp in its folder, or a folder texts/), as constants of these types; docs/decisions/001 says why.
//
// A text that lacks a language, or whose two versions do not take the same arguments, does not compile.
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace twcard {

enum class Language { English, TraditionalChinese };

// The language's tag (RFC 5646) in protocols and pages.
[[nodiscard]] constexpr std::string_view tag_of(Language language) {
  return language == Language::TraditionalChinese ? "zh-TW" : "en";
}

// Whether both versions are there and use each of `arguments` replacement fields of fmt: "{}" in order, or "{0}",
// "{1}".
[[nodiscard]] constexpr bool is_complete(std::string_view en, std::string_view zh, std::size_t arguments) {
  const auto used = [](std::string_view text) {
    unsigned found = 0;
    unsigned next = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
      if (text[i] != '{') continue;
      const char after = text[i + 1];
      if (after == '{')
        ++i; // a brace that is shown
      else
        found |= 1U << (after >= '0' && after <= '9' ? static_cast<unsigned>(after - '0') : next++);
    }
    return found;
  };
  const unsigned all = (1U << arguments) - 1;
  return !en.empty() && !zh.empty() && used(en) == all && used(zh) == all;
}

struct Text {
  std::string_view en;
  std::string_view zh; // Traditional Chinese as written in Taiwan

  constexpr Text() = default; // says nothing
  consteval Text(const char* english, const char* chinese) : en(english), zh(chinese) {
    if (!is_complete(en, zh, 0)) throw "a language is missing, or arguments are";
  }

  [[nodiscard]] constexpr std::string_view in(Language language) const {
    return language == Language::TraditionalChinese ? zh : en;
  }
};

// A text into which values of these types are put.
template <typename... Args>
struct TextWith {
  fmt::format_string<const Args&...> en;
  fmt::format_string<const Args&...> zh;

  consteval TextWith(const char* english, const char* chinese) : en(english), zh(chinese) {
    if (!is_complete(english, chinese, sizeof...(Args))) throw "a language is missing, or an argument is not used";
  }

  [[nodiscard]] std::string in(Language language, const Args&... args) const {
    return fmt::format(language == Language::TraditionalChinese ? zh : en, args...);
  }
};

} // namespace twcard
