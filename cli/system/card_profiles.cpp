#include "cli/system/card_profiles.hpp"

#include "cli/system/files.hpp"
#include "cli/system/person_folders.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <vector>

namespace twcard::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_profile = std::size_t{64} * 1024;

bool is_of_kind(const fs::path& file, std::string_view kind) {
  try {
    const auto content = read_file(file, max_profile);
    boost::system::error_code failure;
    const auto profile = boost::json::parse({reinterpret_cast<const char*>(content.data()), content.size()}, failure);
    if (failure || !profile.is_object()) return false;
    const auto* of = profile.get_object().if_contains("kind");
    return of != nullptr && of->is_string() && std::string_view(of->get_string()) == kind;
  } catch (const Failure&) {
    return false;
  }
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".json") files.push_back(entry->path());
  return files;
}

} // namespace

bool has_card_profile(std::string_view kind) {
  const auto fits = [kind](const auto& file) { return is_of_kind(file, kind); };
  return std::ranges::any_of(files_in("/etc/twcard/profiles.d"), fits) ||
         std::ranges::any_of(files_in(config_folder() / "twcard/profiles.d"), fits);
}

} // namespace twcard::cli
