// The card's side of the vpcd link, against a reader that does what Debian's vpcd does.
#include "simulator/readers/vpcd_plug.hpp"

#include "tests/simulator/cards.hpp"
#include "tests/simulator/readers/fake_vpcd.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::simulator::tests {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 20s;
constexpr const char* select_root = "80A40000023F00";

std::vector<Fault> plan(const std::string& faults) {
  return faults_from_json(boost::json::parse(R"({"faults": )" + faults + "}").as_object());
}

struct Link {
  FakeVpcd reader;
  std::shared_ptr<SimulatedCard> card = citizen_card();
  std::shared_ptr<FaultPlayer> faults = std::make_shared<FaultPlayer>();
  VpcdPlug plug{reader.port(), card, {}, faults};

  // A reader that is gone need not notice that the card is pulled out.
  ~Link() { reader.close(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(vpcd_plug, Link)

BOOST_AUTO_TEST_CASE(the_card_connects_and_tells_its_atr) {
  reader.accept();
  BOOST_TEST(reader.ask("04") == to_hex(card->atr()));
}

BOOST_AUTO_TEST_CASE(power_and_reset_reset_the_card_and_are_not_answered) {
  reader.accept();
  reader.tell("01");
  BOOST_TEST(plug.wait_until_powered(patience));
  reader.tell("02");
  reader.tell("00");
  BOOST_TEST(reader.ask("04") == to_hex(card->atr())); // the first and only answer
  BOOST_TEST(card->counters().resets == 2U);
}

BOOST_AUTO_TEST_CASE(commands_are_answered_also_in_pieces_and_several_at_once) {
  reader.accept();
  BOOST_TEST(reader.ask("00A40000023F00") == "6E00");
  BOOST_TEST(reader.ask("07") == "6700");
  for (const char* octet : {"00", "07", "80", "A4", "00", "00", "02", "3F", "00"}) reader.send(octet);
  BOOST_TEST(reader.receive() == "9000");
  reader.send("000104"
              "000780A40000025030"
              "000780A40000025031");
  BOOST_TEST(reader.receive() == to_hex(card->atr()));
  BOOST_TEST(reader.receive() == "9000");
  BOOST_TEST(reader.receive() == "6A82");
}

BOOST_AUTO_TEST_CASE(the_reader_notices_that_the_card_is_out) {
  reader.accept();
  BOOST_TEST(reader.ask("04") == to_hex(card->atr()));
  auto pulled = std::async(std::launch::async, [&] { plug.unplug(); });
  BOOST_TEST(reader.ended());
  BOOST_TEST((pulled.wait_for(0s) == std::future_status::timeout)); // it waits for the reader
  reader.close();
  pulled.get();
  BOOST_TEST(plug.unplugged());
}

BOOST_AUTO_TEST_CASE(a_reader_that_comes_later_or_again_gets_the_card) {
  reader.close();
  reader.listen();
  reader.accept();
  BOOST_TEST(reader.ask("04") == to_hex(card->atr()));
  reader.hang_up();
  reader.accept();
  BOOST_TEST(reader.ask("04") == to_hex(card->atr()));
}

BOOST_AUTO_TEST_CASE(without_a_reader_the_card_is_never_powered) {
  reader.close();
  BOOST_TEST(!plug.wait_until_powered(1ms));
  plug.unplug();
  BOOST_TEST(!plug.wait_until_powered(patience));
}

BOOST_AUTO_TEST_CASE(a_card_can_be_pulled_in_the_middle) {
  reader.accept();
  faults->play(removal_after(1));
  BOOST_TEST(reader.ask("80A40000023F00") == "9000");
  reader.tell("80A40000023F00");
  BOOST_TEST(reader.ended());
  BOOST_TEST(plug.unplugged());
}

BOOST_AUTO_TEST_CASE(answers_are_altered_on_their_way) {
  reader.accept();
  faults->play(plan(R"([{"fault": "status", "status": "6F00"}, {"at": 2, "fault": "truncate", "octets": 1},
                        {"at": 3, "fault": "delay", "ms": 1}])"));
  BOOST_TEST(reader.ask(select_root) == "6F00");
  BOOST_TEST(reader.ask(select_root) == "90");
  BOOST_TEST(reader.ask(select_root) == "9000");
  BOOST_TEST(faults->waiting() == 0U);
}

BOOST_AUTO_TEST_CASE(a_mute_card_does_not_answer_and_can_be_pulled_out) {
  reader.accept();
  faults->play(plan(R"([{"fault": "mute", "times": 0}])"));
  reader.tell(select_root);
  BOOST_TEST(reader.ask("04") == to_hex(card->atr())); // the next answer is this one's
  auto pulled = std::async(std::launch::async, [&] { plug.unplug(); });
  BOOST_TEST(reader.ended());
  reader.close();
  pulled.get();
}

BOOST_AUTO_TEST_CASE(another_answer_to_reset_comes_with_the_next_reset) {
  reader.accept();
  const auto own = to_hex(card->atr());
  faults->play(plan(R"([{"fault": "atr", "atr": "3B00"}])"));
  BOOST_TEST(reader.ask(select_root) == "9000");
  BOOST_TEST(reader.ask("04") == own);
  reader.tell("02");
  BOOST_TEST(reader.ask("04") == "3B00");
}

BOOST_AUTO_TEST_CASE(a_swapped_card_comes_with_a_connection_of_its_own) {
  reader.accept();
  auto swap = plan(R"([{"at": 2, "fault": "swap", "card": "nhi.json"}])");
  swap.front().card = nhi_card();
  faults->play(swap);
  BOOST_TEST(reader.ask(select_root) == "9000");
  reader.tell(select_root);
  BOOST_TEST(reader.ended());
  reader.hang_up();
  reader.accept();
  BOOST_TEST(reader.ask("04") == to_hex(swap.front().card->atr()));
  BOOST_CHECK(plug.card() == swap.front().card);
  BOOST_TEST(!plug.unplugged());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(vpcd_plug_with_timing)

BOOST_AUTO_TEST_CASE(a_card_that_takes_its_time_can_be_pulled_meanwhile) {
  FakeVpcd reader;
  // A bit a second: minutes for a command.
  VpcdPlug slow(reader.port(), citizen_card(), CardTiming::parse("real:line=1"));
  reader.accept();
  reader.tell("80A40000023F00");
  auto pulled = std::async(std::launch::async, [&] { slow.unplug(); });
  BOOST_TEST(reader.ended());
  reader.close();
  pulled.get();
}

BOOST_AUTO_TEST_CASE(a_card_with_a_timing_answers_the_same) {
  FakeVpcd reader;
  VpcdPlug real(reader.port(), citizen_card(), CardTiming::parse("real:line=1000000,rsa=1"));
  reader.accept();
  BOOST_TEST(reader.ask("80A40000023F00") == "9000");
  reader.close();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
