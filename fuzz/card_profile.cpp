// The profile loader reads files, so the input goes through one, in memory.
#include "driver/card/card_profile.hpp"

#include "fuzz/fuzz.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace fs = std::filesystem;

namespace {

fs::path folder() {
  const auto path = fs::path("/dev/shm") / ("twcard-fuzz-" + std::to_string(::getpid()));
  fs::create_directory(path);
  return path;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto path = folder();
  std::ofstream(path / "profile.json", std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto profiles = twcard::card::CardProfiles::load({path});
  twcard::fuzz::require(profiles.hicos.size() + profiles.faults.size() == 1);
  for (const auto& profile : profiles.hicos)
    for (const auto& key : profile.transport_keys) twcard::fuzz::require(key.size() == 16);
  return 0;
}
