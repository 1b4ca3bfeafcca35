#include "driver/apdu/command_apdu.hpp"

#include "fuzz/fuzz.hpp"

using twcard::apdu::CommandApdu;
using twcard::apdu::ResponseApdu;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const twcard::ByteView octets(data, size);
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadRequest, [&] {
    const auto command = CommandApdu::decode(octets);
    twcard::fuzz::require(CommandApdu::decode(command.encode()) == command);
  });
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, [&] {
    twcard::fuzz::require(ResponseApdu::decode(octets).encode() == twcard::to_bytes(octets));
  });
  return 0;
}
