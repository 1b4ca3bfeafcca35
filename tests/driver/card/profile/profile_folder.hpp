// A folder of card profiles that goes away with the test.
#pragma once

#include "driver/card/profile/card_profile.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace twcard::testing {

class ProfileFolder final {
public:
  ProfileFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "twcard-profiles-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    m_path = pattern;
  }
  ~ProfileFolder() { std::filesystem::remove_all(m_path); }
  ProfileFolder(const ProfileFolder&) = delete;
  ProfileFolder& operator=(const ProfileFolder&) = delete;

  void write(const std::string& name, std::string_view text) const { std::ofstream(m_path / name) << text; }
  [[nodiscard]] card::CardProfiles load() const { return card::CardProfiles::load({m_path}); }
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

private:
  std::filesystem::path m_path;
};

} // namespace twcard::testing
