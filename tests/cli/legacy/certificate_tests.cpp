// What independent programs, OpenSSL's and NSS's, make of the certificate.
#include "cli/legacy/certificate.hpp"

#include "tests/cli/child_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace twcard::cli;
using namespace twcard::cli::testing;

namespace {

struct Folder {
  PrivateFolder folder;

  [[nodiscard]] Outcome run(const std::string& program, const std::vector<std::string>& arguments) const {
    return ChildProgram("/usr/bin/" + program, arguments, {{"HOME", folder.path().string()}}).finish();
  }

  [[nodiscard]] Outcome openssl_verify(const LegacyCertificate& made, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"verify", "-CAfile", folder.file("ca.pem", made.authority), "-purpose",
                                     "sslserver", "-x509_strict"});
    options.push_back(folder.file("chain.pem", made.chain));
    return run("openssl", options);
  }

  // certutil -V for a TLS server, with the authority trusted as `twcard setup legacy` has it.
  [[nodiscard]] Outcome nss_verify(const LegacyCertificate& made) const {
    const auto database = "sql:" + folder.path().string();
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"-N", "--empty-password"},
             {"-A", "-n", "ca", "-t", "C,,", "-i", folder.file("ca.pem", made.authority)},
             {"-A", "-n", "leaf", "-t", ",,", "-i", folder.file("leaf.pem", made.chain)}}) {
      auto command = words;
      command.insert(command.end(), {"-d", database});
      BOOST_TEST(run("certutil", command).exit_code == 0);
    }
    return run("certutil", {"-V", "-n", "leaf", "-u", "V", "-d", database});
  }
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

const std::time_t now = std::time(nullptr);
constexpr std::time_t day = 24L * 60 * 60;

} // namespace

BOOST_FIXTURE_TEST_SUITE(legacy_certificate, Folder)

BOOST_AUTO_TEST_CASE(openssl_and_nss_take_it_for_exactly_its_names) {
  const auto made = issue_legacy_certificate(now);
  for (const auto* host : {"localhost", "iccert.nhi.gov.tw"})
    BOOST_TEST(openssl_verify(made, {"-verify_hostname", host}).exit_code == 0, host);
  for (const auto* address : {"127.0.0.1", "::1"})
    BOOST_TEST(openssl_verify(made, {"-verify_ip", address}).exit_code == 0, address);
  BOOST_TEST(openssl_verify(made, {"-verify_hostname", "page.test"}).exit_code != 0);
  const auto nss = nss_verify(made);
  BOOST_TEST(nss.exit_code == 0, nss.out << nss.err);
}

BOOST_AUTO_TEST_CASE(the_authority_cannot_issue_for_another_name) {
  for (const auto* names : {"DNS:page.test", "DNS:localhost,DNS:page.test", "IP:127.0.0.2", "IP:::2"}) {
    const auto made = issue_legacy_certificate(now, names);
    const auto verdict = openssl_verify(made);
    BOOST_TEST(contains(verdict.err, "permitted subtree violation"), names << ": " << verdict.err);
  }
  const auto nss = nss_verify(issue_legacy_certificate(now, "DNS:localhost,DNS:page.test"));
  BOOST_TEST(nss.exit_code != 0);
  BOOST_TEST(contains(nss.out + nss.err, "not permitted to issue a certificate with this name"));
}

BOOST_AUTO_TEST_CASE(what_the_authority_may_do_is_written_in_it_as_critical) {
  const auto made = issue_legacy_certificate(now);
  const auto text = run("openssl", {"x509", "-in", folder.file("ca.pem", made.authority), "-noout", "-text"}).out;
  BOOST_TEST(contains(text, "X509v3 Name Constraints: critical"));
  BOOST_TEST(contains(text, "CA:TRUE, pathlen:0"));
  BOOST_TEST(contains(text, "X509v3 Key Usage: critical\n                Certificate Sign\n"));
  BOOST_TEST(contains(text, "NIST CURVE: P-256"));
}

BOOST_AUTO_TEST_CASE(it_lasts_less_than_the_398_days_that_browsers_take) {
  const auto made = issue_legacy_certificate(now);
  const auto at = [&](std::time_t time) {
    return openssl_verify(made, {"-attime", std::to_string(time)}).exit_code == 0;
  };
  BOOST_TEST(at(now));
  BOOST_TEST(at(now + 395 * day));
  BOOST_TEST(!at(now + 397 * day));
}

BOOST_AUTO_TEST_CASE(it_is_usable_until_thirty_days_before_its_end) {
  const auto made = issue_legacy_certificate(now);
  BOOST_TEST(is_usable(made, now));
  BOOST_TEST(is_usable(made, now + 365 * day));
  BOOST_TEST(!is_usable(made, now + 367 * day));
}

BOOST_AUTO_TEST_CASE(its_end_is_reported_also_when_it_is_past) {
  const auto begun = now - 1000 * day;
  const auto end = end_of(issue_legacy_certificate(begun));
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(*end == begun + 396 * day); // 397 days, one of them before it was made
  const auto other = issue_legacy_certificate(now);
  auto mixed = issue_legacy_certificate(now);
  mixed.key = other.key;
  BOOST_TEST(!end_of(mixed).has_value());
  BOOST_TEST(!end_of({}).has_value());
}

BOOST_AUTO_TEST_CASE(parts_that_do_not_belong_together_are_not_usable) {
  const auto one = issue_legacy_certificate(now);
  const auto other = issue_legacy_certificate(now);
  BOOST_TEST(!is_usable({one.chain, one.authority, other.key}, now));
  BOOST_TEST(!is_usable({one.chain, other.authority, one.key}, now));
  BOOST_TEST(!is_usable({one.authority + one.authority, one.authority, one.key}, now));
  BOOST_TEST(!is_usable({one.chain, "", one.key}, now));
  BOOST_TEST(!is_usable({one.chain, one.authority, "nothing"}, now));
  BOOST_TEST(!is_usable(issue_legacy_certificate(now, "DNS:localhost"), now));
}

BOOST_AUTO_TEST_SUITE_END()
