#include "cli/legacy/hosts_file.hpp"

#include "tests/cli/child_program.hpp"

#include <boost/test/unit_test.hpp>

using namespace twcard::cli;
using namespace twcard::cli::testing;

namespace {

constexpr auto name = "iccert.nhi.gov.tw";

struct Folder {
  PrivateFolder folder;

  [[nodiscard]] HostsFile hosts(const std::string& content) const { return HostsFile(folder.file("hosts", content)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hosts_file, Folder)

BOOST_AUTO_TEST_CASE(the_line_is_added_at_the_end_and_taken_out_again) {
  for (const std::string before : {"", "127.0.0.1 localhost\n", "::1 localhost\n# the end\n"}) {
    const auto file = hosts(before);
    BOOST_TEST((file.add(name) == State::Registered));
    BOOST_TEST(content_of(file.file()) == before + "127.0.0.1 iccert.nhi.gov.tw # twcard\n");
    BOOST_TEST((file.add(name) == State::AlreadyRegistered));
    BOOST_TEST((file.remove(name) == State::Removed));
    BOOST_TEST(content_of(file.file()) == before);
    BOOST_TEST((file.remove(name) == State::NotRegistered));
  }
}

BOOST_AUTO_TEST_CASE(no_file_is_as_good_as_an_empty_one) {
  const HostsFile file(folder.path() / "none");
  BOOST_TEST(!file.has(name));
  BOOST_TEST((file.remove(name) == State::NotRegistered));
  BOOST_TEST(file.command_to_add(name).starts_with("printf '%s\\n'"));
  BOOST_TEST((file.add(name) == State::Registered));
  BOOST_TEST(content_of(file.file()) == "127.0.0.1 iccert.nhi.gov.tw # twcard\n");
}

BOOST_AUTO_TEST_CASE(a_last_line_without_its_end_is_ended_first) {
  const auto file = hosts("127.0.0.1 localhost");
  BOOST_TEST((file.add(name) == State::Registered));
  BOOST_TEST(content_of(file.file()) == "127.0.0.1 localhost\n127.0.0.1 iccert.nhi.gov.tw # twcard\n");
}

BOOST_AUTO_TEST_CASE(a_line_of_somebody_else_is_enough_and_stays) {
  const std::string content = "127.0.0.1\tlocalhost ICCERT.nhi.gov.tw # the vendor's\n10.0.0.1 printer\n";
  const auto file = hosts(content);
  BOOST_TEST((file.add(name) == State::AlreadyRegistered));
  BOOST_TEST((file.remove(name) == State::NotRegistered));
  BOOST_TEST(content_of(file.file()) == content);
}

BOOST_AUTO_TEST_CASE(lines_after_ours_are_kept) {
  const auto file = hosts("127.0.0.1 localhost\n127.0.0.1 iccert.nhi.gov.tw # twcard\n10.0.0.1 printer\n");
  BOOST_TEST((file.remove(name) == State::Removed));
  BOOST_TEST(content_of(file.file()) == "127.0.0.1 localhost\n10.0.0.1 printer\n");
}

BOOST_AUTO_TEST_CASE(a_comment_gives_no_address_and_another_address_is_reported) {
  BOOST_TEST((hosts("# 127.0.0.1 iccert.nhi.gov.tw\n").add(name) == State::Registered));
  BOOST_TEST((hosts("127.0.0.1 x.iccert.nhi.gov.tw\n").add(name) == State::Registered));
  BOOST_CHECK_THROW((void)hosts("192.0.2.7 iccert.nhi.gov.tw\n").add(name), Failure);
}

BOOST_AUTO_TEST_SUITE_END()
