#include "daemon/prompt/wording.hpp"

#include <algorithm>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <sstream>

namespace twcard::prompt {

namespace {

constexpr Language languages[] = {Language::English, Language::TraditionalChinese};
constexpr Operation operations[] = {
    Operation::NhiRead,    Operation::NhiAuthenticate, Operation::Certificates,  Operation::Authenticate,
    Operation::Sign,       Operation::LegacyNhiRead,   Operation::LegacyNhiSign, Operation::LegacyTokens,
    Operation::LegacySign, Operation::LegacyDecrypt};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool has_line(const std::string& text, const std::string& line) {
  const auto lines = lines_of(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

ConsentRequest reading(const std::optional<std::string>& origin, std::vector<NhiField> fields) {
  ConsentRequest request;
  request.caller.origin = origin;
  request.operation = Operation::NhiRead;
  request.fields = std::move(fields);
  return request;
}

ConsentRequest signing(const std::optional<std::string>& origin, const Bytes& hash) {
  ConsentRequest request;
  request.caller.origin = origin;
  request.operation = Operation::Sign;
  request.hash_function = "SHA-256";
  request.hash = hash;
  return request;
}

PinRequest pin(std::optional<int> tries_left) {
  PinRequest request;
  request.caller.origin = "https://page.test:8443";
  request.operation = Operation::Authenticate;
  request.card = CardPlace{"hicos", "citizen", "Reader 00 00"};
  request.tries_left = tries_left;
  request.min_length = 6;
  request.max_length = 8;
  return request;
}

const std::vector<NhiField> all_fields = {NhiField::CardNumber, NhiField::Name, NhiField::IdNumber,
                                          NhiField::BirthDate,  NhiField::Sex,  NhiField::IssueDate,
                                          NhiField::Termination};

// The octets that a description has on an Assuan line.
std::size_t assuan_size(const std::string& text) {
  std::size_t size = std::string("SETDESC ").size();
  for (const char c : text) size += c == '%' || c == '\n' || c == '\r' ? 3U : 1U;
  return size;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wording)

BOOST_AUTO_TEST_CASE(a_consent_shows_the_exact_origin_on_a_line_of_its_own) {
  for (const auto language : languages)
    BOOST_TEST(has_line(consent_dialog(reading("https://page.test:8443", {NhiField::Name}), language).description,
                        "https://page.test:8443"));
}

BOOST_AUTO_TEST_CASE(a_reading_lists_the_asked_fields_and_no_others) {
  const auto request = reading("https://page.test", {NhiField::CardNumber, NhiField::BirthDate});
  const auto english = consent_dialog(request, Language::English).description;
  BOOST_TEST(has_line(english, "• card number"));
  BOOST_TEST(has_line(english, "• date of birth"));
  BOOST_TEST(!contains(english, "• name"));
  BOOST_TEST(!contains(english, "national ID"));
  const auto chinese = consent_dialog(request, Language::TraditionalChinese).description;
  BOOST_TEST(has_line(chinese, "• 健保卡卡號"));
  BOOST_TEST(has_line(chinese, "• 出生日期"));
  BOOST_TEST(!contains(chinese, "姓名"));
}

BOOST_AUTO_TEST_CASE(every_field_has_a_name_of_its_own_in_both_languages) {
  for (const auto language : languages) {
    std::vector<std::string> names;
    for (const auto field : all_fields) {
      const auto lines = lines_of(consent_dialog(reading("https://page.test", {field}), language).description);
      for (const auto& line : lines)
        if (line.rfind("• ", 0) == 0) names.push_back(line);
    }
    std::sort(names.begin(), names.end());
    BOOST_TEST(names.size() == all_fields.size());
    BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
  }
}

BOOST_AUTO_TEST_CASE(certificates_and_login_say_what_the_certificate_tells) {
  for (const auto operation : {Operation::Certificates, Operation::Authenticate}) {
    ConsentRequest request = reading("https://page.test", {});
    request.operation = operation;
    const auto english = consent_dialog(request, Language::English).description;
    BOOST_TEST(has_line(english, "• your name"));
    BOOST_TEST(has_line(english, "• the serial number of the certificate"));
    BOOST_TEST(has_line(english, "• the last four characters of your national ID number"));
    const auto chinese = consent_dialog(request, Language::TraditionalChinese).description;
    BOOST_TEST(has_line(chinese, "• 您的姓名"));
    BOOST_TEST(has_line(chinese, "• 憑證序號"));
    BOOST_TEST(has_line(chinese, "• 身分證字號後四碼"));
  }
}

BOOST_AUTO_TEST_CASE(a_signature_shows_the_hash_function_and_the_hash_in_groups) {
  Bytes hash(32);
  for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<std::uint8_t>(i);
  for (const auto language : languages) {
    const auto text = consent_dialog(signing("https://page.test", hash), language).description;
    BOOST_TEST(contains(text, "SHA-256"));
    BOOST_TEST(has_line(text, "0001 0203 0405 0607 0809 0A0B 0C0D 0E0F"));
    BOOST_TEST(has_line(text, "1011 1213 1415 1617 1819 1A1B 1C1D 1E1F"));
  }
}

BOOST_AUTO_TEST_CASE(an_old_interface_is_named_and_said_not_to_be_bound_to_the_site) {
  for (const auto operation : operations) {
    auto request = signing("https://page.test", Bytes(32));
    request.operation = operation;
    request.fields = all_fields;
    const auto english = consent_dialog(request, Language::English).description;
    BOOST_TEST(contains(english, "older, less secure interface") == is_legacy(operation));
    BOOST_TEST(contains(english, "is not bound to this site") == is_legacy(operation));
    const auto chinese = consent_dialog(request, Language::TraditionalChinese).description;
    BOOST_TEST(contains(chinese, "舊式介面") == is_legacy(operation));
    BOOST_TEST(contains(chinese, "未與此網站綁定") == is_legacy(operation));
  }
}

BOOST_AUTO_TEST_CASE(only_a_consent_to_read_over_an_old_interface_holds_for_more_than_one_request) {
  for (const auto operation : operations) {
    auto request = signing("https://page.test", Bytes(32));
    request.operation = operation;
    const bool holds = operation == Operation::LegacyNhiRead || operation == Operation::LegacyTokens;
    const auto text = consent_dialog(request, Language::English).description;
    BOOST_TEST(has_line(text, "Allow this once?") != holds);
    BOOST_TEST(has_line(text, "Allow this until you remove the card or leave the page?") == holds);
  }
}

BOOST_AUTO_TEST_CASE(reading_over_the_old_interface_lists_all_that_it_gives) {
  auto request = reading("https://page.test", {});
  request.operation = Operation::LegacyNhiRead;
  const auto english = consent_dialog(request, Language::English).description;
  for (const char* item : {"card number", "name", "national ID number", "date of birth", "sex",
                           "whether the card has been cancelled", "the password that you type on the page, encrypted"})
    BOOST_TEST(has_line(english, std::string("• ") + item));
}

BOOST_AUTO_TEST_CASE(a_program_is_shown_by_its_path_and_process_number) {
  auto request = reading({}, {NhiField::Name});
  request.caller.program = "/usr/bin/twcard";
  request.caller.pid = 4711;
  const auto english = consent_dialog(request, Language::English).description;
  BOOST_TEST(has_line(english, "/usr/bin/twcard"));
  BOOST_TEST(has_line(english, "(process 4711)"));
  BOOST_TEST(!contains(english, "site"));
  const auto chinese = consent_dialog(request, Language::TraditionalChinese).description;
  BOOST_TEST(has_line(chinese, "（處理程序 4711）"));
  BOOST_TEST(!contains(chinese, "網站"));
}

BOOST_AUTO_TEST_CASE(a_hostile_program_or_reader_cannot_add_lines_or_turn_the_text_around) {
  for (const auto language : languages) {
    auto request = reading({}, {NhiField::Name});
    request.caller = {{}, "/tmp/x", 1};
    request.card = CardPlace{"nhi", "", "Reader"};
    const auto plain = lines_of(consent_dialog(request, language).description);
    request.caller.program = "/tmp/x\n\nhttps://gov.tw\r\xE2\x80\xAE\x1b[2J";
    request.card->reader = "Reader\nhttps://gov.tw\xE2\x80\xAE";
    const auto hostile = consent_dialog(request, language).description;
    BOOST_TEST(lines_of(hostile).size() == plain.size());
    BOOST_TEST(!has_line(hostile, "https://gov.tw"));
    BOOST_TEST(!contains(hostile, "\xE2\x80\xAE"));
    BOOST_TEST(!contains(hostile, "\x1b"));
    BOOST_TEST(!contains(hostile, "\r"));
  }
}

BOOST_AUTO_TEST_CASE(the_first_line_is_never_a_strangers) {
  for (const auto language : languages) {
    for (const auto operation : operations) {
      auto request = signing({}, Bytes(32));
      request.caller = {{}, "<b>/usr/bin/x</b>", 1};
      request.operation = operation;
      BOOST_TEST(!contains(lines_of(consent_dialog(request, language).description).front(), "<"));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_longest_texts_fit_an_assuan_line) {
  for (const auto language : languages) {
    for (const auto operation : operations) {
      for (const bool web : {true, false}) {
        if (!web && is_legacy(operation)) continue;
        ConsentRequest consent = signing("https://" + std::string(247, 'a'), Bytes(64, 0xFF));
        consent.operation = operation;
        consent.hash_function = "SHA-512";
        consent.fields = all_fields;
        consent.fields.push_back(NhiField::Termination);
        consent.card = CardPlace{"gpki", "medical_organisation", std::string(256, 'r')};
        PinRequest entry = pin(std::nullopt);
        entry.operation = operation;
        entry.caller = consent.caller;
        entry.card = consent.card;
        if (!web) entry.caller = consent.caller = {{}, "/" + std::string(4000, '%'), 2147483647};
        BOOST_TEST(assuan_size(consent_dialog(consent, language).description) <= 1000U);
        BOOST_TEST(assuan_size(pin_dialog(entry, language).description) <= 1000U);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_pin_dialog_shows_origin_card_reader_and_length) {
  const auto english = pin_dialog(pin(2), Language::English).description;
  BOOST_TEST(contains(english, "PIN of your citizen certificate card to sign in to this site:"));
  BOOST_TEST(has_line(english, "https://page.test:8443"));
  BOOST_TEST(has_line(english, "Reader: Reader 00 00"));
  BOOST_TEST(has_line(english, "The PIN has 6 to 8 characters."));
  const auto chinese = pin_dialog(pin(2), Language::TraditionalChinese).description;
  BOOST_TEST(contains(chinese, "請輸入自然人憑證卡的 PIN 碼，以登入此網站："));
  BOOST_TEST(has_line(chinese, "https://page.test:8443"));
  BOOST_TEST(has_line(chinese, "PIN 碼長度為 6 至 8 個字元。"));
}

BOOST_AUTO_TEST_CASE(a_pin_dialog_names_the_card_as_what_it_is) {
  const auto named = [](const char* kind, const char* holder) {
    auto request = pin(2);
    request.card = CardPlace{kind, holder, "Reader 00 00"};
    return pin_dialog(request, Language::English).description;
  };
  BOOST_TEST(contains(named("gpki", "citizen"), "PIN of your citizen certificate card to"));
  BOOST_TEST(contains(named("gpki", "company"), "PIN of your company's certificate card to"));
  BOOST_TEST(contains(named("vendor", "unknown"), "PIN of your certificate card (by its vendor's library) to"));
  auto without_card = pin(2);
  without_card.card.reset();
  BOOST_TEST(contains(pin_dialog(without_card, Language::English).description, "PIN of your card to"));
}

BOOST_AUTO_TEST_CASE(known_attempts_are_a_number_and_unknown_ones_are_not) {
  BOOST_TEST(has_line(pin_dialog(pin(2), Language::English).description, "Attempts left: 2."));
  BOOST_TEST(has_line(pin_dialog(pin(2), Language::TraditionalChinese).description, "剩餘次數：2 次。"));
  BOOST_TEST(contains(pin_dialog(pin(1), Language::English).description, "last attempt"));
  BOOST_TEST(contains(pin_dialog(pin(1), Language::TraditionalChinese).description, "最後一次"));
  const auto unknown = pin_dialog(pin(std::nullopt), Language::English).description;
  BOOST_TEST(has_line(unknown, "The number of remaining attempts is unknown."));
  BOOST_TEST(!contains(unknown, "Attempts left"));
}

BOOST_AUTO_TEST_CASE(a_card_known_to_be_locked_is_said_to_be_so) {
  BOOST_TEST(contains(pin_dialog(pin(0), Language::English).description, "locked when it was last used here"));
  BOOST_TEST(contains(pin_dialog(pin(0), Language::TraditionalChinese).description, "已被鎖定"));
}

BOOST_AUTO_TEST_CASE(the_last_attempt_dialog_says_who_asks_and_what_it_risks) {
  LastTryRequest request;
  request.caller = {{}, "/usr/bin/ssh", 4711};
  request.card = CardPlace{"hicos", "citizen", "Reader 00 00"};
  const auto english = last_try_dialog(request, Language::English);
  BOOST_TEST(contains(english.description, "Only one PIN attempt is left on your citizen certificate card."));
  BOOST_TEST(contains(english.description, "A wrong PIN locks the card"));
  BOOST_TEST(has_line(english.description, "/usr/bin/ssh"));
  BOOST_TEST(has_line(english.description, "(process 4711)"));
  BOOST_TEST(has_line(english.description, "Reader: Reader 00 00"));
  BOOST_TEST(english.approve == "Use the last attempt");
  BOOST_TEST(english.refuse == "Stop");
  const auto chinese = last_try_dialog(request, Language::TraditionalChinese);
  BOOST_TEST(contains(chinese.description, "自然人憑證卡只剩最後一次輸入 PIN 碼的機會"));
  BOOST_TEST(contains(chinese.description, "卡片將被鎖定"));
  BOOST_TEST(chinese.approve == "使用最後一次機會");
  request.caller.program = "/" + std::string(4000, '%');
  request.card->reader = std::string(256, 'r');
  for (const auto language : languages)
    BOOST_TEST(assuan_size(last_try_dialog(request, language).description) <= 1000U);
}

BOOST_AUTO_TEST_CASE(a_card_to_choose_is_shown_with_its_place_its_holder_and_its_reader) {
  const CardRequest request{{"https://page.test:8443", "", 0},
                            {{"hicos", "citizen", "Reader 00 00", "王小明"}, {"nhi", "", "Reader 00 01", ""}},
                            {}};
  const auto first = card_dialog(request, 0, Language::English);
  BOOST_TEST(has_line(first.description, "https://page.test:8443"));
  BOOST_TEST(has_line(first.description, "Card 1 of 2: citizen certificate card"));
  BOOST_TEST(has_line(first.description, "Holder: 王小明"));
  BOOST_TEST(has_line(first.description, "Reader: Reader 00 00"));
  BOOST_TEST(first.approve == "Use this card");
  BOOST_TEST(first.refuse == "Next card");
  const auto last = card_dialog(request, 1, Language::TraditionalChinese);
  BOOST_TEST(has_line(last.description, "第 2 張，共 2 張：健保卡"));
  BOOST_TEST(has_line(last.description, "讀卡機：Reader 00 01"));
  BOOST_TEST(!contains(last.description, "持卡人"));
  BOOST_TEST(last.approve == "使用這張卡片");
  BOOST_TEST(last.refuse.empty());
}

BOOST_AUTO_TEST_CASE(a_single_card_to_choose_is_one_after_a_change) {
  const CardRequest request{{"https://page.test", "", 0}, {{"nhi", "", "Reader", ""}}, {}};
  const auto dialog = card_dialog(request, 0, Language::English);
  BOOST_TEST(contains(dialog.description, "The cards have been changed."));
  BOOST_TEST(dialog.refuse.empty());
}

BOOST_AUTO_TEST_CASE(hostile_names_of_owners_and_readers_stay_in_their_lines_and_fit) {
  const std::string hostile = "x\nCard 1 of 1: \xE2\x80\xAE\x1b<b>" + std::string(200, '%');
  const CardRequest request{{"https://" + std::string(247, 'a'), "", 0},
                            std::vector<CardPlace>(16, {"gpki", "medical_organisation", hostile, hostile}),
                            {}};
  for (const auto language : languages)
    for (std::size_t place = 0; place < request.cards.size(); ++place) {
      const auto text = card_dialog(request, place, language).description;
      BOOST_TEST(assuan_size(text) <= 1000U);
      BOOST_TEST(lines_of(text).size() == 8U);
      BOOST_TEST(!contains(text, "\xE2\x80\xAE"));
      BOOST_TEST(!contains(text, "\x1b"));
    }
}

BOOST_AUTO_TEST_CASE(always_allow_says_what_is_remembered_and_how_to_revoke_it) {
  const auto request = reading("https://page.test", {NhiField::Name, NhiField::Sex});
  const auto english = always_dialog(request, Language::English);
  BOOST_TEST(has_line(english.description, "https://page.test"));
  BOOST_TEST(contains(english.description, "• name\n• sex\n"));
  BOOST_TEST(contains(english.description, "the card that is used now"));
  BOOST_TEST(contains(english.description, "can tell when such a card is in a reader"));
  BOOST_TEST(contains(english.description, "twcard grants"));
  BOOST_TEST(english.approve == "Always allow");
  BOOST_TEST(english.cancel == "Refuse");
  const auto chinese = always_dialog(request, Language::TraditionalChinese);
  BOOST_TEST(contains(chinese.description, "• 姓名\n• 性別\n"));
  BOOST_TEST(contains(chinese.description, "這次使用的卡片"));
  BOOST_TEST(contains(chinese.description, "twcard grants"));
}

BOOST_AUTO_TEST_CASE(a_list_of_cards_for_good_is_said_to_hold_for_all_that_are_in_readers) {
  auto request = reading("https://page.test", {});
  request.operation = Operation::LegacyTokens;
  BOOST_TEST(contains(always_dialog(request, Language::English).description, "every card that is in a reader now"));
  BOOST_TEST(contains(always_dialog(request, Language::TraditionalChinese).description, "所有讀卡機中的卡片"));
}

BOOST_AUTO_TEST_CASE(each_reading_has_its_own_question_for_good_and_the_longest_fits) {
  for (const auto language : languages) {
    std::vector<std::string> first_lines;
    for (const auto operation :
         {Operation::NhiRead, Operation::Certificates, Operation::LegacyNhiRead, Operation::LegacyTokens}) {
      auto request = reading("https://" + std::string(247, 'a'), all_fields);
      request.fields.push_back(NhiField::Termination);
      request.operation = operation;
      const auto text = always_dialog(request, language).description;
      BOOST_TEST(assuan_size(text) <= 1000U);
      const auto* unbound = language == Language::English ? "not bound" : "未與此網站綁定";
      BOOST_TEST(contains(text, unbound) == is_legacy(operation));
      first_lines.push_back(lines_of(text).front());
    }
    std::sort(first_lines.begin(), first_lines.end());
    BOOST_TEST((std::adjacent_find(first_lines.begin(), first_lines.end()) == first_lines.end()));
  }
}

BOOST_AUTO_TEST_CASE(always_is_a_button_only_where_it_may_be_answered) {
  auto request = reading("https://page.test", {NhiField::Name});
  BOOST_TEST(consent_dialog(request, Language::English).always.empty());
  request.may_be_remembered = true;
  for (const auto language : languages) {
    const auto dialog = consent_dialog(request, language);
    // pinentry-tty takes the first letters as keys.
    const std::set<std::string> letters{dialog.approve.substr(0, 3), dialog.always.substr(0, 3),
                                        dialog.refuse.substr(0, 3)};
    BOOST_TEST(letters.size() == 3U);
  }
}

BOOST_AUTO_TEST_CASE(only_a_consent_can_be_refused_and_only_a_pin_has_an_entry) {
  for (const auto language : languages) {
    const auto consent = consent_dialog(reading("https://page.test", {NhiField::Name}), language);
    BOOST_TEST(!consent.refuse.empty());
    BOOST_TEST(consent.label.empty());
    const auto entry = pin_dialog(pin(3), language);
    BOOST_TEST(entry.refuse.empty());
    BOOST_TEST(!entry.label.empty());
    BOOST_TEST(!entry.too_short_or_long.empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
