#include "daemon/web/legacy/certificate_end.hpp"

#include "tests/cli/test_certificates.hpp"
#include "tests/daemon/web/test_identity.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace twcard::web {

namespace {

constexpr std::time_t day = 24L * 60 * 60;

bool says(const std::optional<std::string>& warning, std::string_view part) {
  return warning && warning->find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_end)

BOOST_AUTO_TEST_CASE(from_thirty_days_before_its_end_on_a_certificate_is_warned_of) {
  const TestIdentity identity; // ends in an hour
  const auto file = identity.files().certificate;
  const auto now = std::time(nullptr);
  BOOST_TEST(!warning_of_end(file, now - 30 * day));
  BOOST_TEST(
      says(warning_of_end(file, now - 30 * day + 2 * 3600), ", in 29 days; `twcard setup legacy nhiicc` renews it"));
  BOOST_TEST(says(warning_of_end(file, now), ", in 0 days"));
  BOOST_TEST(says(warning_of_end(file, now + day), " ended on "));
}

BOOST_AUTO_TEST_CASE(the_first_certificate_of_the_chain_counts) {
  const TestIdentity folder;
  const auto file = folder.files().certificate;
  const cli::testing::TestIdentity long_one({"long", "critical,digitalSignature", false, 365});
  const cli::testing::TestIdentity short_one({"short", "critical,digitalSignature", false, 10});
  const auto now = std::time(nullptr);
  std::ofstream(file) << long_one.pem() << short_one.pem();
  BOOST_TEST(!warning_of_end(file, now));
  std::ofstream(file) << short_one.pem() << long_one.pem();
  BOOST_TEST(says(warning_of_end(file, now), " ends on "));
}

BOOST_AUTO_TEST_CASE(a_file_without_a_certificate_says_nothing) {
  const TestIdentity identity;
  BOOST_TEST(!warning_of_end(identity.files().key, 0));
  BOOST_TEST(!warning_of_end("/nonexistent", 0));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
