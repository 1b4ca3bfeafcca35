#include "cli/legacy/hosts_file.hpp"

#include "cli/system/files.hpp"
#include "cli/texts/setup.hpp"
#include "driver/base/descriptor.hpp"
#include "rpc/web_origin.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sstream>
#include <unistd.h>

namespace twcard::cli {

namespace {

constexpr std::size_t max_hosts_file = std::size_t{4} * 1024 * 1024;

bool is_loopback(std::string_view address) {
  return address == "127.0.0.1" || address == "::1";
}

// The address that the line gives to the name, or nothing.
std::string address_in(const std::string& line, std::string_view name) {
  std::istringstream words(line.substr(0, line.find('#')));
  std::string address;
  words >> address;
  for (std::string word; words >> word;)
    if (rpc::lower_case(word) == name) return address;
  return {};
}

// As a pattern of sed, in which a dot stands for any character.
std::string with_dots_escaped(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '.') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// In place, since the file may be a mount of its own, and from `offset` on, since what stands before stays. When
// a write fails, the file is truncated to `offset` again.
void write_from(const std::filesystem::path& file, std::size_t offset, std::string_view text) {
  const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!descriptor.is_open()) throw cannot_write(file);
  const auto at = static_cast<off_t>(offset);
  const auto written = ::pwrite(descriptor.get(), text.data(), text.size(), at);
  const bool whole = written == static_cast<ssize_t>(text.size());
  const bool ended = ::ftruncate(descriptor.get(), whole ? at + written : at) == 0;
  if (!whole || !ended) throw cannot_write(file);
}

// None is as good as an empty one.
std::string text_of(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return {};
  return std::string(as_text(read_file(file, max_hosts_file)));
}

bool may_write(const std::filesystem::path& file) {
  std::error_code ignored;
  return ::access((std::filesystem::exists(file, ignored) ? file : file.parent_path()).c_str(), W_OK) == 0;
}

} // namespace

std::string HostsFile::line_for(std::string_view name) {
  return fmt::format("127.0.0.1 {} # twcard", name);
}

State HostsFile::add(std::string_view name) const {
  const auto content = text_of(m_file);
  std::istringstream lines(content);
  for (std::string line; std::getline(lines, line);) {
    const auto address = address_in(line, name);
    if (is_loopback(address)) return State::AlreadyRegistered;
    if (!address.empty()) throw file_error(texts::legacy::other_address, m_file.string(), name);
  }
  if (!may_write(m_file)) return State::NeedsRights;
  const bool open_line = !content.empty() && content.back() != '\n';
  write_from(m_file, content.size(), (open_line ? "\n" : "") + line_for(name) + "\n");
  return State::Registered;
}

bool HostsFile::has(std::string_view name) const {
  std::istringstream lines(text_of(m_file));
  for (std::string line; std::getline(lines, line);)
    if (const auto address = address_in(line, name); !address.empty()) return is_loopback(address);
  return false;
}

std::string HostsFile::command_to_add(std::string_view name) const {
  const auto content = text_of(m_file);
  const bool open_line = !content.empty() && content.back() != '\n';
  return fmt::format("printf '{}%s\\n' '{}' | sudo tee -a {}", open_line ? "\\n" : "", line_for(name), m_file.string());
}

std::string HostsFile::command_to_remove(std::string_view name) const {
  return fmt::format("sudo sed -i '/^{}$/d' {}", with_dots_escaped(line_for(name)), m_file.string());
}

State HostsFile::remove(std::string_view name) const {
  const auto ours = "\n" + line_for(name) + "\n";
  const auto text = "\n" + text_of(m_file);
  const auto found = text.find(ours);
  if (found == std::string::npos) return State::NotRegistered;
  if (!may_write(m_file)) return State::NeedsRights;
  write_from(m_file, found, text.substr(found + ours.size()));
  return State::Removed;
}

} // namespace twcard::cli
