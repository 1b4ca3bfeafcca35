#include "rpc/error_text.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

namespace twcard::rpc {

namespace {

template <typename Function>
void for_each_code(Function function) {
  for (int i = 0; i <= static_cast<int>(Errc::Internal); ++i) function(static_cast<Errc>(i));
}

bool has_non_ascii(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7F; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_text)

BOOST_AUTO_TEST_CASE(every_code_has_a_text_of_its_own_in_both_languages) {
  std::set<std::string> english;
  std::set<std::string> chinese;
  for_each_code([&](Errc code) {
    BOOST_TEST_CONTEXT(name_of(code)) {
      const auto in_english = text_of(Error(code, ""), Language::English);
      const auto in_chinese = text_of(Error(code, ""), Language::TraditionalChinese);
      BOOST_TEST(in_english.size() > 20U);
      BOOST_TEST(!has_non_ascii(in_english));
      BOOST_TEST(has_non_ascii(in_chinese));
      BOOST_TEST(english.insert(in_english).second);
      BOOST_TEST(chinese.insert(in_chinese).second);
    }
  });
}

BOOST_AUTO_TEST_CASE(tries_left_are_in_the_text_when_they_are_known) {
  const Error known(Errc::PinIncorrect, "", 2);
  BOOST_TEST(text_of(known, Language::English).find("2 attempts") != std::string::npos);
  BOOST_TEST(text_of(known, Language::TraditionalChinese).find("2 次") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_attempt_is_called_the_last_one) {
  const Error last(Errc::PinIncorrect, "", 1);
  BOOST_TEST(text_of(last, Language::English).find("one attempt left") != std::string::npos);
  BOOST_TEST(text_of(last, Language::TraditionalChinese).find("最後 1 次") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_card_that_does_not_accept_the_site_says_so_in_both_languages) {
  const Error refused(Errc::CardRefused, "", std::string("card_answer"));
  BOOST_TEST(text_of(refused, Language::English).find("authentication server") != std::string::npos);
  BOOST_TEST(text_of(refused, Language::TraditionalChinese).find("健保認證主機") != std::string::npos);
  BOOST_TEST(text_of(Error(Errc::CardRefused, ""), Language::English).find("server") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(detail_and_tries_are_members_only_when_they_are_known) {
  const auto bare = to_json(Error(Errc::NoCard, ""));
  BOOST_TEST(bare.at("code").as_string() == "no_card");
  BOOST_TEST(!bare.contains("detail"));
  BOOST_TEST(!bare.contains("tries_left"));
  const auto full = to_json(Error(Errc::PinIncorrect, "while signing", std::optional(0)));
  BOOST_TEST(full.at("detail").as_string() == "while signing");
  BOOST_TEST(full.at("tries_left").to_number<int>() == 0);
}

BOOST_AUTO_TEST_CASE(chinese_tags_are_recognised) {
  for (const char* tag : {"zh", "zh-TW", "zh_TW.UTF-8", "zh-Hant", "zh-Hant-TW"})
    BOOST_TEST((language_of(tag) == Language::TraditionalChinese), tag);
  for (const char* tag : {"", "en", "en-GB", "C", "POSIX", "de_DE.UTF-8", "zha"})
    BOOST_TEST((language_of(tag) == Language::English), tag);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
