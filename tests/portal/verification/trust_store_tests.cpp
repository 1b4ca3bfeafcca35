#include "portal/verification/trust_store.hpp"

#include "tests/portal/verification/refusal_check.hpp"
#include "tests/portal/verification/test_authority.hpp"

#include <fstream>

namespace twcard::portal::test {

namespace {

struct Fixture {
  TestAuthority authority;
  TemporaryFolder folder;
  KeyPair key = rsa_key();
  Time now = std::chrono::system_clock::now();

  void check_leaf(const Leaf& leaf, const List& list = {}) const {
    TrustStore trust(authority.write_to(folder, list));
    (void)trust.check(authority.issue(leaf, key), now);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(trust_store, Fixture)

BOOST_AUTO_TEST_CASE(a_certificate_with_a_chain_to_the_anchor_is_good) {
  TrustStore trust(authority.write_to(folder));
  BOOST_TEST(trust.check(authority.issue({}, key), now).organisation() == "twcard simulator");
}

BOOST_AUTO_TEST_CASE(another_root_of_the_same_name_is_not_trusted) {
  const TestAuthority impostor;
  TrustStore trust(authority.write_to(folder));
  check_refused(Reason::CertificateUntrusted, [&] { (void)trust.check(impostor.issue({}, key), now); });
}

BOOST_AUTO_TEST_CASE(without_the_issuing_authority_there_is_no_chain) {
  auto files = authority.write_to(folder);
  files.issuers.clear();
  TrustStore trust(files);
  check_refused(Reason::CertificateUntrusted, [&] { (void)trust.check(authority.issue({}, key), now); });
}

BOOST_AUTO_TEST_CASE(an_issuing_authority_may_be_the_anchor) {
  auto files = authority.write_to(folder);
  TrustStore trust({files.issuers, {}, files.revocation_lists});
  BOOST_CHECK_NO_THROW((void)trust.check(authority.issue({}, key), now));
}

BOOST_AUTO_TEST_CASE(dates_have_reasons_of_their_own) {
  check_refused(Reason::CertificateExpired, [&] { check_leaf({.starts = -7200, .ends = -60}); });
  check_refused(Reason::CertificateNotYetValid, [&] { check_leaf({.starts = 60}); });
}

BOOST_AUTO_TEST_CASE(a_key_below_112_bits_of_security_is_not_trusted) {
  key = rsa_key(1024);
  check_refused(Reason::CertificateUntrusted, [&] { check_leaf({}); });
}

BOOST_AUTO_TEST_CASE(a_revoked_certificate_is_refused_and_its_neighbour_is_not) {
  check_refused(Reason::CertificateRevoked, [&] { check_leaf({.serial = 100}, {.revoked = 100}); });
  BOOST_CHECK_NO_THROW(check_leaf({.serial = 101}, {.revoked = 100}));
}

BOOST_AUTO_TEST_CASE(without_a_valid_list_nothing_is_known_about_revocation) {
  check_refused(Reason::RevocationUnknown, [&] { check_leaf({}, {.starts = -7200, .ends = -60}); });
  check_refused(Reason::RevocationUnknown, [&] { check_leaf({}, {.starts = 3600}); });
  check_refused(Reason::RevocationUnknown, [&] { check_leaf({}, {.signed_by_another = true}); });
  auto files = authority.write_to(folder);
  files.revocation_lists.clear();
  TrustStore trust(files);
  check_refused(Reason::RevocationUnknown, [&] { (void)trust.check(authority.issue({}, key), now); });
}

BOOST_AUTO_TEST_CASE(a_replaced_list_is_in_force_at_once_and_a_broken_one_changes_nothing) {
  const auto files = authority.write_to(folder);
  const auto& list = files.revocation_lists.front();
  TrustStore trust(files);
  const auto leaf = authority.issue({.serial = 100}, key);
  BOOST_CHECK_NO_THROW((void)trust.check(leaf, now));

  const auto later = [&](int seconds) {
    std::filesystem::last_write_time(list, std::filesystem::last_write_time(list) + std::chrono::seconds(seconds));
  };
  authority.write_list(list, {.revoked = 100});
  later(1);
  check_refused(Reason::CertificateRevoked, [&] { (void)trust.check(leaf, now); });
  std::ofstream(list) << "half a list";
  later(2);
  check_refused(Reason::CertificateRevoked, [&] { (void)trust.check(leaf, now); });
  authority.write_list(list, {});
  later(3);
  BOOST_CHECK_NO_THROW((void)trust.check(leaf, now));
}

BOOST_AUTO_TEST_CASE(files_that_are_missing_or_hold_something_else_are_named) {
  const auto names = [](const std::filesystem::path& file) {
    return [text = file.string()](const std::runtime_error& error) {
      return std::string(error.what()).find(text) != std::string::npos;
    };
  };
  auto files = authority.write_to(folder);
  auto wrong = files;
  wrong.anchors = {folder.file("missing.pem")};
  BOOST_CHECK_EXCEPTION(TrustStore{wrong}, std::runtime_error, names(wrong.anchors[0]));
  wrong.anchors = files.revocation_lists;
  BOOST_CHECK_EXCEPTION(TrustStore{wrong}, std::runtime_error, names(wrong.anchors[0]));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
