#include "daemon/web/dialects/nhiicc/codes.hpp"

#include <algorithm>
#include <array>

namespace twcard::web {

namespace {

struct Row {
  Errc error;
  std::string_view step; // empty: whatever the step
  std::string_view reading;
  std::string_view signing;
};

// The first row that fits counts. A refusal by the person looks like no card, so that a site learns nothing from it.
constexpr std::array<Row, 31> rows = {{
    {Errc::NoPcsc, "", "8013", "7001"},
    {Errc::ServiceUnavailable, "", "8013", "7001"},
    {Errc::NoReader, "", "8013", "7002"},
    {Errc::NoCard, "", "8013", "7004"},
    {Errc::UnsupportedCard, "", "8013", "7004"},
    {Errc::SeveralCards, "", "8013", "7004"},
    {Errc::CardReset, "", "8013", "7004"},
    {Errc::ConsentDenied, "", "8013", "7004"},
    {Errc::Cancelled, "", "8013", "7004"},
    {Errc::OriginDenied, "", "8013", "7004"},
    {Errc::PromptUnavailable, "", "8013", "7004"},
    {Errc::CardRemoved, "basic_record", "8011", "7004"},
    {Errc::CardRemoved, "", "8010", "7004"},
    {Errc::CardRefused, "basic_record", "8011", "8006"},
    {Errc::CardRefused, "card_data", "8010", "8006"},
    {Errc::CardRefused, "card_number", "8013", "8001"},
    {Errc::CardRefused, "card_challenge", "8013", "8002"},
    {Errc::CardRefused, "card_answer", "8013", "8006"},
    {Errc::CardRefused, "", "8013", "7004"}, // already the SELECT
    {Errc::BadCardData, "card_data", "8010", "8006"},
    {Errc::BadCardData, "card_number", "8011", "8001"},
    {Errc::BadCardData, "card_challenge", "8011", "8002"},
    {Errc::BadCardData, "", "8011", "8006"},
    {Errc::PinRequired, "", "8011", "8006"},
    {Errc::SiteUnreachable, "", "9876", "4061"},
    {Errc::ProfileMissing, "", "9876", "4061"},
    {Errc::SiteFailed, "health_check", "9876", "8005"},
    {Errc::SiteFailed, "hello", "9876", "8302"},
    {Errc::SiteFailed, "challenge", "9876", "8004"},
    {Errc::SiteFailed, "signature", "9876", "8008"},
    {Errc::SiteFailed, "", "9876", "8005"},
}};

} // namespace

std::string_view nhiicc_code(const Error& error, NhiiccOperation operation) {
  const auto fits = [&error](const Row& row) {
    return row.error == error.code() && (row.step.empty() || row.step == error.step());
  };
  const auto* row = std::find_if(rows.begin(), rows.end(), fits);
  if (row == rows.end()) return nhiicc::unexpected;
  return operation == NhiiccOperation::Reading ? row->reading : row->signing;
}

} // namespace twcard::web
