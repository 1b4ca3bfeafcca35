// The last PIN try of cards that say little of themselves, or something else each time (control C23).
#include "daemon/card/keys/tries_memory.hpp"
#include "tests/daemon/card/keys/token_fixture.hpp"

#include <fstream>
#include <utility>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

constexpr const char* wrong = "999999";
constexpr const char* number_file = "3F00/0900/0903";
constexpr const char* certificate_file = "3F00/5030/08F2";

Bytes hash(std::uint8_t octet) {
  return Bytes(32, octet);
}
const CardIdentity both{{hash(1), hash(2)}, hash(9)};
const CardIdentity number_alone{{hash(1)}, hash(9)};
const CardIdentity key_alone{{hash(2)}, hash(9)};
const CardIdentity stranger{{hash(3)}, hash(9)};
const CardIdentity nothing{{}, hash(9)};
const CardIdentity nothing_of_another_kind{{}, hash(8)};

struct Cards : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> put_in(const json::object& file) {
    auto card = simulator::card_from_json(file);
    if (std::exchange(m_inserted, true)) remove(reader_a);
    insert(reader_a, card);
    card->reset_counters();
    return card;
  }
  Error log_in(const char* pin) {
    const auto listed = call("token.list").result;
    const auto& entry = listed.at("readers").as_array().at(0);
    const json::object params{{"reader", reader_a}, {"insertion", entry.at("insertion")}};
    return error_of([&] { call("token.login", params, SecureBytes::copy_of(as_bytes(pin))); });
  }
  void refuse_pins(int count) {
    for (int i = 0; i < count; ++i) BOOST_CHECK(log_in(wrong).code() == Errc::PinIncorrect);
  }
  [[nodiscard]] std::size_t last_try_questions() const {
    const auto questions = prompt->questions();
    return static_cast<std::size_t>(
        std::ranges::count(questions, "prompt.last_try", [](const auto& question) { return question.method; }));
  }
  // The third wrong PIN does not reach the card unasked.
  void last_try_is_asked_about(const std::shared_ptr<simulator::SimulatedCard>& card) {
    card->reset_counters();
    prompt->answer(ScriptedPrompt::Refuse{});
    BOOST_CHECK(log_in(wrong).code() == Errc::Cancelled);
    BOOST_TEST(card->counters().verifies == 0U);
  }

private:
  bool m_inserted = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(tries_by_identity)

BOOST_AUTO_TEST_CASE(a_count_stands_under_every_identity) {
  TriesMemory memory{std::filesystem::path()};
  memory.refused(both, 2);
  for (const auto& card : {both, number_alone, key_alone}) BOOST_TEST(memory.tries_left(card).value() == 2);
  BOOST_TEST(!memory.tries_left(stranger));
  BOOST_TEST(!memory.tries_left(nothing));
}

BOOST_AUTO_TEST_CASE(the_lowest_count_is_the_one_that_counts) {
  TriesMemory memory{std::filesystem::path()};
  memory.refused(both, 2);
  memory.refused(key_alone, 1); // its number could not be read
  BOOST_TEST(memory.tries_left(both).value() == 1);
  BOOST_TEST(memory.may_be_last(both));
  BOOST_TEST(!memory.may_be_last(number_alone));
  memory.refused(number_alone, 0);
  BOOST_TEST(memory.tries_left(both).value() == 0);
  BOOST_TEST(memory.may_be_last(both)); // to ask is never wrong
}

BOOST_AUTO_TEST_CASE(a_right_pin_clears_that_cards_identities_alone) {
  TriesMemory memory{std::filesystem::path()};
  memory.refused(both, 1);
  memory.refused(stranger, 1);
  memory.accepted(number_alone);
  BOOST_TEST(!memory.tries_left(number_alone));
  BOOST_TEST(memory.tries_left(both).value() == 1);
  memory.accepted(both);
  BOOST_TEST(!memory.tries_left(both));
  BOOST_TEST(memory.tries_left(stranger).value() == 1);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_card_without_identity_makes_all_of_its_kind_suspect_for_good) {
  const rpc::testing::PrivateFolder folder;
  {
    TriesMemory memory(folder.path());
    BOOST_TEST(!memory.may_be_last(nothing));
    memory.refused(nothing, 2);
    memory.accepted(nothing);
    memory.accepted(both);
  }
  const TriesMemory memory(folder.path());
  BOOST_TEST(memory.may_be_last(nothing));
  BOOST_TEST(!memory.tries_left(nothing)); // how many are left, nobody knows
  BOOST_TEST(!memory.may_be_last(nothing_of_another_kind));
  BOOST_TEST(!memory.may_be_last(both));
}

BOOST_AUTO_TEST_CASE(a_refusal_of_a_known_card_says_nothing_of_others) {
  TriesMemory memory{std::filesystem::path()};
  memory.refused(both, 1);
  BOOST_TEST(!memory.may_be_last(nothing));
  BOOST_TEST(!memory.may_be_last(stranger));
}

BOOST_AUTO_TEST_CASE(a_file_that_knows_numbers_alone_is_still_good) {
  const rpc::testing::PrivateFolder folder;
  std::ofstream(folder.path() / "tries.json") << R"({"cards":[{"card":")" + to_hex(hash(1)) + R"(","tries_left":1}]})";
  const TriesMemory memory(folder.path());
  BOOST_TEST(memory.tries_left(both).value() == 1);
  BOOST_TEST(memory.may_be_last(both));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(last_try_of_any_card, Cards)

BOOST_AUTO_TEST_CASE(a_number_with_letters_is_remembered) {
  const auto card = put_in(citizen_card_file({simulator::Habit::LettersInNumber}));
  const auto listed = call("token.list").result;
  BOOST_TEST(std::string(listed.at("readers").as_array().at(0).at("serial_number").as_string()).starts_with("TP"));
  refuse_pins(2);
  restart_service();
  last_try_is_asked_about(card);
}

BOOST_AUTO_TEST_CASE(a_card_without_a_number_is_remembered_by_its_keys) {
  auto file = citizen_card_file();
  file["files"].as_object().erase(number_file);
  const auto card = put_in(file);
  refuse_pins(2);
  restart_service();
  last_try_is_asked_about(card);
  // The person agrees, the PIN is right: the next one is not asked about.
  BOOST_CHECK(log_in(ScriptedPrompt::right_pin).code() == Errc::Internal); // no error
  const auto asked = last_try_questions();
  refuse_pins(1);
  BOOST_TEST(last_try_questions() == asked);
}

BOOST_AUTO_TEST_CASE(a_card_is_known_by_what_it_still_says) {
  const auto whole = citizen_card_file();
  put_in(whole);
  refuse_pins(2);
  auto without_number = whole;
  without_number["files"].as_object().erase(number_file);
  without_number["tries_left"] = 1;
  last_try_is_asked_about(put_in(without_number));
  auto without_certificates = whole;
  auto octets = *from_hex(std::string(whole.at("files").at(certificate_file).as_string()));
  for (const std::size_t offset : {0x0E00U, 0x1500U}) octets[offset + 6] = 0x7F;
  without_certificates["files"].as_object()[certificate_file] = to_hex(octets);
  without_certificates["tries_left"] = 1;
  last_try_is_asked_about(put_in(without_certificates));
}

BOOST_AUTO_TEST_CASE(of_a_card_that_says_nothing_every_entry_after_a_refusal_is_asked_about) {
  auto file = citizen_card_file();
  auto octets = *from_hex(std::string(file.at("files").at(certificate_file).as_string()));
  for (const std::size_t offset : {0x0E00U, 0x1500U}) octets[offset + 6] = 0x7F;
  file["files"].as_object()[certificate_file] = to_hex(octets);
  file["files"].as_object().erase(number_file);
  const auto card = put_in(file);
  refuse_pins(1);
  BOOST_TEST(last_try_questions() == 0U);
  last_try_is_asked_about(card);
  BOOST_CHECK(log_in(ScriptedPrompt::right_pin).code() == Errc::Internal); // no error, and asked
  BOOST_TEST(last_try_questions() == 2U);
  restart_service();
  last_try_is_asked_about(card);
  // Another card, which has a number, is not suspect.
  put_in(citizen_card_file());
  const auto asked = last_try_questions();
  refuse_pins(1);
  BOOST_TEST(last_try_questions() == asked);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
