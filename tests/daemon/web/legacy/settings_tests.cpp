#include "daemon/web/legacy/settings.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::web {

namespace {

struct Folder {
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "twcard-settings-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& text, mode_t mode) const {
    const auto file = path / "legacy.json";
    std::ofstream(file) << text;
    BOOST_REQUIRE(::chmod(file.c_str(), mode) == 0);
  }
  std::filesystem::path path;
};

std::string fault_of_file(const Folder& folder) {
  try {
    static_cast<void>(read_legacy_settings(folder.path));
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

constexpr const char* both = R"({"nhiicc": {"origins": ["https://a.example", "https://b.example:8443"]},
  "hipki": {"origins": ["https://c.example", "https://d.example"], "page_pins": ["https://d.example"]}})";

} // namespace

BOOST_AUTO_TEST_SUITE(legacy_settings)

BOOST_AUTO_TEST_CASE(without_a_file_everything_is_off) {
  const Folder folder;
  const auto settings = read_legacy_settings(folder.path);
  BOOST_TEST(!settings.nhiicc);
  BOOST_TEST(!settings.hipki);
  BOOST_TEST(!read_legacy_settings(folder.path / "none").nhiicc);
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_not_believed) {
  const Folder folder;
  folder.write(both, 0600);
  BOOST_TEST(read_legacy_settings(folder.path).nhiicc.has_value());
  for (const mode_t mode : {0620U, 0602U}) {
    folder.write(both, mode);
    BOOST_TEST(fault_of_file(folder) ==
               (folder.path / "legacy.json").string() + ": others may write it (mode 0600 is needed)");
  }
  if (::geteuid() == 0) {
    folder.write(both, 0600);
    BOOST_REQUIRE(::chown((folder.path / "legacy.json").c_str(), 65534, 65534) == 0);
    BOOST_TEST(fault_of_file(folder).ends_with(": belongs to another user"));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_or_too_long_file_is_reported) {
  const Folder folder;
  folder.write(std::string(65537, ' '), 0600);
  BOOST_TEST(fault_of_file(folder).ends_with(": more than 64 KiB"));
  std::filesystem::remove(folder.path / "legacy.json");
  std::filesystem::create_directory(folder.path / "legacy.json");
  BOOST_TEST(fault_of_file(folder).ends_with(": is not a file"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
