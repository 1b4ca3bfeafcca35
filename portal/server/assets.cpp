#include "portal/server/assets.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace twcard::portal {
namespace {

std::string_view content_type_of(const std::filesystem::path& file) {
  const auto extension = file.extension();
  if (extension == ".html") return "text/html; charset=utf-8";
  if (extension == ".css") return "text/css; charset=utf-8";
  if (extension == ".js") return "text/javascript; charset=utf-8";
  if (extension == ".svg") return "image/svg+xml";
  return {};
}

std::string address_of(const std::filesystem::path& file) {
  const auto name = file.filename();
  if (name == "index.html") return "/";
  return name.extension() == ".html" ? "/" + name.stem().string() : "/assets/" + name.string();
}

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

} // namespace

Assets::Assets(const std::vector<std::filesystem::path>& folders) {
  for (const auto& folder : folders) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const auto type = content_type_of(entry.path());
      if (type.empty() || !entry.is_regular_file()) continue;
      m_assets[address_of(entry.path())] = {std::string(type), contents(entry.path())};
    }
  }
  if (!find("/")) throw std::runtime_error("no index.html in the folders of the page");
}

const Asset* Assets::find(std::string_view path) const {
  const auto found = m_assets.find(path);
  return found == m_assets.end() ? nullptr : &found->second;
}

} // namespace twcard::portal
