// The profile loader reads files, so the input goes through one, in memory.
#include "driver/card/profile/card_profile.hpp"

#include "fuzz/fuzz.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

class Folder final {
public:
  Folder() { fs::create_directory(m_path); }
  ~Folder() { fs::remove_all(m_path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const fs::path& path() const { return m_path; }

private:
  fs::path m_path = fs::path("/dev/shm") / ("twcard-fuzz-" + std::to_string(::getpid()));
};

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  std::ofstream(folder.path() / "profile.json", std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto profiles = twcard::card::CardProfiles::load({folder.path()});
  twcard::fuzz::require(profiles.hicos.size() + profiles.gpki.size() + profiles.nhi.size() + profiles.faults.size() ==
                        1);
  for (const auto& profile : profiles.hicos)
    for (const auto& key : profile.transport_keys) twcard::fuzz::require(key.size() == 16);
  return 0;
}
