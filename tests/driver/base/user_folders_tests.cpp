#include "driver/base/user_folders.hpp"

#include "tests/support/environment.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard {

using testing::Environment;

namespace {

struct Folder {
  std::filesystem::path (*folder)();
  const char* variable;
  const char* by_home;
};

constexpr Folder folders[] = {{user_config_folder, "XDG_CONFIG_HOME", "/home/someone/.config"},
                              {user_data_folder, "XDG_DATA_HOME", "/home/someone/.local/share"},
                              {user_state_folder, "XDG_STATE_HOME", "/home/someone/.local/state"},
                              {user_cache_folder, "XDG_CACHE_HOME", "/home/someone/.cache"}};

constexpr const char* unusable[] = {nullptr, "", "relative"};

} // namespace

BOOST_AUTO_TEST_SUITE(user_folders)

BOOST_AUTO_TEST_CASE(each_folder_has_its_variable) {
  const Environment home("HOME", "/home/someone");
  for (const auto& [folder, variable, by_home] : folders) {
    const Environment set(variable, "/elsewhere");
    BOOST_TEST(folder() == "/elsewhere", variable);
  }
}

BOOST_AUTO_TEST_CASE(without_a_usable_variable_it_is_below_the_home) {
  const Environment home("HOME", "/home/someone");
  for (const auto& [folder, variable, by_home] : folders)
    for (const char* value : unusable) {
      const Environment set(variable, value);
      BOOST_TEST(folder() == by_home, variable);
    }
}

BOOST_AUTO_TEST_CASE(without_a_usable_home_there_is_none) {
  for (const auto& [folder, variable, by_home] : folders)
    for (const char* value : unusable) {
      const Environment home("HOME", value);
      const Environment set(variable, nullptr);
      BOOST_TEST(folder().empty(), variable);
      BOOST_TEST(twcard_in(folder()).empty(), variable);
    }
}

BOOST_AUTO_TEST_CASE(our_own_part_is_a_folder_in_it) {
  BOOST_TEST(twcard_in("/home/someone/.config") == "/home/someone/.config/twcard");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard
