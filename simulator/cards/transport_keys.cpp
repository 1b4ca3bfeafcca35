#include "simulator/cards/transport_keys.hpp"

#include "simulator/crypto/crypto.hpp"

namespace twcard::simulator {

namespace {

constexpr std::size_t iv_octets = 8;
constexpr std::size_t mac_octets = 8;

// PKCS#7 padding to whole blocks of 8 octets.
Bytes padded(ByteView octets) {
  auto out = to_bytes(octets);
  const auto count = 8 - octets.size() % 8;
  out.insert(out.end(), count, static_cast<std::uint8_t>(count));
  return out;
}

} // namespace

std::optional<Bytes> open_pin_block(ByteView block, ByteView key) {
  if (block.size() != pin_block_octets) return std::nullopt;
  const auto iv = block.first(iv_octets);
  const auto plain = des3_cbc_decrypt(key, iv, block.subspan(iv_octets));

  const auto pin = ByteView(plain).first(pin_field_octets);
  const auto chained = des3_cbc_encrypt(key, iv, padded(pin));
  Bytes expected = to_bytes(pin);
  expected.insert(expected.end(), chained.end() - mac_octets, chained.end());
  if (plain != padded(expected)) return std::nullopt;
  return to_bytes(pin);
}

} // namespace twcard::simulator
