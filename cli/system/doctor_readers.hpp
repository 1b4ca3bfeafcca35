// What `twcard doctor` finds out about readers without the service: what is plugged in, which pcscd driver claims it,
// and whether this user may open it. Reads sysfs and the drivers' Info.plist files; starts nothing and needs no rights.
#pragma once

#include "cli/system/finding.hpp"
#include "driver/base/text.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace twcard::cli {

// Where to look; tests give trees of their own.
struct SystemPlaces {
  std::filesystem::path usb_devices = "/sys/bus/usb/devices";
  std::filesystem::path usb_nodes = "/dev/bus/usb";
  std::filesystem::path drivers = "/usr/lib/pcsc/drivers";
  std::filesystem::path own_program = "/proc/self/exe"; // tells this processor's kind
};

struct PluggedReader {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string name;           // of udev/readers.csv, or what the device calls itself
  std::string usual_driver;   // of udev/readers.csv; libccid for other readers of the CCID class
  bool ccid = false;          // has an interface of the CCID class
  std::filesystem::path node; // the device file that a driver opens
};

// Devices of the table and devices with a CCID interface, in the order of their names in sysfs.
[[nodiscard]] std::vector<PluggedReader> plugged_readers(const SystemPlaces& places);

struct InstalledDriver {
  std::string bundle; // "ifd-ccid.bundle"
  std::vector<std::pair<std::uint16_t, std::uint16_t>> devices;
  bool ccid_class = false; // takes every reader of the CCID class
  bool loadable = false;   // its library is there and made for this processor

  [[nodiscard]] bool claims(const PluggedReader& reader) const;
};

[[nodiscard]] std::vector<InstalledDriver> installed_drivers(const SystemPlaces& places);

enum class ReaderState {
  Ready,
  NoDriver,       // nobody claims it
  SeveralDrivers, // more than one bundle claims it by number: which one pcscd takes is chance
  UnusableDriver, // the bundle that claims it has no library that this processor can run
  NoRights,       // a driver is there; this user may not open the device, and polkit may keep him from pcscd
};

struct ReaderDiagnosis {
  PluggedReader reader;
  ReaderState state = ReaderState::Ready;
  std::vector<std::string> bundles; // that claim it
};

[[nodiscard]] std::vector<ReaderDiagnosis> diagnose_readers(const SystemPlaces& places);

// Its form has `name`, `usb`, `state` and `drivers`. NoRights is no fault: whether pcscd serves the user is polkit's
// decision.
[[nodiscard]] Finding finding_of(const ReaderDiagnosis& diagnosis, Language language);

} // namespace twcard::cli
