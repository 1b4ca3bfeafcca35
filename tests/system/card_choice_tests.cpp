// Two NHI cards behind the real pcscd: the person is asked which one by the real twcard-prompt, also while they change.
#include "tests/system/stack.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <future>

using namespace twcard;
using namespace twcard::tests;

namespace {

constexpr const char* other_id = "B123456780";
constexpr int as_long_as_it_takes = 60'000; // ms: a dialog that only a change of cards ends

std::string other_card() {
  auto file = stack_file("other_nhi.json");
  if (!std::filesystem::exists(file))
    run("twcard-sim personalise --kind nhi --name 陳大文 --id B123456780 --sex M --out '" + file + "' >/dev/null");
  return file;
}

struct TwoHealthCards {
  std::size_t seen = 0;
  TwoHealthCards() {
    person("approve");
    for (const int slot : {0, 1}) remove_card(slot);
    insert_card(0, stack_file("nhi.json"));
    insert_card(1, other_card());
    reset_apdus();
    seen = dialogs().size();
  }
  ~TwoHealthCards() { person("approve"); }

  // Titles and answers of the dialogs since the test began.
  [[nodiscard]] std::vector<std::string> answered() const {
    std::vector<std::string> lines;
    const auto all = dialogs();
    for (auto at = seen; at < all.size(); ++at)
      lines.push_back(std::string(all[at].at("title").as_string()) + " " +
                      std::string(all[at].at("answer").as_string()));
    return lines;
  }
};

std::string id_read_by(rpc::Client& page) {
  const boost::json::object params{{"origin", "https://page.test"}};
  const auto reply = page.call("legacy.nhi_basic", params, {}, std::chrono::seconds(30));
  return std::string(reply.result.at("id_number").as_string());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(card_choice, TwoHealthCards)

BOOST_AUTO_TEST_CASE(the_card_that_the_person_takes_is_the_only_one_that_is_spoken_to) {
  person("approve", 0, "Next card");
  auto page = service();
  BOOST_TEST(id_read_by(page) == other_id);
  BOOST_TEST(id_read_by(page) == other_id);
  BOOST_TEST(apdus(0) == 0U);
  BOOST_TEST(apdus(1) == 6U);
  const std::vector<std::string> expected{"twcard: your consent approved", "twcard: which card? refused",
                                          "twcard: which card? approved"};
  BOOST_TEST(answered() == expected);
  const std::string shown(dialogs().back().at("description").as_string());
  BOOST_TEST(shown.find("https://page.test") != std::string::npos);
  BOOST_TEST(shown.find("Card 2 of 2: NHI card") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_swap_while_the_question_is_open_closes_it_and_asks_for_the_cards_that_are_there) {
  auto page = service();
  // Both cards may be read already: only which one is to be asked.
  for (const char* reader : {"Virtual PCD 00 00", "Virtual PCD 00 01"})
    page.call("legacy.nhi_basic", {{"origin", "https://page.test"}, {"reader", reader}});
  reset_apdus();
  person("slow", as_long_as_it_takes);
  auto reading = std::async(std::launch::async, [&page] { return id_read_by(page); });
  BOOST_REQUIRE(eventually([] { return open_dialogs().size() == 1; }));
  const auto first_question = open_dialogs();

  remove_card(1);
  BOOST_REQUIRE(eventually([&] { return open_dialogs().size() == 1 && open_dialogs() != first_question; }));
  BOOST_TEST((reading.wait_for(std::chrono::seconds(0)) == std::future_status::timeout), "the other card was taken");
  person("approve", 0, "Next card");
  insert_card(1, other_card());
  BOOST_TEST(reading.get() == other_id);
  BOOST_TEST(apdus(0) == 0U);
  // This card's consent is its own.
  BOOST_TEST(answered().back() == "twcard: your consent approved");
}

BOOST_AUTO_TEST_SUITE_END()
