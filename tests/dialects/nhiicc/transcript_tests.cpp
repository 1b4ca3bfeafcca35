// Plays *.transcript against the running front. A line is a frame or what happens between frames:
//
//   # where it is described
//   > a text frame of the page
//   < the text frame that answers it            <~ the same as an ECMAScript regular expression
//   ! page                                      a new connection
//   ! card SLOT NAME, ! person MODE, ! press BUTTON, ! site WORDS
//   ! fault SLOT PLAN                           the card's answers from now on (docs/simulator.md, "Fault plans")
//   ! pcscd stop | start | start without readers
//
// $NAME and $ID are the simulated person's.
#include "tests/dialects/nhiicc/health_card.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

std::string with_person(std::string text) {
  for (const auto& [word, variable] : {std::pair{"$NAME", "TWCARD_TEST_NAME"}, std::pair{"$ID", "TWCARD_TEST_ID"}})
    if (const auto at = text.find(word); at != std::string::npos)
      text.replace(at, std::string_view(word).size(), stack_variable(variable));
  return text;
}

void wait_for_pcscd(std::size_t cards) {
  auto client = service();
  BOOST_REQUIRE(eventually([&] {
    const auto status = client.call("status").result;
    std::size_t ready = 0;
    for (const auto& reader : status.at("readers").as_array()) {
      const auto* card = reader.at("card").if_object();
      if (card != nullptr && card->at("state").as_string() == "ready") ++ready;
    }
    return status.at("pcsc").as_string() == "ok" && ready == cards;
  }));
}

class Player final {
public:
  void play(const std::string& line) {
    const auto space = std::min(line.find(' '), line.size());
    const auto mark = line.substr(0, space);
    const auto text = with_person(line.substr(std::min(space + 1, line.size())));
    if (mark == ">") {
      m_page->send_text(text);
    } else if (mark == "<") {
      BOOST_TEST(m_page->receive_text() == text);
      ++m_answers;
    } else if (mark == "<~") {
      const auto answer = m_page->receive_text();
      BOOST_TEST(std::regex_match(answer, std::regex(text)), answer.substr(0, 80));
      ++m_answers;
    } else if (mark == "!") {
      act(text);
    } else {
      BOOST_TEST((mark == "#" || line.empty()), "no line of a transcript: " + line);
    }
  }
  [[nodiscard]] std::size_t answers() const { return m_answers; }

private:
  void act(const std::string& text) {
    std::istringstream words(text);
    std::string what;
    words >> what >> std::ws;
    std::string rest;
    std::getline(words, rest);
    if (what == "page") {
      m_page = HealthCard::page();
    } else if (what == "person") {
      person(rest);
    } else if (what == "press") {
      person("approve", 0, rest);
    } else if (what == "site") {
      HealthCard::site_will(rest);
    } else if (what == "card") {
      HealthCard::put_card(std::stoi(rest), rest.substr(2));
    } else if (what == "fault") {
      std::ofstream(stack_file("plan.json")) << rest.substr(2);
      run("twcard-sim fault " + rest.substr(0, 1) + " '" + stack_file("plan.json") + "' >/dev/null");
    } else if (text == "pcscd stop") {
      stop_pcscd();
    } else if (what == "pcscd") {
      start_pcscd(rest == "start");
      wait_for_pcscd(rest == "start" ? 2 : 0);
    } else {
      BOOST_FAIL("no action: " + text);
    }
  }

  std::unique_ptr<web::RawWebSocket> m_page = HealthCard::page();
  std::size_t m_answers = 0;
};

void play(const char* name) {
  std::ifstream file(std::filesystem::path(TWCARD_TRANSCRIPTS) / (std::string(name) + ".transcript"));
  BOOST_REQUIRE(file.is_open());
  Player player;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    BOOST_TEST_CONTEXT(name << ".transcript:" << number << ": " << line) player.play(line);
  }
  BOOST_TEST(player.answers() > 5U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(transcripts, HealthCard)

BOOST_AUTO_TEST_CASE(each_command_is_answered_as_described) {
  play("commands");
}

BOOST_AUTO_TEST_CASE(each_error_that_a_card_or_the_site_can_cause_has_its_code) {
  play("errors");
}

BOOST_AUTO_TEST_CASE(cards_come_go_and_are_swapped_during_a_session) {
  play("swaps");
}

BOOST_AUTO_TEST_CASE(answers_that_have_to_be_fetched_or_asked_for_again_are_read) {
  play("responses");
}

BOOST_AUTO_TEST_SUITE_END()
