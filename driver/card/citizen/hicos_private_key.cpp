#include "driver/card/citizen/hicos_private_key.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"

#include <algorithm>

namespace twcard::card {

namespace {

constexpr std::uint8_t cla = 0x80;
constexpr std::size_t half_octets = hicos_block_octets / 2;
constexpr const char* doing = "using the key";

apdu::CommandApdu first_half(std::uint8_t key, ByteView octets) {
  return {cla, 0xEA, 0x82, key, ScrubbedBytes(octets.begin(), octets.end()), std::nullopt};
}

apdu::CommandApdu last_half(std::uint8_t key, ByteView octets) {
  return {cla, 0xEA, 0x02, key, ScrubbedBytes(octets.begin(), octets.end()), std::nullopt};
}

apdu::CommandApdu rest_of_result() {
  return {cla, 0xC1, 0x00, 0x80, {}, half_octets};
}

// Copies a half of the result, and wipes it where it was: it may be a decrypted secret.
void take_half(apdu::ResponseApdu&& response, std::uint8_t* target) {
  apdu::expect_ok(response, doing);
  if (response.data.size() != half_octets)
    throw Error(Errc::BadCardData, "using the key: a result that is not 256 octets long");
  std::copy(response.data.begin(), response.data.end(), target);
  wipe(response.data.data(), response.data.size());
}

} // namespace

SecureBytes use_private_key(const SendCommand& send, std::uint8_t key_reference, ByteView block) {
  if (block.size() != hicos_block_octets) throw Error(Errc::BadRequest, "block: not 256 octets");
  SecureBytes result(hicos_block_octets);
  apdu::expect_ok(send(first_half(key_reference, block.first(half_octets))), doing);
  take_half(send(last_half(key_reference, block.last(half_octets))), result.data());
  take_half(send(rest_of_result()), result.data() + half_octets);
  return result;
}

} // namespace twcard::card
