// Expected values: the NHIICC protocol description, section 1, table of errors, row by row.
#include "daemon/web/dialects/nhiicc/codes.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace twcard::web {

namespace {

struct Situation {
  const char* text;
  Errc error;
  const char* step;
  const char* reading;
  const char* signing;
};

const std::vector<Situation> situations = {
    {"no PC/SC service", Errc::NoPcsc, "", "8013", "7001"},
    {"no reader", Errc::NoReader, "", "8013", "7002"},
    {"no card", Errc::NoCard, "", "8013", "7004"},
    {"another card, or one of T=0", Errc::UnsupportedCard, "", "8013", "7004"},
    {"card held exclusively", Errc::CardReset, "", "8013", "7004"},
    {"SELECT refused", Errc::CardRefused, "", "8013", "7004"},
    {"basic record cannot be read", Errc::CardRefused, "basic_record", "8011", "8006"},
    {"basic record is no record", Errc::BadCardData, "basic_record", "8011", "8006"},
    {"card data cannot be read", Errc::CardRefused, "card_data", "8010", "8006"},
    {"card pulled at the basic record", Errc::CardRemoved, "basic_record", "8011", "7004"},
    {"card pulled at the card data", Errc::CardRemoved, "card_data", "8010", "7004"},
    {"card number refused", Errc::CardRefused, "card_number", "8013", "8001"},
    {"challenge refused", Errc::CardRefused, "card_challenge", "8013", "8002"},
    {"mutual authentication refused", Errc::CardRefused, "card_answer", "8013", "8006"},
    {"6982 to the mutual authentication", Errc::PinRequired, "card_answer", "8011", "8006"},
    {"site unreachable", Errc::SiteUnreachable, "", "9876", "4061"},
    {"no profile, so no site", Errc::ProfileMissing, "", "9876", "4061"},
    {"health check or first hello", Errc::SiteFailed, "health_check", "9876", "8005"},
    {"second hello", Errc::SiteFailed, "hello", "9876", "8302"},
    {"challenge message", Errc::SiteFailed, "challenge", "9876", "8004"},
    {"signature message", Errc::SiteFailed, "signature", "9876", "8008"},
    {"something unexpected", Errc::Internal, "", "9876", "9876"},
    {"a deadline", Errc::Timeout, "", "9876", "9876"},
};

std::string_view code(Errc error, const char* step, NhiiccOperation operation) {
  return nhiicc_code(Error(error, "", std::string(step)), operation);
}

} // namespace

BOOST_AUTO_TEST_SUITE(nhiicc_codes)

BOOST_AUTO_TEST_CASE(each_situation_has_the_code_that_sites_know) {
  for (const auto& row : situations) {
    BOOST_TEST_CONTEXT(row.text) {
      BOOST_TEST(code(row.error, row.step, NhiiccOperation::Reading) == row.reading);
      BOOST_TEST(code(row.error, row.step, NhiiccOperation::Signing) == row.signing);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_refusal_by_the_person_looks_like_no_card) {
  for (const auto refusal : {Errc::ConsentDenied, Errc::Cancelled, Errc::OriginDenied, Errc::PromptUnavailable})
    for (const auto operation : {NhiiccOperation::Reading, NhiiccOperation::Signing})
      BOOST_TEST(code(refusal, "", operation) == code(Errc::NoCard, "", operation));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
