// legacy.nhi_*: what the old local protocols read from an NHI card, and the consents for it.
#include "daemon/card/nhi/legacy_cipher.hpp"
#include "simulator/crypto/site_ciphers.hpp"
#include "tests/daemon/card/nhi/simulated_site.hpp"
#include "tests/daemon/card/service_fixture.hpp"
#include "tests/support/field_case.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <ctime>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

const json::object from_site{{"origin", site}};
constexpr const char* another_site = "https://other.test";
constexpr std::string_view password = "abc246";

struct Fixture : SimulatedSite, ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = health_card();
  rpc::Client page = connect();

  Fixture() : ServiceFixture(Profiles::Installed, {}, SimulatedSite::port()) {
    insert(reader_a, card);
    card->reset_counters();
  }
  rpc::Reply ask(std::string_view method, json::object params = from_site, std::string_view blob = {}) {
    return page.call(method, std::move(params), SecureBytes::copy_of(as_bytes(blob)), std::chrono::seconds(20));
  }
  std::string text(std::string_view method, std::string_view member, std::string_view blob = {}) {
    return std::string(ask(method, from_site, blob).result.at(member).as_string());
  }
  std::size_t asked() const { return prompt->questions().size(); }
};

// The seven octets of each block.
std::string undone(std::string_view key, const std::string& hex) {
  const auto blocks = simulator::des3_ecb_decrypt(as_bytes(key), from_hex(hex).value());
  std::string text;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (i % 8 != 7) text += static_cast<char>(blocks[i]);
  return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(legacy_nhi, Fixture)

BOOST_AUTO_TEST_CASE(the_record_is_given_as_the_card_has_it_in_three_commands) {
  const auto record = ask("legacy.nhi_basic").result;
  BOOST_TEST(card->counters().apdus == 3U);
  BOOST_TEST(record.at("name").as_string() == "測試四");
  BOOST_TEST(!record.at("name_uncertain").as_bool());
  BOOST_TEST(record.at("id_number").as_string() == "A123456789");
  BOOST_TEST(record.at("birth_date").as_string() == "0850102");
  BOOST_TEST(record.at("sex").as_string() == "F");
  BOOST_TEST(record.at("termination").as_string() == " ");
  BOOST_TEST(record.at("card_number").as_string().size() == 12U);
  BOOST_TEST(record.size() == 7U);
}

BOOST_AUTO_TEST_CASE(fields_that_cannot_be_right_are_given_as_the_card_has_them) {
  const auto of_card = [this](boost::json::object file) {
    remove(reader_a);
    insert(reader_a, simulator::card_from_json(file));
    return ask("legacy.nhi_basic").result;
  };
  BOOST_TEST(of_card(twcard::testing::field_case("nhi_birth_day_00")).at("birth_date").as_string() == "0450500");
  BOOST_TEST(of_card(twcard::testing::field_case("nhi_birth_blank")).at("birth_date").as_string() == "       ");
  auto blank = twcard::testing::field_case("nhi_birth_blank");
  const std::string digits(blank.at("basic_record").as_string());
  std::string blanks; // name, number, birth date and sex
  for (int i = 0; i < 38; ++i) blanks += "20";
  blank["basic_record"] = digits.substr(0, 24) + blanks + digits.substr(100) + "3132";
  const auto record = of_card(blank);
  BOOST_TEST(record.at("card_number").as_string() == "000079112422");
  BOOST_TEST(record.at("name").as_string() == std::string(20, ' '));
  BOOST_TEST(record.at("id_number").as_string() == std::string(10, ' '));
  BOOST_TEST(record.at("sex").as_string() == " ");
}

BOOST_AUTO_TEST_CASE(a_password_comes_back_under_todays_key_in_two_commands) {
  const auto before = today();
  const auto reply = ask("legacy.nhi_encrypt_password", from_site, password).result;
  const auto after = today();
  BOOST_TEST(card->counters().apdus == 2U);
  const std::string hex(reply.at("encrypted").as_string());
  const auto number = text("legacy.nhi_basic", "card_number");
  BOOST_TEST(reply.at("card_number").as_string() == number);
  card::NhiProfile profile{{}, {}, {}, {}, {}, 0, false};
  profile.password_key = to_bytes(as_bytes(simulator::password_key));
  profile.password_suffix = to_bytes(as_bytes(simulator::password_suffix));
  const auto inner = undone(simulator::password_key, hex);
  const auto of = [&](const LocalDate& date) {
    return undone(simulator::password_key, encrypt_password(as_bytes(password), number, date, profile));
  };
  BOOST_TEST((inner == of(before) || inner == of(after))); // midnight may have passed
}

BOOST_AUTO_TEST_CASE(the_record_comes_back_under_the_date_with_the_name_in_big5) {
  const auto date = [] {
    const auto now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 9> digits{};
    std::strftime(digits.data(), digits.size(), "%m%d%Y", &local);
    const std::string single = digits.data();
    return single + single + single;
  };
  const auto before = date();
  const auto reply = ask("legacy.nhi_encrypt_basic").result;
  const auto after = date();
  BOOST_TEST(card->counters().apdus == 3U);
  BOOST_TEST(!reply.at("prefixed").as_bool());
  const std::string hex(reply.at("encrypted").as_string());
  // 測試四
  const auto number = text("legacy.nhi_basic", "card_number");
  BOOST_TEST(reply.at("card_number").as_string() == number);
  const auto expected = number + ",A123456789,\xB4\xFA\xB8\xD5\xA5\x7C,0850102,F, ";
  BOOST_TEST((undone(before, hex).starts_with(expected) || undone(after, hex).starts_with(expected)));
}

BOOST_AUTO_TEST_CASE(the_site_signs_what_the_page_has_chosen) {
  const std::string random = "00011234567890123456";
  const auto result = ask("legacy.nhi_sign", {{"origin", site}, {"random", random}}).result;
  const std::string number(result.at("card_number").as_string());
  BOOST_TEST(has_signed(number + random, std::string(result.at("signature").as_string())));
  BOOST_TEST(card->counters().apdus == 4U);
}

BOOST_AUTO_TEST_CASE(a_short_text_is_signed_with_its_padding) {
  const std::string random("0001\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
  const auto result = ask("legacy.nhi_sign", {{"origin", site}, {"random", random}}).result;
  const std::string number(result.at("card_number").as_string());
  BOOST_TEST(has_signed(number + random, std::string(result.at("signature").as_string())));
}

BOOST_AUTO_TEST_CASE(one_consent_covers_all_that_reads_and_signing_asks_each_time) {
  static_cast<void>(ask("legacy.nhi_basic"));
  BOOST_TEST(asked() == 1U);
  static_cast<void>(ask("legacy.nhi_basic"));
  static_cast<void>(ask("legacy.nhi_encrypt_basic"));
  static_cast<void>(ask("legacy.nhi_encrypt_password", from_site, password));
  BOOST_TEST(asked() == 1U);
  for (std::size_t i = 0; i < 2; ++i) {
    static_cast<void>(ask("legacy.nhi_sign", {{"origin", site}, {"random", "00011234567890123456"}}));
    BOOST_TEST(asked() == 2 + i);
  }
  const auto questions = prompt->questions();
  BOOST_TEST(questions[0].params.at("operation").as_string() == "legacy.nhi_read");
  BOOST_TEST(questions[0].params.at("caller").at("origin").as_string() == site);
  BOOST_TEST(questions[1].params.at("operation").as_string() == "legacy.nhi_sign");
}

BOOST_AUTO_TEST_CASE(a_consent_covers_one_origin_and_one_connection) {
  static_cast<void>(ask("legacy.nhi_basic"));
  static_cast<void>(ask("legacy.nhi_basic", {{"origin", another_site}}));
  BOOST_TEST(asked() == 2U);
  static_cast<void>(call("legacy.nhi_basic", from_site)); // over a connection of its own
  BOOST_TEST(asked() == 3U);
}

BOOST_AUTO_TEST_CASE(a_consent_ends_with_the_insertion) {
  static_cast<void>(ask("legacy.nhi_basic"));
  remove(reader_a);
  const auto other = health_card("B123456780");
  insert(reader_a, other);
  other->reset_counters();
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(ask("legacy.nhi_basic"), Errc::ConsentDenied);
  BOOST_TEST(other->counters().apdus == 0U);
  remove(reader_a);
  insert(reader_a, card); // not for the first card either, once it was out
  static_cast<void>(ask("legacy.nhi_basic"));
  BOOST_TEST(asked() == 3U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_asked_again_and_reads_nothing) {
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(ask("legacy.nhi_basic"), Errc::ConsentDenied);
  BOOST_TEST(card->counters().apdus == 0U);
  static_cast<void>(ask("legacy.nhi_basic"));
  BOOST_TEST(asked() == 2U);
}

BOOST_AUTO_TEST_CASE(other_cards_in_other_readers_do_not_matter) {
  insert(reader_b, unknown_card());
  BOOST_TEST(ask("legacy.nhi_basic").result.at("id_number").as_string() == "A123456789");
  remove(reader_b);
  insert(reader_b, citizen_card());
  BOOST_TEST(ask("legacy.nhi_basic").result.at("id_number").as_string() == "A123456789");
  BOOST_TEST(asked() == 1U);
}

BOOST_AUTO_TEST_CASE(wrong_parameters_are_named_before_anybody_is_asked) {
  const auto detail = [this](std::string_view method, json::object params, std::string_view blob = {}) {
    const auto error = error_of([&] { ask(method, std::move(params), blob); });
    BOOST_TEST(name_of(error.code()) == "bad_request");
    return std::string(error.what());
  };
  for (const char* method : {"legacy.nhi_basic", "legacy.nhi_encrypt_basic", "legacy.nhi_sign"}) {
    BOOST_TEST(detail(method, {}).starts_with("origin: "));
    BOOST_TEST(detail(method, {{"origin", site}, {"surprise", 1}}).starts_with("surprise: "));
  }
  BOOST_TEST(detail("legacy.nhi_encrypt_password", from_site, "abc24").starts_with("blob: "));
  for (const char* random : {"", "0001123456789012345", "000112345678901234567", "0001\n234567890123456"})
    BOOST_TEST(detail("legacy.nhi_sign", {{"origin", site}, {"random", random}}).starts_with("random: "));
  const std::string text_after_nul("0001\0"
                                   "234567890123456",
                                   20);
  BOOST_TEST(detail("legacy.nhi_sign", {{"origin", site}, {"random", text_after_nul}}).starts_with("random: "));
  BOOST_TEST(asked() == 0U);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_pulled_in_the_middle_names_the_step) {
  static_cast<void>(ask("legacy.nhi_basic"));
  readers.simulator().play(reader_a, simulator::removal_after(1));
  const auto error = error_of([this] { ask("legacy.nhi_basic"); });
  BOOST_TEST(name_of(error.code()) == "card_removed");
  BOOST_TEST(error.step() == "basic_record");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(without_a_profile_the_keys_are_missing_and_the_record_is_not) {
  ServiceFixture fixture;
  fixture.insert(reader_a, health_card());
  BOOST_TEST(!fixture.call("legacy.nhi_encrypt_basic", from_site).result.at("prefixed").as_bool());
  CHECK_ERROR(fixture.call("legacy.nhi_encrypt_password", from_site, SecureBytes::copy_of(as_bytes(password))),
              Errc::ProfileMissing);
}

} // namespace twcard::service::testing
