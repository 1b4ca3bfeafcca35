// T=1 against scripted cards: the situations that annex A of ISO/IEC 7816-3:2006 plays through, and cards that break
// the rules. A lost block is silence(), an invalid one bent().
#include "driver/ifd/t1.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;

namespace {

const Bytes command = hex("0084000008");
const Bytes response = hex("01020304050607089000");
const std::string command_0 = "000005 0084000008";
const std::string command_1 = "004005 0084000008";
const std::string response_0 = "00000A 01020304050607089000";
const std::string response_1 = "00400A 01020304050607089000";
const std::string receipt_0 = "008000";
const std::string receipt_1 = "009000";

constexpr T1Settings short_fields{.ifsc = 4};

std::string receipt_0_fault(int code) {
  return code == 1 ? "008100" : "008200";
}
std::string receipt_1_fault(int code) {
  return code == 1 ? "009100" : "009200";
}

} // namespace

BOOST_AUTO_TEST_SUITE(t1)

BOOST_AUTO_TEST_CASE(sequence_numbers_alternate_on_both_sides) {
  ScriptedCard card({{block(command_0), block(response_0)},
                     {block(command_1), block(response_1)},
                     {block(command_0), block(response_0)}});
  T1 session(card, {});
  for (int round = 0; round < 3; ++round) BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_request_for_time_is_granted_and_lengthens_the_one_wait) {
  ScriptedCard card({{block(command_0), block("00C301 05")}, {block("00E301 05"), block(response_0), 5}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(the_card_changes_its_field_size_before_it_answers) {
  ScriptedCard card({{block(command_0), block("00C101 02")},
                     {block("00E101 02"), block(response_0)},
                     {block("006002 0084"), block(receipt_0)},
                     {block("002002 0000"), block(receipt_1)},
                     {block("004001 08"), block(response_1)}});
  T1 session(card, {});
  BOOST_TEST(session.transceive(command) == response);
  BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(the_reader_announces_its_field_size_first) {
  ScriptedCard card({{block("00C101 FC"), block("00E101 FC")}, {block(command_0), block(response_0)}});
  T1 session(card, {});
  session.announce_field_size(252);
  BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_chain_of_ours_is_acknowledged_block_by_block) {
  ScriptedCard card({{block("002004 00840000"), block(receipt_1)}, {block("004001 08"), block(response_0)}});
  BOOST_TEST(T1(card, short_fields).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_chain_of_the_card_is_acknowledged_block_by_block) {
  ScriptedCard card({{block(command_0), block("002003 010203")},
                     {block(receipt_1), block("006005 0405060708")},
                     {block(receipt_0), block("000002 9000")}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(both_sides_chain_and_the_next_command_goes_on_counting) {
  ScriptedCard card({{block("002004 00840000"), block(receipt_1)},
                     {block("004001 08"), block("002002 0102")},
                     {block(receipt_1), block("004008 0304050607089000")},
                     {block("002004 00840000"), block(receipt_1)},
                     {block("004001 08"), block(response_0)}});
  T1 session(card, short_fields);
  BOOST_TEST(session.transceive(command) == response);
  BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_bent_command_is_asked_for_and_sent_again) {
  ScriptedCard card({{block(command_0), block(receipt_0_fault(1))}, {block(command_0), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_lost_command_is_sent_again_when_the_card_says_so) {
  ScriptedCard card({{block(command_0), silence()},
                     {block(receipt_0_fault(2)), block(receipt_0)},
                     {block(command_0), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_bent_response_is_asked_for_again) {
  ScriptedCard card({{block(command_0), bent(response_0)}, {block(receipt_0_fault(1)), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_bent_response_and_a_bent_receipt_are_repaired) {
  ScriptedCard card({{block(command_0), bent(response_0)},
                     {block(receipt_0_fault(1)), bent(response_0)},
                     {block(receipt_0_fault(1)), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_bent_request_for_time_is_asked_for_again) {
  ScriptedCard card({{block(command_0), bent("00C301 02")},
                     {block(receipt_0_fault(1)), block("00C301 02")},
                     {block("00E301 02"), block(response_0), 2}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(silence_after_a_granted_time_is_answered_by_a_receipt) {
  ScriptedCard card({{block(command_0), block("00C301 02")},
                     {block("00E301 02"), silence(), 2},
                     {block(receipt_0_fault(2)), block("00C301 02")},
                     {block("00E301 02"), block(response_0), 2}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_lost_link_of_our_chain_is_sent_again) {
  ScriptedCard card({{block("002004 00840000"), block(receipt_0_fault(2))},
                     {block("002004 00840000"), block(receipt_1)},
                     {block("004001 08"), block(response_0)}});
  BOOST_TEST(T1(card, short_fields).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_bent_link_of_the_cards_chain_is_asked_for_by_its_number) {
  ScriptedCard card({{block(command_0), block("002003 010203")},
                     {block(receipt_1), bent("004007 04050607089000")},
                     {block(receipt_1_fault(1)), block("004007 04050607089000")}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(the_card_aborts_our_chain) {
  ScriptedCard card({{block("002004 00840000"), block("00C200")},
                     {block("00E200"), block(receipt_1)},
                     {block("00C000"), block("00E000")}});
  T1 session(card, short_fields);
  check_fails(Errc::BadCardData, [&] { return session.transceive(command); });
}

BOOST_AUTO_TEST_CASE(three_unreadable_answers_end_in_resynchronisation_and_the_next_command_counts_from_zero) {
  ScriptedCard card({{block(command_0), block(response_0)},
                     {block(command_1), bent(response_1)},
                     {block(receipt_1_fault(1)), bent(response_1)},
                     {block(receipt_1_fault(1)), bent(response_1)},
                     {block("00C000"), silence()},
                     {block("00C000"), block("00E000")},
                     {block(command_0), block(response_0)}});
  T1 session(card, {});
  BOOST_TEST(session.transceive(command) == response);
  check_fails(Errc::BadCardData, [&] { return session.transceive(command); });
  BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_card_that_never_answers_is_given_up_after_three_attempts_of_each_kind) {
  ScriptedCard card({{block(command_0), silence()},
                     {block(receipt_0_fault(2)), silence()},
                     {block(receipt_0_fault(2)), silence()},
                     {block("00C000"), silence()},
                     {block("00C000"), silence()},
                     {block("00C000"), silence()}});
  check_fails(Errc::BadCardData, [&] { return T1(card, {}).transceive(command); });
}

BOOST_AUTO_TEST_CASE(after_a_resynchronisation_that_failed_the_next_command_begins_with_one) {
  // The card may have resynchronised and its answer got lost: its numbers are not known.
  ScriptedCard card({{block(command_0), block(response_0)},
                     {block(command_1), silence()},
                     {block(receipt_1_fault(2)), silence()},
                     {block(receipt_1_fault(2)), silence()},
                     {block("00C000"), silence()},
                     {block("00C000"), silence()},
                     {block("00C000"), silence()},
                     {block("00C000"), block("00E000")},
                     {block(command_0), block(response_0)}});
  T1 session(card, {});
  BOOST_TEST(session.transceive(command) == response);
  check_fails(Errc::BadCardData, [&] { return session.transceive(command); });
  BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_field_size_that_nobody_confirms_is_given_up_after_three_attempts) {
  ScriptedCard card({{block("00C101 FC"), silence()},
                     {block("00C101 FC"), block("00E101 20")},
                     {block("00C101 FC"), bent("00E101 FC")}});
  T1 session(card, {});
  check_fails(Errc::BadCardData, [&] { session.announce_field_size(252); });
}

BOOST_AUTO_TEST_CASE(a_doubled_response_is_not_taken_for_the_next_one) {
  ScriptedCard card({{block(command_0), block(response_0)},
                     {block(command_1), block(response_0)},
                     {block(receipt_1_fault(2)), block(response_1)}});
  T1 session(card, {});
  BOOST_TEST(session.transceive(command) == response);
  BOOST_TEST(session.transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_response_in_the_middle_of_our_chain_is_not_believed) {
  ScriptedCard card({{block("002004 00840000"), block(response_0)},
                     {block(receipt_0_fault(2)), block(receipt_1)},
                     {block("004001 08"), block(response_0)}});
  BOOST_TEST(T1(card, short_fields).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_field_longer_than_we_announced_is_not_believed) {
  const std::string field(2 * 33, '0');
  ScriptedCard card({{block(command_0), block("000021" + field)}, {block(receipt_0_fault(2)), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_block_from_another_node_is_not_believed) {
  ScriptedCard card(
      {{block(command_0), block("21000A 01020304050607089000")}, {block(receipt_0_fault(2)), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(no_resynchronisation_that_the_card_asks_for) {
  ScriptedCard card({{block(command_0), block("00C000")}, {block(receipt_0_fault(2)), block(response_0)}});
  BOOST_TEST(T1(card, {}).transceive(command) == response);
}

BOOST_AUTO_TEST_CASE(a_command_is_never_sent_again_on_our_own_account) {
  // Whether the card executed it is not known: a receipt asks for the answer, the command is not repeated.
  ScriptedCard card({{block(command_0), silence()},
                     {block(receipt_0_fault(2)), silence()},
                     {block(receipt_0_fault(2)), silence()},
                     {block("00C000"), block("00E000")}});
  check_fails(Errc::BadCardData, [&] { return T1(card, {}).transceive(command); });
}

namespace {

// Answers every block in the same way and counts.
class Stubborn final : public CardLine {
public:
  explicit Stubborn(Bytes answer) : m_answer(std::move(answer)) {}
  Bytes exchange(ByteView octets, std::size_t, unsigned) override {
    ++m_blocks;
    if (octets[1] == 0xC0) return block("00E000");
    return m_answer;
  }
  [[nodiscard]] int blocks() const noexcept { return m_blocks; }

private:
  Bytes m_answer;
  int m_blocks = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(endless_requests_for_time_come_to_an_end) {
  Stubborn card(block("00C301 01"));
  check_fails(Errc::BadCardData, [&] { return T1(card, {}).transceive(command); });
  BOOST_TEST(card.blocks() < 200); // 5 minutes in steps of 1.6 s
}

BOOST_AUTO_TEST_CASE(endless_changes_of_the_field_size_come_to_an_end) {
  Stubborn card(block("00C101 20"));
  check_fails(Errc::BadCardData, [&] { return T1(card, {}).transceive(command); });
  BOOST_TEST(card.blocks() <= 4097);
}

BOOST_AUTO_TEST_CASE(a_card_that_asks_for_the_same_block_again_and_again_is_given_up) {
  Stubborn card(block("008000"));
  check_fails(Errc::BadCardData, [&] { return T1(card, {}).transceive(command); });
  BOOST_TEST(card.blocks() == 4); // three attempts and the resynchronisation
}

namespace {

// Chains for ever.
class Chaining final : public CardLine {
public:
  explicit Chaining(std::size_t field) : m_field(field) {}
  Bytes exchange(ByteView octets, std::size_t, unsigned) override {
    if (octets[1] == 0xC0) return block("00E000");
    Bytes answer{0x00, static_cast<std::uint8_t>(m_sequence | 0x20), static_cast<std::uint8_t>(m_field)};
    m_sequence ^= 0x40;
    answer.resize(3 + m_field, 0x00);
    std::uint8_t sum = 0;
    for (const std::uint8_t octet : answer) sum = static_cast<std::uint8_t>(sum ^ octet);
    answer.push_back(sum);
    return answer;
  }

private:
  std::size_t m_field;
  unsigned m_sequence = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(endless_chains_come_to_an_end) {
  for (const std::size_t field : {std::size_t{0}, std::size_t{1}, std::size_t{32}}) {
    Chaining card(field);
    check_fails(Errc::BadCardData, [&] { return T1(card, {}).transceive(command); });
  }
}

BOOST_AUTO_TEST_CASE(no_command_and_one_that_is_too_long_are_refused_before_anything_is_sent) {
  ScriptedCard card({});
  T1 session(card, {});
  check_fails(Errc::BadRequest, [&] { return session.transceive({}); });
  check_fails(Errc::BadRequest, [&] { return session.transceive(Bytes(65545)); });
}

BOOST_AUTO_TEST_SUITE_END()
