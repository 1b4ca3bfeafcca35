#include "driver/card/certificate/certificate.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard::card;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const twcard::ByteView octets(data, size);
  twcard::fuzz::parses_or_refuses(twcard::Errc::BadCardData, [&] {
    const auto info = parse_certificate(octets);
    twcard::fuzz::require(info.not_before.size() == 20 && info.not_after.size() == 20);
    const twcard::Bytes hash(hash_size(HashFunction::Sha256));
    static_cast<void>(verifies(octets, HashFunction::Sha256, hash, twcard::Bytes(256)));
  });
  return 0;
}
