#include "driver/apdu/tlv.hpp"

#include "fuzz/fuzz.hpp"

namespace {

// Every object of a level lies inside it, one after the other, and so on downwards.
void walk(twcard::apdu::TlvReader reader) {
  while (const auto object = reader.next()) {
    twcard::fuzz::require(twcard::apdu::size_of_tlv(object->encoded) == object->encoded.size());
    twcard::fuzz::require(object->value.size() < object->encoded.size());
    if (object->constructed()) walk(reader.inside(*object));
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, [&] { walk(twcard::apdu::TlvReader({data, size})); });
  return 0;
}
