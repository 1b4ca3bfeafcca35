// The page's files, read once at the start: a request chooses among them by name and never reaches the file system.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace twcard::portal {

struct Asset {
  std::string content_type;
  std::string body;
};

class Assets final {
public:
  // Takes the .html, .css, .js and .svg files that lie directly in the folders. Throws std::runtime_error when a folder
  // cannot be read or none has an index.html.
  explicit Assets(const std::vector<std::filesystem::path>& folders);

  // "/" is index.html, "/NAME" NAME.html, "/assets/NAME" every other file. Null when there is none. Valid as long as
  // this object.
  [[nodiscard]] const Asset* find(std::string_view path) const;

private:
  std::map<std::string, Asset, std::less<>> m_assets;
};

} // namespace twcard::portal
