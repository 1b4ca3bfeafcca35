// The program twcard-vendor, started for a test, with libraries that the test names.
#pragma once

#include "rpc/client.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>

namespace twcard::vendor {

class Program final {
public:
  // Files go below `folder`; `environment` is added to the test's own. `libraries`: name -> path. `atr` is that of the
  // cards that they are for, in hexadecimal.
  Program(const std::filesystem::path& folder, const std::map<std::string, std::string>& libraries,
          const std::map<std::string, std::string>& environment = {}, int limit = 30, const std::string& atr = "3B00");
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] const std::filesystem::path& socket() const { return m_socket; }
  // Once the program listens.
  [[nodiscard]] rpc::Client connect() const;
  // Blocks until the program has ended: the signal that ended it, 0 for none.
  [[nodiscard]] int ended_by();

private:
  std::filesystem::path m_socket;
  pid_t m_process = -1;
};

} // namespace twcard::vendor
