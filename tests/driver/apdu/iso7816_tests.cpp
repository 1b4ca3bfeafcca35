#include "driver/apdu/iso7816.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::apdu {

using testing::has_code;

BOOST_AUTO_TEST_SUITE(iso7816)

BOOST_AUTO_TEST_CASE(commands_are_encoded_as_the_cards_documents_write_them) {
  BOOST_TEST(to_hex(select_file(0x80, 0x3F00).encode()) == "80A40000023F00");
  BOOST_TEST(to_hex(select_application(0x00, *from_hex("D1580000010000000000000000001100")).encode()) ==
             "00A4040010D1580000010000000000000000001100");
  BOOST_TEST(to_hex(read_binary(0x80, 0x0E00, 200).encode()) == "80B00E00C8");
  BOOST_TEST(to_hex(read_record(0x80, 3, 129).encode()) == "80B2030081");
  BOOST_TEST(to_hex(get_challenge(0x80, 8).encode()) == "8084000008");
  BOOST_TEST(to_hex(get_response(0x00, 256).encode()) == "00C0000000");
}

BOOST_AUTO_TEST_CASE(an_offset_that_would_mean_another_form_of_read_binary_is_refused) {
  BOOST_TEST(to_hex(read_binary(0x80, 0x7FFF, 1).encode()) == "80B07FFF01");
  BOOST_CHECK_EXCEPTION(static_cast<void>(read_binary(0x80, 0x8000, 1)), Error, has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(status_words_of_a_verification_have_their_meanings) {
  const auto wrong = verify_error_of(StatusWord(0x63C2));
  BOOST_CHECK(wrong.code() == Errc::PinIncorrect);
  BOOST_CHECK(wrong.tries_left() == 2);
  BOOST_CHECK(verify_error_of(StatusWord(0x63C0)).code() == Errc::PinBlocked);
  BOOST_CHECK(verify_error_of(StatusWord(0x6983)).code() == Errc::PinBlocked);
  BOOST_CHECK(verify_error_of(StatusWord(0x6700)).code() == Errc::PinLength);
  for (const auto other : {StatusWord(0x6982), StatusWord(0x6988), StatusWord(0x6A88), StatusWord(0x6CC8),
                           StatusWord(0x6108), StatusWord(0x0000), StatusWord(0x6300)})
    BOOST_CHECK(verify_error_of(other).code() == Errc::CardRefused);
}

BOOST_AUTO_TEST_CASE(a_refusal_names_what_was_done_and_the_status_word) {
  BOOST_CHECK(error_of(StatusWord(0x6982), "signing").code() == Errc::PinRequired);
  BOOST_CHECK(error_of(StatusWord(0x6983), "signing").code() == Errc::PinBlocked);
  const auto refused = error_of(StatusWord(0x6A82), "selecting file 5030");
  BOOST_CHECK(refused.code() == Errc::CardRefused);
  BOOST_TEST(refused.what() == "selecting file 5030: the card answered 6A82");
  // Only VERIFY knows tries: elsewhere 63Cn is a refusal like any other.
  BOOST_CHECK(error_of(StatusWord(0x63C1), "reading").code() == Errc::CardRefused);
}

BOOST_AUTO_TEST_CASE(only_9000_is_ok) {
  BOOST_CHECK_NO_THROW(expect_ok({{}, StatusWord(0x9000)}, "reading"));
  BOOST_CHECK_EXCEPTION(expect_ok({{}, StatusWord(0x6282)}, "reading"), Error, has_code(Errc::CardRefused));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::apdu
