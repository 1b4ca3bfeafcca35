#include "driver/card/pkcs15/objects.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard::card;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const twcard::ByteView octets(data, size);
  const auto refuses = [](auto parse) { twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, parse); };
  refuses([&] {
    if (const auto end = pkcs15_directory_size(octets)) twcard::fuzz::require(*end <= size);
  });
  refuses([&] { static_cast<void>(pkcs15_application_path(octets)); });
  refuses([&] { static_cast<void>(parse_pkcs15_object_directory(octets)); });
  refuses([&] { static_cast<void>(parse_pkcs15_token_info(octets)); });
  refuses([&] {
    for (const auto& pin : parse_pkcs15_pins(octets))
      twcard::fuzz::require(pin.min_length >= 1 && pin.min_length <= pin.max_length && pin.stored_length <= 64);
  });
  refuses([&] { twcard::fuzz::require(parse_pkcs15_keys(octets).size() <= max_pkcs15_objects); });
  refuses([&] { twcard::fuzz::require(parse_pkcs15_certificates(octets).size() <= max_pkcs15_objects); });
  return 0;
}
