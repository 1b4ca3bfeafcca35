#include "driver/reader/transaction.hpp"

#include "tests/support/has_code.hpp"
#include "tests/support/scripted_channel.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::reader {

using testing::has_code;
using testing::ScriptedChannel;

namespace {

const apdu::CommandApdu command{0x80, 0x84, 0x00, 0x00, {}, 8};

// A channel that cannot begin.
class BusyChannel final : public CardChannel {
public:
  [[nodiscard]] Bytes atr() const override { return {}; }
  void begin() override { throw Error(Errc::CardReset, "busy"); }
  void end(Disposition) noexcept override { ++ended; }
  [[nodiscard]] Bytes transmit(ByteView) override { return {}; }
  int ended = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(transaction)

BOOST_AUTO_TEST_CASE(a_command_goes_out_as_it_is_and_its_answer_comes_back) {
  ScriptedChannel card;
  card.expect("8084000008", "1122334455667788 9000");
  {
    Transaction transaction(card);
    const auto response = transaction.transmit(command);
    BOOST_TEST(to_hex(response.data) == "1122334455667788");
    BOOST_TEST(response.status.ok());
  }
  BOOST_TEST(card.begun == 1);
  BOOST_CHECK(card.ended == std::vector{Disposition::Leave});
}

BOOST_AUTO_TEST_CASE(after_a_pin_the_card_is_reset) {
  ScriptedChannel card;
  {
    Transaction transaction(card);
    transaction.pin_follows();
  }
  BOOST_CHECK(card.ended == std::vector{Disposition::Reset});
}

BOOST_AUTO_TEST_CASE(after_a_pin_the_card_is_reset_even_after_an_exception) {
  ScriptedChannel card;
  card.expect_failure("8084000008", Errc::CardRemoved);
  const auto use = [&card] {
    Transaction transaction(card);
    transaction.pin_follows();
    static_cast<void>(transaction.transmit(command));
  };
  BOOST_CHECK_EXCEPTION(use(), Error, has_code(Errc::CardRemoved));
  BOOST_CHECK(card.ended == std::vector{Disposition::Reset});
}

BOOST_AUTO_TEST_CASE(after_the_deadline_no_command_is_sent) {
  ScriptedChannel card;
  Transaction transaction(card, std::chrono::milliseconds(0));
  BOOST_CHECK_EXCEPTION(static_cast<void>(transaction.transmit(command)), Error, has_code(Errc::Timeout));
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_status_word_is_the_cards_fault) {
  ScriptedChannel card;
  card.expect("8084000008", "90");
  Transaction transaction(card);
  BOOST_CHECK_EXCEPTION(static_cast<void>(transaction.transmit(command)), Error, has_code(Errc::BadCardData));
}

BOOST_AUTO_TEST_CASE(a_transaction_that_did_not_begin_does_not_end) {
  BusyChannel card;
  BOOST_CHECK_EXCEPTION(Transaction{card}, Error, has_code(Errc::CardReset));
  BOOST_TEST(card.ended == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::reader
