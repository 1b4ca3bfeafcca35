// A folder of this user alone (0700) where the service keeps files (0600) between its runs. What it keeps is a help and
// never needed: whatever cannot be read, written or made is logged and otherwise as if nothing were kept.
//
// What is read may have been changed by any program of this user, or by a broken disk: the reader checks it.
// Blocks for the disk. Several threads may use it, each its own files.
#pragma once

#include "driver/base/bytes.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace twcard {

class StoreFolder final {
public:
  // Made when something is written. An empty path keeps nothing.
  explicit StoreFolder(std::filesystem::path path) : m_path(std::move(path)) {}

  struct File {
    std::string name;
    std::size_t size = 0;
    std::filesystem::file_time_type written;
  };
  // Regular files of this user.
  [[nodiscard]] std::vector<File> files() const;
  // nullopt: no such file, or one that is over `limit` octets, of another user, or no regular file.
  [[nodiscard]] std::optional<Bytes> read(const std::string& name, std::size_t limit) const;
  // Replaces the file as a whole: after a crash the old one is there, or the new one. False: the new one is not kept.
  bool write(const std::string& name, ByteView content) const;
  // False: it may still be there.
  bool remove(const std::string& name) const;
  // Renames a damaged file to NAME.damaged, for whoever wants to know.
  void set_aside(const std::string& name) const;

private:
  std::filesystem::path m_path;
};

} // namespace twcard
