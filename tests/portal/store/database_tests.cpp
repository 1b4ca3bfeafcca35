#include "portal/store/database.hpp"

#include "tests/portal/verification/test_authority.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::portal::test {

BOOST_AUTO_TEST_SUITE(database)

BOOST_AUTO_TEST_CASE(a_file_keeps_what_was_written_and_is_for_this_user_only) {
  const TemporaryFolder folder;
  const auto file = folder.file("portal.db");
  Database(file.string()).prepare("INSERT INTO session (key, expires) VALUES (?, ?)").bind(Bytes{1}).bind(7).run();
  Database again(file.string());
  auto query = again.prepare("SELECT expires FROM session");
  BOOST_REQUIRE(query.next());
  BOOST_TEST(query.number(0) == 7);
  using std::filesystem::perms;
  const auto others = std::filesystem::status(file).permissions() & (perms::group_all | perms::others_all);
  BOOST_TEST((others == perms::none));
}

BOOST_AUTO_TEST_CASE(what_sqlite_refuses_is_an_exception) {
  Database database(":memory:");
  BOOST_CHECK_THROW((void)database.prepare("SELECT nothing FROM nowhere"), std::runtime_error);
  const auto insert = [&] {
    database.prepare("INSERT INTO session (key, expires) VALUES (?, ?)").bind(Bytes{1}).bind(7).run();
  };
  insert();
  BOOST_CHECK_THROW(insert(), std::runtime_error);
  BOOST_CHECK_THROW(Database("/nowhere/portal.db"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
