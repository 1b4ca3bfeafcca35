#include "daemon/web/legacy/settings.hpp"

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace twcard::web {

namespace {

// What is wrong with the text; empty when nothing is.
std::string fault_of(const std::string& text) {
  try {
    static_cast<void>(parse_legacy_settings(text));
    return {};
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::BadRequest));
    return error.what();
  }
}

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

BOOST_AUTO_TEST_CASE(the_dialects_that_are_named_are_on_for_the_sites_that_are_named) {
  const auto settings = parse_legacy_settings(both);
  BOOST_TEST((settings.nhiicc->origins == std::set<std::string>{"https://a.example", "https://b.example:8443"}));
  BOOST_TEST((settings.hipki->origins == std::set<std::string>{"https://c.example", "https://d.example"}));
  BOOST_TEST((settings.hipki->page_pins == std::set<std::string>{"https://d.example"}));
  const auto one = parse_legacy_settings(R"({"hipki": {"origins": ["https://c.example"]}})");
  BOOST_TEST(!one.nhiicc);
  BOOST_TEST(one.hipki->page_pins.empty());
  BOOST_TEST(!parse_legacy_settings("{}").nhiicc);
}

BOOST_AUTO_TEST_CASE(a_wrong_member_is_named_with_what_is_wrong) {
  for (const auto& [text, fault] : std::vector<std::pair<std::string, std::string>>{
           {"", "not an object in JSON"},
           {"[]", "not an object in JSON"},
           {R"({"nhiicc": )", "not an object in JSON"},
           {R"({"NHIICC": {}})", "NHIICC: unknown member"},
           {R"({"nhiicc": []})", "nhiicc: nhiicc: an object is required"},
           {R"({"nhiicc": {}})", "nhiicc: origins: missing"},
           {R"({"nhiicc": {"origins": []}})", "nhiicc: origins: empty"},
           {R"({"nhiicc": {"origins": "https://a.example"}})", "nhiicc: origins: an array is required"},
           {R"({"nhiicc": {"origins": [1]}})", "nhiicc: origins: text is required"},
           {R"({"nhiicc": {"origins": ["*"]}})", "nhiicc: origins: \"*\" is not an origin like https://page.example"},
           {R"({"nhiicc": {"origins": ["https://a.example"], "page_pins": ["https://a.example"]}})",
            "nhiicc: page_pins: unknown member"},
           {R"({"hipki": {"origins": ["https://a.example"], "page_pins": ["https://b.example"]}})",
            "hipki: page_pins: https://b.example is not one of the origins"},
           {R"({"hipki": {"origins": ["https://a.example"], "pins": true}})", "hipki: pins: unknown member"}})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(fault_of(text) == fault);
}

BOOST_AUTO_TEST_CASE(only_https_origins_as_a_browser_writes_them_are_taken) {
  for (const char* origin : {"http://a.example", "https://a.example/", "https://A.example", "https://a.example:443",
                             "https://*.example", "null", "https://user@a.example", "a.example", ""})
    BOOST_TEST_CONTEXT(origin)
  BOOST_TEST(
      fault_of(R"({"nhiicc": {"origins": [")" + std::string(origin) + R"("]}})").starts_with("nhiicc: origins: "));
}

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

BOOST_AUTO_TEST_CASE(a_file_that_is_too_long_or_no_file_at_all_is_told) {
  const Folder folder;
  folder.write(std::string(65537, ' '), 0600);
  BOOST_TEST(fault_of_file(folder).ends_with(": more than 64 KiB"));
  std::filesystem::remove(folder.path / "legacy.json");
  std::filesystem::create_directory(folder.path / "legacy.json");
  BOOST_TEST(fault_of_file(folder).ends_with(": is not a file"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
