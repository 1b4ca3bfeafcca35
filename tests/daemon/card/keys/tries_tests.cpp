// PIN tries: what is known of them, for how long, and what the last one needs (control C23).
#include "daemon/card/keys/tries_memory.hpp"
#include "tests/daemon/card/keys/token_fixture.hpp"

#include <fstream>
#include <future>

namespace twcard::service::testing {

namespace json = boost::json;

namespace {

Bytes hash(std::uint8_t number) {
  return Bytes(32, number);
}
CardIdentity card(std::uint8_t number) {
  return {{hash(number)}, {}};
}

struct Kept {
  rpc::testing::PrivateFolder folder;
  [[nodiscard]] std::filesystem::path file() const { return folder.path() / "tries.json"; }
  void is_damaged(const std::string& content) const {
    std::ofstream(file(), std::ios::trunc) << content;
    TriesMemory memory(folder.path());
    BOOST_TEST(!memory.tries_left(card(1)), content);
    BOOST_TEST(std::filesystem::exists(folder.path() / "tries.json.damaged"), content);
    memory.refused(card(1), 2);
    BOOST_TEST(TriesMemory(folder.path()).tries_left(card(1)).value() == 2);
    std::filesystem::remove(folder.path() / "tries.json.damaged");
  }
};

struct Fixture : TokenFixture {
  static constexpr const char* wrong = "999999";

  json::object login() const { return {{"origin", site}, {"nonce", nonce}}; }
  void refuse_pins(int count) {
    auto client = connect();
    for (int i = 0; i < count; ++i) CHECK_ERROR(log_in(client, wrong), Errc::PinIncorrect);
    BOOST_TEST(reader_entry(reader_a).at("tries_left").to_number<int>() == 3 - count);
  }
  [[nodiscard]] json::value tries_in_status() const {
    const auto status = call("status").result;
    return status.at("readers").as_array().at(0).at("card").at("tries_left");
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> methods;
    for (const auto& question : prompt->questions()) methods.push_back(question.method);
    return methods;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tries_memory, Kept)

BOOST_AUTO_TEST_CASE(tries_are_unknown_until_a_refusal_and_after_a_success) {
  TriesMemory memory(folder.path());
  BOOST_TEST(!memory.tries_left(card(1)));
  memory.refused(card(1), 2);
  memory.refused(card(1), 1);
  BOOST_TEST(memory.tries_left(card(1)).value() == 1);
  BOOST_TEST(!memory.tries_left(card(2)));
  memory.accepted(card(1));
  BOOST_TEST(!memory.tries_left(card(1)));
}

BOOST_AUTO_TEST_CASE(the_next_run_knows_what_this_one_knew) {
  {
    TriesMemory memory(folder.path());
    memory.refused(card(1), 2);
    memory.refused(card(2), 0);
    memory.refused(card(3), 1);
    memory.accepted(card(3));
  }
  const TriesMemory memory(folder.path());
  BOOST_TEST(memory.tries_left(card(1)).value() == 2);
  BOOST_TEST(memory.tries_left(card(2)).value() == 0);
  BOOST_TEST(!memory.tries_left(card(3)));
}

BOOST_AUTO_TEST_CASE(without_a_folder_it_lasts_as_long_as_the_process) {
  TriesMemory memory{std::filesystem::path()};
  memory.refused(card(1), 2);
  BOOST_TEST(memory.tries_left(card(1)).value() == 2);
  memory.refused({}, 2);
  BOOST_TEST(!memory.tries_left({}));
}

BOOST_AUTO_TEST_CASE(the_oldest_of_too_many_cards_is_forgotten) {
  TriesMemory memory(folder.path());
  const auto nth = [](std::size_t n) {
    Bytes hash(32);
    hash[0] = static_cast<std::uint8_t>(n & 0xFF);
    hash[1] = static_cast<std::uint8_t>(n >> 8);
    return CardIdentity{{hash}, {}};
  };
  for (std::size_t n = 0; n <= TriesMemory::max_identities; ++n) memory.refused(nth(n), 2);
  const TriesMemory read_again(folder.path());
  BOOST_TEST(!read_again.tries_left(nth(0)));
  BOOST_TEST(read_again.tries_left(nth(1)).has_value());
  BOOST_TEST(read_again.tries_left(nth(TriesMemory::max_identities)).has_value());
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_set_aside_and_a_new_one_begun) {
  const auto entry = [](const std::string& hash, const char* tries) {
    return R"({"cards":[{"card":")" + hash + R"(","tries_left":)" + tries + "}]}";
  };
  is_damaged("");
  is_damaged("{");
  is_damaged("[]");
  is_damaged("{\"cards\":7}");
  is_damaged("\xFF\xFE");
  is_damaged(std::string(1000, '['));
  is_damaged(entry("0101", "2"));
  is_damaged(entry(std::string(64, 'z'), "2"));
  is_damaged(entry(to_hex(hash(1)), "-1"));
  is_damaged(entry(to_hex(hash(1)), "16"));
  is_damaged(entry(to_hex(hash(1)), "1e9"));
}

BOOST_AUTO_TEST_CASE(the_file_names_no_card) {
  TriesMemory(folder.path()).refused(card(1), 2);
  std::ifstream in(file());
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  BOOST_TEST(content == "{\"cards\":[{\"card\":\"" + to_hex(hash(1)) + "\",\"tries_left\":2}]}\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tries, Fixture)

BOOST_AUTO_TEST_CASE(tries_left_are_known_after_a_restart_and_unknown_after_a_success) {
  refuse_pins(1);
  restart_service();
  BOOST_TEST(reader_entry(reader_a).at("tries_left").to_number<int>() == 2);
  BOOST_TEST(tries_in_status().to_number<int>() == 2);
  auto client = connect();
  log_in(client);
  BOOST_TEST(tries_in_status().is_null());
  restart_service();
  BOOST_TEST(tries_in_status().is_null());
}

BOOST_AUTO_TEST_CASE(a_locked_card_is_known_to_be_locked) {
  refuse_pins(2);
  auto client = connect();
  CHECK_ERROR(log_in(client, wrong), Errc::PinBlocked);
  BOOST_TEST(tries_in_status().to_number<int>() == 0);
}

BOOST_AUTO_TEST_CASE(a_page_learns_the_tries_after_consent_only) {
  refuse_pins(2);
  prompt->answer(ScriptedPrompt::Refuse{});
  const auto refused = error_of([&] { call("certificates", {{"origin", site}}); });
  BOOST_TEST(std::string(refused.what()).find("try") == std::string::npos);
  BOOST_TEST(!refused.tries_left().has_value());
  const auto listed = call("certificates", {{"origin", site}}).result;
  BOOST_TEST(listed.at("card").at("tries_left").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(the_last_try_of_a_page_is_agreed_to_before_the_pin_is_asked) {
  refuse_pins(2);
  static_cast<void>(call("authenticate", login()));
  BOOST_TEST(asked() == (std::vector<std::string>{"prompt.consent", "prompt.last_try", "prompt.pin"}),
             boost::test_tools::per_element());
  const auto question = prompt->questions().at(1).params;
  BOOST_TEST(question.at("caller").at("origin").as_string() == site);
  BOOST_TEST(question.at("card").at("reader").as_string() == reader_a);
}

BOOST_AUTO_TEST_CASE(a_last_try_that_the_person_keeps_costs_nothing) {
  refuse_pins(2);
  card->reset_counters();
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(call("authenticate", login()), Errc::Cancelled);
  auto client = connect();
  prompt->answer(ScriptedPrompt::Refuse{});
  CHECK_ERROR(log_in(client), Errc::Cancelled);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_AUTO_TEST_CASE(a_program_with_a_pin_uses_the_last_try_when_the_person_agrees_and_never_without_a_prompt) {
  refuse_pins(2);
  card->reset_counters();
  auto client = connect();
  prompt->answer(ScriptedPrompt::Fail{Errc::PromptUnavailable});
  CHECK_ERROR(log_in(client), Errc::PinLastTry);
  BOOST_TEST(card->counters().apdus == 0U);
  log_in(client);
  BOOST_TEST(asked() == (std::vector<std::string>{"prompt.last_try", "prompt.last_try"}),
             boost::test_tools::per_element());
  BOOST_TEST(prompt->questions().at(1).params.at("caller").at("pid").to_number<int>() == ::getpid());
  BOOST_TEST(client.call("token.sign", key_params("SIGN"), block()).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(tries_that_were_used_while_the_person_thought_make_the_entered_pin_wait_for_an_agreement) {
  prompt->answer(ScriptedPrompt::Approve{});
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  auto page = std::async(std::launch::async, [this] { return call("authenticate", login()); });
  BOOST_TEST(prompt->wait_for_questions(2));
  refuse_pins(2);
  card->reset_counters();
  prompt->release();
  CHECK_ERROR(page.get(), Errc::PinLastTry);
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_held_pin_does_not_use_the_last_try) {
  auto client = connect();
  log_in(client);
  refuse_pins(2);
  card->reset_counters();
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinLastTry);
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_while_the_last_try_is_asked_about_closes_the_prompt) {
  refuse_pins(2);
  prompt->answer(ScriptedPrompt::LeaveOpen{});
  std::thread person([this] {
    BOOST_TEST(prompt->wait_for_questions(1));
    readers.simulator().remove(reader_a);
  });
  auto client = connect();
  CHECK_ERROR(log_in(client), Errc::CardRemoved);
  person.join();
  BOOST_TEST(prompt->wait_for_closed(1));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
