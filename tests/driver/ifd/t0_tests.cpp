// T=0 against scripted cards, at both levels of exchange.
#include "driver/ifd/t0.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;

namespace {

constexpr std::chrono::milliseconds wait{1000};

Bytes run(CardLine& card, ExchangeLevel level, const char* command) {
  T0 session(card, level, wait);
  return session.transceive(hex(command));
}

ScriptedCard::Step tpdu(const char* sent, const char* answer) {
  return {hex(sent), hex(answer)};
}
ScriptedCard::Step characters(const char* sent, std::size_t expected, const char* answer) {
  return {hex(sent), hex(answer), 1, expected};
}

} // namespace

BOOST_AUTO_TEST_SUITE(t0)

BOOST_AUTO_TEST_CASE(all_four_cases_of_a_command_go_out_as_the_standard_maps_them) {
  auto level = ExchangeLevel::Tpdu;
  {
    ScriptedCard card({tpdu("00 A4 00 00 00", "90 00")});
    BOOST_TEST(run(card, level, "00 A4 00 00") == hex("9000"));
  }
  {
    ScriptedCard card({tpdu("00 B0 00 00 02", "01 02 90 00")});
    BOOST_TEST(run(card, level, "00 B0 00 00 02") == hex("01029000"));
  }
  {
    ScriptedCard card({tpdu("00 A4 00 00 02 3F 00", "90 00")});
    BOOST_TEST(run(card, level, "00 A4 00 00 02 3F 00") == hex("9000"));
  }
  {
    ScriptedCard card({tpdu("00 A4 00 00 02 3F 00", "61 10")});
    BOOST_TEST(run(card, level, "00 A4 00 00 02 3F 00 00") == hex("6110"));
  }
}

BOOST_AUTO_TEST_CASE(waiting_octets_and_a_wrong_length_are_left_to_the_caller) {
  auto level = ExchangeLevel::Tpdu;
  ScriptedCard card({tpdu("00 A4 00 00 02 3F 00", "61 05"), tpdu("00 B0 00 00 00", "6C 08")});
  T0 session(card, level, wait);
  BOOST_TEST(session.transceive(hex("00 A4 00 00 02 3F 00")) == hex("6105"));
  BOOST_TEST(session.transceive(hex("00 B0 00 00 00")) == hex("6C08"));
}

BOOST_AUTO_TEST_CASE(an_apdu_that_does_not_fit_is_refused_before_anything_is_sent) {
  auto level = ExchangeLevel::Tpdu;
  ScriptedCard card({});
  T0 session(card, level, wait);
  for (const char* command :
       {"", "00A400", "00A40000023F", "00A40000000010000000", "00A4000000 02 3F00", "00A40000023F000000"})
    check_fails(Errc::BadRequest, [&] { return session.transceive(hex(command)); });
}

BOOST_AUTO_TEST_CASE(no_status_word_too_many_octets_and_silence_are_errors) {
  for (const char* answer : {"", "01 02 03 90 00", "01 02 04 05"}) {
    auto level = ExchangeLevel::Tpdu;
    ScriptedCard card({tpdu("00 B0 00 00 02", answer)});
    check_fails(Errc::BadCardData, [&] { return run(card, level, "00 B0 00 00 02"); });
  }
}

BOOST_AUTO_TEST_CASE(acknowledged_with_the_instruction_all_data_go_out_at_once) {
  auto level = ExchangeLevel::Character;
  ScriptedCard card({characters("00 20 00 01 03", 1, "20"), characters("31 32 33", 1, "90"), characters("", 1, "00")});
  BOOST_TEST(run(card, level, "00 20 00 01 03 31 32 33") == hex("9000"));
}

BOOST_AUTO_TEST_CASE(acknowledged_with_the_complement_one_octet_goes_out) {
  auto level = ExchangeLevel::Character;
  ScriptedCard card({characters("00 20 00 01 03", 1, "DF"), characters("31", 1, "DF"), characters("32", 1, "20"),
                     characters("33", 1, "63"), characters("", 1, "C2")});
  BOOST_TEST(run(card, level, "00 20 00 01 03 31 32 33") == hex("63C2"));
}

BOOST_AUTO_TEST_CASE(data_come_in_all_at_once_or_octet_by_octet) {
  auto level = ExchangeLevel::Character;
  ScriptedCard card({characters("00 B0 00 00 03", 1, "4F"), characters("", 2, "01 4F"), characters("", 2, "02 B0"),
                     characters("", 2, "03 90"), characters("", 1, "00")});
  BOOST_TEST(run(card, level, "00 B0 00 00 03") == hex("0102039000"));
}

BOOST_AUTO_TEST_CASE(null_bytes_keep_the_exchange_alive) {
  auto level = ExchangeLevel::Character;
  ScriptedCard card({characters("00 20 00 01 01", 1, "60"), characters("", 1, "60"), characters("", 1, "20"),
                     characters("31", 1, "60"), characters("", 1, "90"), characters("", 1, "00")});
  BOOST_TEST(run(card, level, "00 20 00 01 01 31") == hex("9000"));
}

BOOST_AUTO_TEST_CASE(a_status_word_may_come_instead_of_any_acknowledgement) {
  auto level = ExchangeLevel::Character;
  ScriptedCard card({characters("00 20 00 01 02", 1, "DF"), characters("31", 1, "69"), characters("", 1, "83")});
  BOOST_TEST(run(card, level, "00 20 00 01 02 31 32") == hex("6983"));
}

BOOST_AUTO_TEST_CASE(a_card_may_not_ask_for_more_than_there_is) {
  auto level = ExchangeLevel::Character;
  ScriptedCard card({characters("00 20 00 01 01", 1, "20"), characters("31", 1, "20")});
  check_fails(Errc::BadCardData, [&] { return run(card, level, "00 20 00 01 01 31"); });
}

BOOST_AUTO_TEST_CASE(an_invalid_procedure_byte_ends_the_exchange) {
  for (const char* answer : {"", "21", "00", "FF"}) {
    auto level = ExchangeLevel::Character;
    ScriptedCard card({characters("00 20 00 01 01", 1, answer)});
    check_fails(Errc::BadCardData, [&] { return run(card, level, "00 20 00 01 01 31"); });
  }
}

namespace {

class EndlessNull final : public CardLine {
public:
  Bytes exchange(ByteView, std::size_t, unsigned) override {
    ++m_exchanges;
    return {0x60};
  }
  [[nodiscard]] int exchanges() const noexcept { return m_exchanges; }

private:
  int m_exchanges = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(endless_null_bytes_come_to_an_end) {
  EndlessNull card;
  check_fails(Errc::BadCardData, [&] {
    auto level = ExchangeLevel::Character;
    return run(card, level, "00 B0 00 00 01");
  });
  BOOST_TEST(card.exchanges() <= 302); // 5 minutes of 1 s
}

BOOST_AUTO_TEST_CASE(a_reader_that_hands_on_procedure_bytes_is_noticed_where_nothing_is_at_stake) {
  auto level = ExchangeLevel::Tpdu;
  ScriptedCard card({tpdu("00 B0 00 00 01", "B0"), characters("", 2, "07 90"), characters("", 1, "00"),
                     characters("00 20 00 01 01", 1, "20"), characters("31", 1, "90"), characters("", 1, "00")});
  T0 session(card, level, wait);
  BOOST_TEST(session.transceive(hex("00 B0 00 00 01")) == hex("079000"));
  BOOST_TEST((level == ExchangeLevel::Character));
  BOOST_TEST(session.transceive(hex("00 20 00 01 01 31")) == hex("9000"));
}

BOOST_AUTO_TEST_CASE(a_command_whose_data_went_out_too_early_fails_once_and_is_not_repeated) {
  auto level = ExchangeLevel::Tpdu;
  ScriptedCard card({tpdu("00 20 00 01 01 31", "20")});
  T0 session(card, level, wait);
  check_fails(Errc::BadCardData, [&] { return session.transceive(hex("00 20 00 01 01 31")); });
  BOOST_TEST((level == ExchangeLevel::Character));
}

BOOST_AUTO_TEST_SUITE_END()
