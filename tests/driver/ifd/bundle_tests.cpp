// The bundle as pcscd loads it: what it exports, what its Info.plist says, and entry points that are called wrongly.
#include <boost/test/unit_test.hpp>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <string>

extern "C" {
#include <ifdhandler.h>
#include <reader.h>
}

namespace {

const std::string bundle = TWCARD_IFD_BUNDLE;

class Library {
public:
  Library() : m_handle(::dlopen((bundle + "/Contents/Linux/libtwcard-ifd-ez100pu.so").c_str(), RTLD_NOW | RTLD_LOCAL)) {
    BOOST_REQUIRE_MESSAGE(m_handle != nullptr, ::dlerror());
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  template <typename Function>
  Function* find(const char* name) const {
    return reinterpret_cast<Function*>(::dlsym(m_handle, name));
  }

private:
  void* m_handle; // stays loaded: libraries that libusb has loaded do not like to go
};

constexpr DWORD nobody = 0x70000;

} // namespace

BOOST_AUTO_TEST_SUITE(bundle_of_the_driver)

BOOST_AUTO_TEST_CASE(every_entry_point_of_the_interface_is_there) {
  const Library library;
  for (const char* name : {"IFDHCreateChannelByName", "IFDHCreateChannel", "IFDHCloseChannel", "IFDHGetCapabilities",
                           "IFDHSetCapabilities", "IFDHSetProtocolParameters", "IFDHPowerICC", "IFDHTransmitToICC",
                           "IFDHControl", "IFDHICCPresence"})
    BOOST_TEST(library.find<void()>(name) != nullptr, name);
  BOOST_TEST(library.find<void()>("_ZN6twcard3ifd9parse_atrESt4spanIKhLm18446744073709551615EE") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_property_list_names_device_and_library) {
  std::ifstream in(bundle + "/Contents/Info.plist");
  const std::string plist(std::istreambuf_iterator<char>(in), {});
  for (const char* part : {"0x0CA6", "0x0010", "libtwcard-ifd-ez100pu.so"})
    BOOST_TEST(plist.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_not_there_is_said_to_be_gone) {
  const Library library;
  std::string name = "usb:0ca6/0010:libudev:0:/dev/bus/usb/255/255";
  BOOST_TEST(library.find<decltype(IFDHCreateChannelByName)>("IFDHCreateChannelByName")(nobody, name.data()) ==
             IFD_NO_SUCH_DEVICE);
  std::string nonsense = "serial:1";
  BOOST_TEST(library.find<decltype(IFDHCreateChannelByName)>("IFDHCreateChannelByName")(nobody, nonsense.data()) ==
             IFD_NO_SUCH_DEVICE);
  BOOST_TEST(library.find<decltype(IFDHICCPresence)>("IFDHICCPresence")(nobody) == IFD_NO_SUCH_DEVICE);
  BOOST_TEST(library.find<decltype(IFDHCloseChannel)>("IFDHCloseChannel")(nobody) == IFD_NO_SUCH_DEVICE);
}

BOOST_AUTO_TEST_CASE(missing_and_small_buffers_are_refused) {
  const Library library;
  const auto capabilities = library.find<decltype(IFDHGetCapabilities)>("IFDHGetCapabilities");
  UCHAR value[8] = {};
  DWORD length = 0;
  BOOST_TEST(capabilities(nobody, TAG_IFD_THREAD_SAFE, nullptr, value) == IFD_COMMUNICATION_ERROR);
  BOOST_TEST(capabilities(nobody, TAG_IFD_THREAD_SAFE, &length, value) == IFD_ERROR_INSUFFICIENT_BUFFER);
  BOOST_TEST(length == 1U);
  BOOST_TEST(capabilities(nobody, TAG_IFD_THREAD_SAFE, &length, value) == IFD_SUCCESS);
  BOOST_TEST(int{value[0]} == 1);
  length = sizeof value;
  BOOST_TEST(capabilities(nobody, 0x7777, &length, value) == IFD_ERROR_TAG);

  UCHAR atr[MAX_ATR_SIZE] = {};
  const auto power = library.find<decltype(IFDHPowerICC)>("IFDHPowerICC");
  BOOST_TEST(power(nobody, IFD_POWER_UP, nullptr, &length) == IFD_COMMUNICATION_ERROR);
  BOOST_TEST(power(nobody, IFD_POWER_UP, atr, &length) == IFD_NO_SUCH_DEVICE);
  BOOST_TEST(length == 0U);

  UCHAR answer[16] = {};
  length = sizeof answer;
  const auto transmit = library.find<decltype(IFDHTransmitToICC)>("IFDHTransmitToICC");
  BOOST_TEST(transmit(nobody, {1, 0}, nullptr, 0, answer, &length, nullptr) == IFD_COMMUNICATION_ERROR);
  BOOST_TEST(transmit(nobody, {2, 0}, atr, 5, answer, &length, nullptr) == IFD_PROTOCOL_NOT_SUPPORTED);
  BOOST_TEST(length == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
