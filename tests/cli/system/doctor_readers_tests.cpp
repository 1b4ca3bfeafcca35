// The findings of `twcard doctor` about readers, in trees that stand for sysfs and the drivers' folder.
#include "cli/system/doctor_readers.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdlib.h>

using namespace twcard::cli;
namespace fs = std::filesystem;

namespace {

class Machine {
public:
  Machine() {
    std::string pattern = (fs::temp_directory_path() / "twcard-doctor.XXXXXX").string();
    m_root = ::mkdtemp(pattern.data());
    places.usb_devices = m_root / "sys";
    places.usb_nodes = m_root / "dev";
    places.drivers = m_root / "drivers";
    fs::create_directories(places.usb_devices);
    fs::create_directories(places.drivers);
  }
  ~Machine() { fs::remove_all(m_root); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void plug_in(const char* port, const char* vendor, const char* product, const char* interface_class, int number) {
    const fs::path device = places.usb_devices / port;
    write(device / "idVendor", vendor);
    write(device / "idProduct", product);
    write(device / "product", "Some Reader");
    write(device / "busnum", "1");
    write(device / "devnum", std::to_string(number));
    write(device / (std::string(port) + ":1.0") / "bInterfaceClass", interface_class);
    write(places.usb_nodes / "001" / ("00" + std::to_string(number)), "");
  }
  void install(const char* bundle, const std::string& plist) {
    write(places.drivers / bundle / "Contents" / "Info.plist",
          "<plist><dict>" + plist + "<key>CFBundleExecutable</key><string>driver.so</string></dict></plist>");
    fs::create_directories(library_of(bundle).parent_path());
    fs::remove(library_of(bundle));
    fs::create_symlink("/proc/self/exe", library_of(bundle));
  }
  fs::path library_of(const char* bundle) const { return places.drivers / bundle / "Contents" / "Linux" / "driver.so"; }
  void take_node_away(int number) { fs::remove(places.usb_nodes / "001" / ("00" + std::to_string(number))); }

  SystemPlaces places;

private:
  static void write(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text << "\n";
  }
  fs::path m_root;
};

std::string single(const char* vendor, const char* product) {
  return std::string("<key>ifdVendorID</key><array><string>") + vendor +
         "</string></array><key>ifdProductID</key><array><string>" + product +
         "</string></array><key>ifdFriendlyName</key><array><string>Reader</string></array>";
}

const std::string ccid_driver = "<key>CFBundleName</key><string>CCIDCLASSDRIVER</string>"
                                "<key>ifdVendorID</key><array><string>0x0CA6</string><string>0x08E6</string></array>"
                                "<key>ifdProductID</key><array><string>0x00A0</string><string>0x3437</string></array>";

} // namespace

BOOST_AUTO_TEST_SUITE(doctor_readers)

BOOST_AUTO_TEST_CASE(without_readers_there_is_nothing_to_say) {
  Machine machine;
  machine.plug_in("1-1", "046d", "c31c", "03", 2); // a keyboard
  BOOST_TEST(diagnose_readers(machine.places).empty());
  machine.places.usb_devices = machine.places.usb_nodes = machine.places.drivers = "/nonexistent";
  BOOST_TEST(diagnose_readers(machine.places).empty());
}

BOOST_AUTO_TEST_CASE(an_ez100pu_with_its_driver_is_ready) {
  Machine machine;
  machine.plug_in("1-1", "0ca6", "0010", "00", 2);
  machine.install("ifd-ez100pu.bundle", single("0x0CA6", "0x0010"));
  const auto found = diagnose_readers(machine.places);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].reader.name == "Castles EZ100PU");
  BOOST_TEST((found[0].state == ReaderState::Ready));
}

BOOST_AUTO_TEST_CASE(a_reader_that_no_bundle_claims_has_no_driver) {
  Machine machine;
  machine.plug_in("1-1", "0ca6", "0010", "00", 2);
  machine.install("ifd-ccid.bundle", ccid_driver);
  const auto found = diagnose_readers(machine.places);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].state == ReaderState::NoDriver));
  BOOST_TEST(found[0].reader.usual_driver == "ifd-ez100pu");
}

BOOST_AUTO_TEST_CASE(an_unknown_reader_of_the_ccid_class_is_libccids) {
  Machine machine;
  machine.plug_in("1-1", "ffff", "0001", "0b", 2);
  machine.install("ifd-ccid.bundle", ccid_driver);
  const auto found = diagnose_readers(machine.places);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST(found[0].reader.name == "Some Reader");
  BOOST_TEST((found[0].state == ReaderState::Ready));
}

BOOST_AUTO_TEST_CASE(the_vendors_old_driver_beside_ours_is_named) {
  Machine machine;
  machine.plug_in("1-1", "0ca6", "0010", "00", 2);
  machine.install("ifd-ez100pu.bundle", single("0x0CA6", "0x0010"));
  machine.install("ezusb.bundle",
                  "<key>ifdVendorID</key><string>0x0CA6</string><key>ifdProductID</key><string>0x0010</string>");
  const auto found = diagnose_readers(machine.places);
  BOOST_REQUIRE(found.size() == 1U);
  BOOST_TEST((found[0].state == ReaderState::SeveralDrivers));
  BOOST_TEST((found[0].bundles == std::vector<std::string>{"ezusb.bundle", "ifd-ez100pu.bundle"}));
}

BOOST_AUTO_TEST_CASE(a_driver_without_a_library_or_for_another_processor_is_unusable) {
  Machine machine;
  machine.plug_in("1-1", "0ca6", "0010", "00", 2);
  machine.install("ezusb.bundle", single("0x0CA6", "0x0010"));
  BOOST_TEST((diagnose_readers(machine.places).at(0).state == ReaderState::Ready));
  fs::remove(machine.library_of("ezusb.bundle"));
  BOOST_TEST((diagnose_readers(machine.places).at(0).state == ReaderState::UnusableDriver));

  std::string header(64, '\0');
  std::ifstream("/proc/self/exe", std::ios::binary).read(header.data(), 64);
  header[18] = static_cast<char>(header[18] ^ 0x40); // e_machine
  std::ofstream(machine.library_of("ezusb.bundle"), std::ios::binary) << header;
  BOOST_TEST((diagnose_readers(machine.places).at(0).state == ReaderState::UnusableDriver));
  std::ofstream(machine.library_of("ezusb.bundle"), std::ios::binary) << "no library";
  BOOST_TEST((diagnose_readers(machine.places).at(0).state == ReaderState::UnusableDriver));
}

BOOST_AUTO_TEST_CASE(a_device_that_cannot_be_opened_is_a_matter_of_rights) {
  Machine machine;
  machine.plug_in("1-1", "0ca6", "0010", "00", 2);
  machine.install("ifd-ez100pu.bundle", single("0x0CA6", "0x0010"));
  machine.take_node_away(2);
  BOOST_TEST((diagnose_readers(machine.places).at(0).state == ReaderState::NoRights));
}

BOOST_AUTO_TEST_CASE(damaged_files_are_survived) {
  Machine machine;
  machine.plug_in("1-1", "0ca6", "0010", "00", 2);
  for (const char* plist : {"<key>ifdVendorID</key>", "<key>ifdVendorID</key><array><string>0x0CA6",
                            "<key>ifdVendorID</key><array><string>zz</string></array><key>ifdProductID</key><string>",
                            "<key>ifdProductID</key><string>0x0010</string>"}) {
    machine.install("ifd-ez100pu.bundle", plist);
    BOOST_TEST((diagnose_readers(machine.places).at(0).state == ReaderState::NoDriver), plist);
  }
}

BOOST_AUTO_TEST_SUITE_END()
