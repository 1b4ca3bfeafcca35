// Files that change, come and go, in folders that do the same. With the system's inotify.
#include "daemon/web/legacy/file_watch.hpp"

#include "tests/rpc/scripted_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

namespace twcard::web {

namespace {

namespace fs = std::filesystem;

struct Watched {
  rpc::testing::PrivateFolder home;
  fs::path folder = home.path() / "config/twcard";
  boost::asio::io_context context;
  int calls = 0;
  FileWatch watch{context.get_executor(), {folder / "legacy.json", folder / "legacy/key.pem"}, [this] { ++calls; }};

  Watched() { context.poll(); }

  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::trunc) << text;
  }
  // False after 10 s.
  bool called(int times) {
    while (calls < times)
      if (context.run_one_for(std::chrono::seconds(10)) == 0) return false;
    return calls == times;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_watch, Watched)

BOOST_AUTO_TEST_CASE(files_that_come_change_and_go_are_noticed_also_in_later_folders) {
  write(folder / "legacy.json", "1");
  BOOST_TEST(called(1));
  write(folder / "legacy/key.pem", "1");
  BOOST_TEST(called(2));
  write(folder / "legacy.json", "two");
  BOOST_TEST(called(3));
  fs::permissions(folder / "legacy/key.pem", fs::perms(0600));
  BOOST_TEST(called(4));
  write(folder / ".new", "three");
  fs::rename(folder / ".new", folder / "legacy.json");
  BOOST_TEST(called(5));
  fs::remove_all(home.path() / "config");
  BOOST_TEST(called(6));
  write(folder / "legacy.json", "again");
  BOOST_TEST(called(7));
}

BOOST_AUTO_TEST_CASE(simultaneous_writes_are_reported_once_and_other_files_never) {
  write(folder / "legacy.json", "1");
  write(folder / "legacy/key.pem", "1");
  BOOST_TEST(called(1));
  write(folder / "another.json", "1");
  fs::create_directory(home.path() / "another");
  write(folder / "legacy.json", "now it is this");
  BOOST_TEST(called(2));
}

BOOST_AUTO_TEST_CASE(a_change_before_the_first_turn_is_reported) {
  int told = 0;
  write(folder / "legacy.json", "1");
  const FileWatch early(context.get_executor(), {folder / "legacy.json"}, [&told] { ++told; });
  write(folder / "legacy.json", "other");
  while (told == 0) BOOST_REQUIRE(context.run_one_for(std::chrono::seconds(10)) == 1U);
}

BOOST_AUTO_TEST_CASE(after_stop_nothing_is_left_to_run) {
  write(folder / "legacy.json", "1");
  watch.stop();
  context.run();
  BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
