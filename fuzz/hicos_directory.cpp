#include "driver/card/citizen/hicos_directory.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard::card;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const twcard::ByteView octets(data, size);
  const auto refuses = [](auto parse) { twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, parse); };
  refuses([&] { static_cast<void>(directory_is_complete(octets)); });
  refuses([&] { static_cast<void>(private_key_references(octets)); });
  refuses([&] {
    for (const auto offset : certificate_offsets(octets)) twcard::fuzz::require(offset <= 0x7FFF);
  });
  return 0;
}
