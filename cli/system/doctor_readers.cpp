#include "cli/system/doctor_readers.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/texts/doctor.hpp"
#include "cli/texts/named.hpp"
#include "udev/known_readers.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace twcard::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view ccid_interface = "0b";

// No file that is read here is longer.
constexpr std::size_t longest_file = 1 << 20;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (text.size() > longest_file) text.clear();
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    paths.push_back(entry->path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool has_ccid_interface(const fs::path& device) {
  const auto interfaces = entries(device);
  return std::any_of(interfaces.begin(), interfaces.end(), [](const fs::path& interface) {
    return content(interface / "bInterfaceClass") == ccid_interface;
  });
}

// The <string> elements after a key of a property list, of its array or its single value.
std::vector<std::string_view> strings_of(std::string_view plist, std::string_view key) {
  const auto at = plist.find(fmt::format("<key>{}</key>", key));
  if (at == std::string_view::npos) return {};
  plist.remove_prefix(at);
  const auto array = plist.find("<array>");
  const auto first = plist.find("<string>");
  plist = plist.substr(0, array < first ? plist.find("</array>") : plist.find("</string>"));
  std::vector<std::string_view> strings;
  for (auto begin = plist.find("<string>"); begin != std::string_view::npos; begin = plist.find("<string>", begin)) {
    begin += std::string_view("<string>").size();
    strings.push_back(plist.substr(begin, plist.find("</string>", begin) - begin));
  }
  return strings;
}

// Word size, byte order and processor of an ELF file; empty for any other file. System V ABI, chapter 4.
std::string processor_of(const fs::path& file) {
  constexpr std::string_view magic("\x7F"
                                   "ELF");
  std::string header(20, '\0');
  std::ifstream in(file, std::ios::binary);
  if (!in.read(header.data(), static_cast<std::streamsize>(header.size())) || !header.starts_with(magic)) return {};
  return header.substr(4, 2) + header.substr(18, 2);
}

bool library_runs_here(const fs::path& bundle, std::string_view plist, const SystemPlaces& places) {
  const auto names = strings_of(plist, "CFBundleExecutable");
  if (names.empty()) return false;
  const std::string processor = processor_of(bundle / "Contents" / "Linux" / names.front());
  return !processor.empty() && processor == processor_of(places.own_program);
}

texts::Named words_of(ReaderState state) {
  switch (state) {
  case ReaderState::Ready: return {"ready", texts::doctor::ready};
  case ReaderState::NoDriver: return {"no_driver", texts::doctor::no_driver};
  case ReaderState::SeveralDrivers: return {"several_drivers", texts::doctor::several_drivers};
  case ReaderState::UnusableDriver: return {"unusable_driver", texts::doctor::unusable_driver};
  case ReaderState::NoRights: return {"no_rights", texts::doctor::no_rights};
  }
  return {};
}

std::string install_advice(std::string_view driver, Language language) {
  if (driver == "ifd-ez100pu") return std::string(texts::doctor::install_own_driver.in(language));
  return fmt::format("sudo apt install {}", driver == "libacsccid" ? "libacsccid1" : "libccid");
}

std::string advice_for(const ReaderDiagnosis& diagnosis, Language language) {
  const auto& usual = diagnosis.reader.usual_driver;
  switch (diagnosis.state) {
  case ReaderState::Ready: return {};
  case ReaderState::NoDriver: return install_advice(usual, language);
  case ReaderState::SeveralDrivers:
    return texts::doctor::keep_one_driver.in(language, fmt::format("{}", fmt::join(diagnosis.bundles, ", ")));
  case ReaderState::UnusableDriver:
    return texts::doctor::replace_driver.in(language, diagnosis.bundles.front(), install_advice(usual, language));
  case ReaderState::NoRights: return std::string(texts::doctor::get_rights.in(language));
  }
  return {};
}

} // namespace

std::vector<PluggedReader> plugged_readers(const SystemPlaces& places) {
  std::vector<PluggedReader> readers;
  for (const fs::path& device : entries(places.usb_devices)) {
    const auto vendor = number<std::uint16_t>(content(device / "idVendor"), 16);
    const auto product = number<std::uint16_t>(content(device / "idProduct"), 16);
    if (!vendor || !product) continue;
    const auto known = std::find_if(readers::known_readers.begin(), readers::known_readers.end(),
                                    [&](const auto& one) { return one.vendor == *vendor && one.product == *product; });
    const bool in_table = known != readers::known_readers.end();
    const bool ccid = has_ccid_interface(device);
    if (!in_table && !ccid) continue;
    const auto bus = number<unsigned>(content(device / "busnum"), 10).value_or(0);
    const auto place = number<unsigned>(content(device / "devnum"), 10).value_or(0);
    readers.push_back({.vendor = *vendor,
                       .product = *product,
                       .name = in_table ? std::string(known->name) : content(device / "product"),
                       .usual_driver = in_table ? std::string(known->driver) : "libccid",
                       .ccid = ccid,
                       .node = places.usb_nodes / fmt::format("{:03}", bus) / fmt::format("{:03}", place)});
  }
  return readers;
}

bool InstalledDriver::claims(const PluggedReader& reader) const {
  const auto wanted = std::pair(reader.vendor, reader.product);
  return (ccid_class && reader.ccid) || std::find(devices.begin(), devices.end(), wanted) != devices.end();
}

std::vector<InstalledDriver> installed_drivers(const SystemPlaces& places) {
  std::vector<InstalledDriver> drivers;
  for (const fs::path& bundle : entries(places.drivers)) {
    const std::string plist = content(bundle / "Contents" / "Info.plist");
    if (bundle.extension() != ".bundle" || plist.empty()) continue;
    InstalledDriver driver{.bundle = bundle.filename().string(), .devices = {}};
    const auto vendors = strings_of(plist, "ifdVendorID");
    const auto products = strings_of(plist, "ifdProductID");
    for (std::size_t index = 0; index < std::min(vendors.size(), products.size()); ++index) {
      const auto vendor = number<std::uint16_t>(vendors[index], 16);
      const auto product = number<std::uint16_t>(products[index], 16);
      if (vendor && product) driver.devices.emplace_back(*vendor, *product);
    }
    const auto names = strings_of(plist, "CFBundleName");
    driver.ccid_class = !names.empty() && names.front() == "CCIDCLASSDRIVER";
    driver.loadable = library_runs_here(bundle, plist, places);
    drivers.push_back(std::move(driver));
  }
  return drivers;
}

std::vector<ReaderDiagnosis> diagnose_readers(const SystemPlaces& places) {
  const auto drivers = installed_drivers(places);
  std::vector<ReaderDiagnosis> diagnoses;
  for (PluggedReader& reader : plugged_readers(places)) {
    ReaderDiagnosis diagnosis{.reader = std::move(reader), .state = ReaderState::Ready, .bundles = {}};
    bool loadable = false;
    for (const InstalledDriver& driver : drivers) {
      if (!driver.claims(diagnosis.reader)) continue;
      diagnosis.bundles.push_back(driver.bundle);
      loadable = loadable || driver.loadable;
    }
    if (diagnosis.bundles.empty())
      diagnosis.state = ReaderState::NoDriver;
    else if (diagnosis.bundles.size() > 1)
      diagnosis.state = ReaderState::SeveralDrivers;
    else if (!loadable)
      diagnosis.state = ReaderState::UnusableDriver;
    else if (::access(diagnosis.reader.node.c_str(), R_OK | W_OK) != 0)
      diagnosis.state = ReaderState::NoRights;
    diagnoses.push_back(std::move(diagnosis));
  }
  return diagnoses;
}

Finding finding_of(const ReaderDiagnosis& diagnosis, Language language) {
  const auto& reader = diagnosis.reader;
  const auto usb = fmt::format("{:04x}:{:04x}", reader.vendor, reader.product);
  const auto& [code, text] = words_of(diagnosis.state);
  const bool usable = diagnosis.state == ReaderState::Ready || diagnosis.state == ReaderState::NoRights;
  return {usable ? Finding::Level::Fine : Finding::Level::Fault,
          fmt::format("{} ({})", escaped(reader.name), usb),
          std::string(text.in(language)),
          advice_for(diagnosis, language),
          {{"name", reader.name},
           {"usb", usb},
           {"state", code},
           {"drivers", boost::json::array(diagnosis.bundles.begin(), diagnosis.bundles.end())}}};
}

} // namespace twcard::cli
