#include "cli/system/nss_databases.hpp"

#include "cli/frame/failure.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/system/other_programs.hpp"
#include "cli/system/person_folders.hpp"
#include "cli/texts/setup.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace twcard::cli {

namespace {

using std::filesystem::path;

constexpr std::size_t max_profiles_file = std::size_t{256} * 1024;
constexpr std::size_t max_module_list = std::size_t{1024} * 1024;

bool is_there(const path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

std::vector<std::string> lines_of(const path& file, std::size_t limit) {
  const auto content = read_file(file, limit);
  std::vector<std::string> lines;
  for (auto rest = as_text(content); !rest.empty();) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
  }
  return lines;
}

// The folders that profiles.ini names: `Path=` of each section, below its own folder unless it is absolute.
std::vector<path> profiles_in(const path& folder) {
  std::vector<path> profiles;
  const auto list = folder / "profiles.ini";
  if (!is_there(list)) return profiles;
  for (const auto& line : lines_of(list, max_profiles_file))
    if (constexpr std::string_view key = "Path="; line.starts_with(key)) {
      auto profile = folder / line.substr(key.size()); // an absolute path replaces the folder
      if (is_there(profile)) profiles.push_back(std::move(profile));
    }
  return profiles;
}

struct Module {
  std::string name;
  std::string library;
};

// From pkcs11.txt, where a module is a paragraph of lines, `library=` before `name=`, without quotes. modutil's own
// list would load every module first.
std::vector<Module> modules_in(const path& database) {
  std::vector<Module> modules;
  const auto list = database / "pkcs11.txt";
  if (!is_there(list)) return modules;
  std::string library;
  for (const auto& line : lines_of(list, max_module_list)) {
    if (line.starts_with("library=")) library = line.substr(line.find('=') + 1);
    if (line.starts_with("name=")) modules.push_back({line.substr(line.find('=') + 1), std::exchange(library, {})});
  }
  return modules;
}

path nss_program(const std::string& name) {
  auto found = find_program(name);
  if (!found) throw Failure(ExitCode::Failed, "not_installed", texts::tool::not_installed, name);
  return std::move(*found);
}

std::string database_word(const path& database) {
  return "sql:" + database.string();
}

void must_succeed(const path& program, const path& database, const std::vector<std::string>& words) {
  const auto ended = run_to_end(program, words);
  if (ended.status == 0) return;
  const auto name = program.filename().string();
  const auto said = escaped(ended.output.substr(0, 400));
  throw file_error(texts::tool::failed, name, database.string(), said);
}

} // namespace

std::vector<NssDatabase> nss_databases() {
  const auto home = home_folder();
  std::vector<NssDatabase> databases;
  const auto chromium_of_old = home / ".pki/nssdb";
  const auto chromium = data_folder() / "pki/nssdb";
  if (is_there(chromium_of_old)) databases.push_back({"Chromium", chromium_of_old});
  if (is_there(chromium) || databases.empty()) databases.push_back({"Chromium", chromium});
  const std::pair<std::string_view, path> mozilla[] = {{"Firefox", home / ".mozilla/firefox"},
                                                       {"Firefox", config_folder() / "mozilla/firefox"},
                                                       {"Thunderbird", home / ".thunderbird"}};
  for (const auto& [program, folder] : mozilla)
    for (auto& profile : profiles_in(folder)) databases.push_back({program, std::move(profile)});
  return databases;
}

Modutil::Modutil() : m_program(nss_program("modutil")) {}

std::optional<std::string> Modutil::library_of(const path& database, const std::string& name) {
  for (const auto& module : modules_in(database))
    if (module.name == name) return module.library;
  return std::nullopt;
}

bool Modutil::has_library(const path& database, std::string_view file) {
  for (const auto& module : modules_in(database))
    if (path(module.library).filename() == file) return true;
  return false;
}

void Modutil::run(const path& database, std::vector<std::string> arguments) const {
  // -force: it would wait for somebody to press Enter, in case a browser is running.
  std::vector<std::string> words{"-force", "-dbdir", database_word(database)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  must_succeed(m_program, database, words);
}

void Modutil::add(const path& database, const std::string& name, const path& library) const {
  if (!is_there(database / "pkcs11.txt")) {
    make_folder(database);
    run(database, {"-create"});
  }
  run(database, {"-add", name, "-libfile", library.string()});
}

void Modutil::remove(const path& database, const std::string& name) const {
  run(database, {"-delete", name});
}

Certutil::Certutil() : m_program(nss_program("certutil")) {}

void Certutil::run(const path& database, std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"-d", database_word(database)});
  must_succeed(m_program, database, arguments);
}

std::optional<std::string> Certutil::certificate(const path& database, const std::string& name) const {
  if (!is_there(database / "cert9.db")) return std::nullopt;
  const auto ended = run_to_end(m_program, {"-L", "-n", name, "-a", "-d", database_word(database)});
  if (ended.status != 0) return std::nullopt;
  std::string pem;
  std::ranges::copy_if(ended.output, std::back_inserter(pem), [](char c) { return c != '\r'; });
  return pem;
}

void Certutil::trust_for_servers(const path& database, const std::string& name, const path& pem_file) const {
  if (!is_there(database / "cert9.db")) {
    make_folder(database);
    run(database, {"-N", "--empty-password"});
  }
  run(database, {"-A", "-n", name, "-t", "C,,", "-i", pem_file.string()});
}

void Certutil::remove(const path& database, const std::string& name) const {
  do run(database, {"-D", "-n", name});
  while (certificate(database, name));
}

} // namespace twcard::cli
