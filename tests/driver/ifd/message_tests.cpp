#include "driver/ifd/message.hpp"
#include "driver/ifd/usb_transport.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;

BOOST_AUTO_TEST_SUITE(message)

BOOST_AUTO_TEST_CASE(the_length_is_big_endian) {
  BOOST_TEST(encode_order(Order::Transfer, 7, {1, 0, 0}, Bytes(5, 0xAA)) ==
             hex("6F 00000005 00 07 01 00 00 AA AA AA AA AA"));
  const auto answer = decode_answer(hex("80 00000002 00 07 00 00 00 90 00"));
  BOOST_REQUIRE(answer);
  BOOST_TEST(answer->data == hex("9000"));
  BOOST_TEST(!decode_answer(hex("80 02000000 00 07 00 00 00 90 00")));
}

BOOST_AUTO_TEST_CASE(state_failure_and_more_time_are_read_from_the_status_octet) {
  BOOST_TEST((decode_answer(hex("81 00000000 00 01 02 00 00"))->presence == Presence::Absent));
  BOOST_TEST((decode_answer(hex("81 00000000 00 01 01 00 00"))->presence == Presence::Inactive));
  BOOST_TEST(decode_answer(hex("80 00000000 00 01 40 FE 00"))->failed);
  BOOST_TEST(decode_answer(hex("80 00000000 00 01 80 03 00"))->more_time);
}

BOOST_AUTO_TEST_CASE(a_malformed_answer_is_refused) {
  for (const char* octets : {"", "81 00000000 00 01 02 00", "81 00000001 00 01 02 00 00", "50 00000000 00 01 00 00 00",
                             "81 00000000 00 01 03 00 00", "81 00000000 00 01 C0 00 00", "80 FFFFFFFF 00 01 00 00 00"})
    BOOST_TEST(!decode_answer(hex(octets)), octets);
}

BOOST_AUTO_TEST_CASE(only_a_change_of_the_slot_is_one) {
  BOOST_TEST(announces_change(hex("50 03")));
  BOOST_TEST(announces_change(hex("50 02")));
  for (const char* octets : {"", "50", "50 01", "51 03"}) BOOST_TEST(!announces_change(hex(octets)), octets);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(device_name)

BOOST_AUTO_TEST_CASE(names_as_pcscd_writes_them) {
  const auto plain = parse_device_name("usb:0ca6/0010");
  BOOST_REQUIRE(plain);
  BOOST_TEST(plain->vendor == 0x0ca6);
  BOOST_TEST(plain->product == 0x0010);
  BOOST_TEST(!plain->bus);

  const auto by_udev = parse_device_name("usb:0ca6/0010:libudev:0:/dev/bus/usb/003/017");
  BOOST_REQUIRE(by_udev);
  BOOST_TEST(int{by_udev->bus.value()} == 3);
  BOOST_TEST(int{by_udev->device.value()} == 17);

  const auto by_libusb = parse_device_name("usb:0ca6/0010:libusb-1.0:7:99:1");
  BOOST_REQUIRE(by_libusb);
  BOOST_TEST(int{by_libusb->bus.value()} == 7);
  BOOST_TEST(int{by_libusb->device.value()} == 99);
  BOOST_TEST(int{by_libusb->interface} == 1);

  BOOST_TEST(parse_device_name("usb:0ca6/0010:something:else").has_value());
}

BOOST_AUTO_TEST_CASE(an_invalid_name_is_refused) {
  for (const char* name :
       {"", "usb", "usb:", "usb:0ca6", "usb:0ca6/", "usb:10ca6/0010", "usb:zzzz/0010", "pci:0ca6/0010",
        "usb:0ca6/0010:libudev:0:/dev/bus/usb/xyz/017", "usb:0ca6/0010:libudev:0:017",
        "usb:0ca6/0010:libudev::/dev/bus/usb/001/300", "usb:0ca6/0010:libusb-1.0:7"})
    BOOST_TEST(!parse_device_name(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
