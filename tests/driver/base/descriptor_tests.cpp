#include "driver/base/descriptor.hpp"

#include "tests/support/private_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace twcard {

namespace {

bool is_open_descriptor(int number) {
  return ::fcntl(number, F_GETFD) >= 0;
}

Descriptor opened() {
  return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

} // namespace

BOOST_AUTO_TEST_SUITE(descriptor)

BOOST_AUTO_TEST_CASE(it_is_closed_with_its_owner_and_only_then) {
  int number = -1;
  {
    auto first = opened();
    number = first.get();
    const auto second = std::move(first);
    BOOST_TEST(!first.is_open()); // NOLINT(bugprone-use-after-move): what a move leaves is promised
    BOOST_TEST(second.get() == number);
    BOOST_TEST(is_open_descriptor(number));
  }
  BOOST_TEST(!is_open_descriptor(number));
}

BOOST_AUTO_TEST_CASE(assignment_closes_what_was_held_before) {
  auto held = opened();
  const int before = held.get();
  auto next = opened();
  const int after = next.get();
  held = std::move(next);
  BOOST_TEST(!is_open_descriptor(before));
  BOOST_TEST(held.get() == after);
}

BOOST_AUTO_TEST_CASE(a_released_one_stays_open) {
  const int number = opened().release();
  BOOST_TEST(is_open_descriptor(number));
  ::close(number);
}

BOOST_AUTO_TEST_CASE(closing_leaves_the_reason_of_a_failure) {
  auto held = opened();
  errno = ENOENT;
  held.reset();
  BOOST_TEST(errno == ENOENT);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lock_file)

BOOST_AUTO_TEST_CASE(it_is_for_this_user_alone_and_held_until_it_is_closed) {
  const testing::PrivateFolder folder;
  const auto file = folder.path() / "lock";
  auto lock = hold_lock_file(file);
  BOOST_REQUIRE(lock.is_open());
  struct stat status {};
  BOOST_REQUIRE(::stat(file.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 07777) == 0600U);

  const Descriptor other(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  BOOST_TEST(::flock(other.get(), LOCK_EX | LOCK_NB) != 0);
  lock.reset();
  BOOST_TEST(::flock(other.get(), LOCK_EX | LOCK_NB) == 0);
}

BOOST_AUTO_TEST_CASE(a_link_is_not_followed) {
  const testing::PrivateFolder folder;
  std::filesystem::create_symlink(folder.path() / "elsewhere", folder.path() / "lock");
  BOOST_TEST(!hold_lock_file(folder.path() / "lock").is_open());
  BOOST_TEST(errno == ELOOP);
  BOOST_TEST(!std::filesystem::exists(folder.path() / "elsewhere"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
