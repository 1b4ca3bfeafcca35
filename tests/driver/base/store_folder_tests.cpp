// Files that the service keeps between its runs.
#include "driver/base/store_folder.hpp"

#include "tests/support/private_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

namespace twcard::testing {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t limit = 100;

struct Folder {
  PrivateFolder outer;
  fs::path path = outer.path() / "not/yet/there";
  StoreFolder store{path};
  [[nodiscard]] std::string text(const std::string& name) const {
    const auto content = store.read(name, limit);
    return content ? std::string(as_text(*content)) : "(none)";
  }
};

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(store_folder, Folder)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_and_for_this_user_alone) {
  BOOST_TEST(text("a") == "(none)");
  store.write("a", as_bytes("one"));
  store.write("a", as_bytes("two"));
  BOOST_TEST(text("a") == "two");
  BOOST_TEST(mode_of(path) == 0700U);
  BOOST_TEST(mode_of(path / "a") == 0600U);
  BOOST_TEST(store.files().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_may_enter_is_closed_to_them) {
  store.write("a", as_bytes("x"));
  fs::permissions(path, fs::perms(0755));
  BOOST_TEST(text("a") == "x");
  BOOST_TEST(mode_of(path) == 0700U);
}

BOOST_AUTO_TEST_CASE(a_special_or_too_long_file_is_not_read) {
  store.write("a", as_bytes("x"));
  fs::create_symlink(path / "a", path / "link");
  BOOST_TEST(text("link") == "(none)");
  fs::create_directory(path / "folder");
  BOOST_TEST(text("folder") == "(none)");
  BOOST_REQUIRE(::mkfifo((path / "pipe").c_str(), 0600) == 0);
  BOOST_TEST(text("pipe") == "(none)");
  std::ofstream(path / "long") << std::string(limit + 1, 'x');
  BOOST_TEST(text("long") == "(none)");
  std::ofstream(path / "fits") << std::string(limit, 'x');
  BOOST_TEST(text("fits").size() == limit);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_keeps_nothing_and_stops_nobody) {
  std::ofstream(outer.path() / "file") << "x";
  const StoreFolder impossible(outer.path() / "file" / "folder");
  impossible.write("a", as_bytes("x"));
  BOOST_TEST(!impossible.read("a", limit).has_value());
  BOOST_TEST(impossible.files().empty());
  const StoreFolder nowhere{fs::path()};
  nowhere.write("a", as_bytes("x"));
  BOOST_TEST(!nowhere.read("a", limit).has_value());
}

BOOST_AUTO_TEST_CASE(an_interrupted_write_leaves_the_file_as_it_was) {
  store.write("a", as_bytes("whole"));
  std::ofstream(path / ".a.new") << "hal";
  BOOST_TEST(text("a") == "whole");
  store.write("a", as_bytes("next"));
  BOOST_TEST(text("a") == "next");
  BOOST_TEST(!fs::exists(path / ".a.new"));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_kept_aside) {
  store.write("a", as_bytes("x"));
  store.set_aside("a");
  BOOST_TEST(text("a") == "(none)");
  BOOST_TEST(text("a.damaged") == "x");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::testing
