// Every row of the tables in docs/dialects/protocol.md, "HiPKI: codes", with the numbers as the description of the
// interface has them.
#include "daemon/web/dialects/hipki/codes.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::web::hipki {

namespace {

struct Row {
  Errc error;
  std::uint32_t ret_code;
  std::uint32_t last_error = 0;
};

constexpr Row rows[] = {
    {Errc::PinIncorrect, 0x76100006, 0xA0},
    {Errc::PinBlocked, 0x76100006, 0xA4},
    {Errc::PinLength, 0x76100006, 0xA2},
    {Errc::PinRequired, 0x76000007},
    {Errc::PinLastTry, 0x76100006, 0x80000001},
    {Errc::Cancelled, 0x76000999},
    {Errc::NoCard, 0x76000006},
    {Errc::CardRemoved, 0x76000006},
    {Errc::CardReset, 0x76100005},
    {Errc::SeveralCards, 0x7600000C},
    {Errc::NoReader, 0x76100003},
    {Errc::NoPcsc, 0x76100001},
    {Errc::UnsupportedCard, 0x7600000E},
    {Errc::BadCardData, 0x7600000D},
    {Errc::CardRefused, 0x7600000D},
    {Errc::ProfileMissing, 0x7600000D},
    {Errc::SignatureMismatch, 0x7600000D},
    {Errc::OriginDenied, 0x76000031},
    {Errc::ConsentDenied, 0x76000999},
    {Errc::PromptUnavailable, 0x7600000D},
    {Errc::SiteUnreachable, 0x7600000D},
    {Errc::SiteFailed, 0x7600000D},
    {Errc::ServiceUnavailable, 0x76100001},
    {Errc::Timeout, 0x7600000D},
    {Errc::BadRequest, 0x7600000C},
    {Errc::Internal, 0x7600000D},
};

std::pair<std::uint32_t, std::uint32_t> numbers(const Error& error, AnswerKind kind) {
  const auto codes = codes_of(error, kind);
  return {static_cast<std::uint32_t>(codes.ret_code), static_cast<std::uint32_t>(codes.last_error)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(hipki_codes)

BOOST_AUTO_TEST_CASE(every_error_has_its_row) {
  BOOST_TEST(std::size(rows) == static_cast<std::size_t>(Errc::Internal) + 1);
  for (const auto& row : rows) BOOST_TEST_CONTEXT(name_of(row.error)) {
      const auto [ret_code, last_error] = numbers(Error(row.error, ""), AnswerKind::Information);
      BOOST_TEST(ret_code == row.ret_code);
      BOOST_TEST(last_error == row.last_error);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_of_the_card_is_reported_by_the_operation) {
  for (const auto error : {Errc::BadCardData, Errc::CardRefused, Errc::SignatureMismatch}) {
    BOOST_TEST(numbers(Error(error, ""), AnswerKind::Sign).first == 0x76300001U);
    BOOST_TEST(numbers(Error(error, ""), AnswerKind::Decrypt).first == 0x76400001U);
  }
}

BOOST_AUTO_TEST_CASE(tries_that_are_left_stand_in_the_last_error) {
  const auto last_error = [](std::optional<int> tries) {
    return numbers(Error(Errc::PinIncorrect, "", tries), AnswerKind::Sign).second;
  };
  BOOST_TEST(last_error(1) == 0x80000001U);
  BOOST_TEST(last_error(2) == 0x80000002U);
  BOOST_TEST(last_error(3) == 0xA0U);
  BOOST_TEST(last_error(std::nullopt) == 0xA0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web::hipki
