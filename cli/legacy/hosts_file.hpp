// /etc/hosts, and the line in it by which a legacy name means this machine. hosts(5).
#pragma once

#include "cli/system/setup_places.hpp"

namespace twcard::cli {

class HostsFile final {
public:
  explicit HostsFile(std::filesystem::path file = "/etc/hosts") : m_file(std::move(file)) {}

  [[nodiscard]] const std::filesystem::path& file() const noexcept { return m_file; }
  // `127.0.0.1 name # twcard`, without a line break.
  [[nodiscard]] static std::string line_for(std::string_view name);

  // Appends the line, unless a line gives the name a loopback address already. NeedsRights when the file is not ours
  // to write. A Failure when the name has another address.
  [[nodiscard]] State add(std::string_view name) const;
  // Takes away the line that add() appends, and no other.
  [[nodiscard]] State remove(std::string_view name) const;

  // Whether a line gives the name a loopback address.
  [[nodiscard]] bool has(std::string_view name) const;
  // For a shell of somebody who may use sudo: what add() and remove() do.
  [[nodiscard]] std::string command_to_add(std::string_view name) const;
  [[nodiscard]] std::string command_to_remove(std::string_view name) const;

private:
  std::filesystem::path m_file;
};

} // namespace twcard::cli
