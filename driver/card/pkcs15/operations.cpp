#include "driver/card/pkcs15/operations.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/reader/exchange.hpp"

namespace twcard::card {

namespace {

constexpr std::uint8_t cla = 0x00;
constexpr std::uint8_t cla_chained = 0x10;
constexpr std::size_t max_short_data = 255;
constexpr std::uint32_t short_le = 256;

constexpr std::uint8_t for_signature = 0xB6;
constexpr std::uint8_t for_decipherment = 0xB8;
constexpr std::uint8_t no_further_indication = 0x00; // padding indicator, ISO/IEC 7816-4 section 6.3

apdu::CommandApdu set_environment(std::uint8_t purpose, const Pkcs15Operation& operation) {
  apdu::CommandApdu command{cla, 0x22, 0x41, purpose, {}, std::nullopt};
  if (operation.algorithm) command.data = {0x80, 0x01, *operation.algorithm};
  for (const auto octet : {std::uint8_t{0x84}, std::uint8_t{0x01}, operation.key}) command.data.push_back(octet);
  return command;
}

SecureBytes perform(reader::Transaction& transaction, std::uint8_t p1, std::uint8_t p2, ByteView data,
                    std::size_t result_octets) {
  while (data.size() > max_short_data) {
    const auto piece = data.first(max_short_data);
    const apdu::CommandApdu link{cla_chained, 0x2A, p1, p2, ScrubbedBytes(piece.begin(), piece.end()), std::nullopt};
    apdu::expect_ok(reader::exchange(transaction, link), "using the key");
    data = data.subspan(piece.size());
  }
  const apdu::CommandApdu command{cla, 0x2A, p1, p2, ScrubbedBytes(data.begin(), data.end()), short_le};
  auto response = reader::exchange(transaction, command);
  apdu::expect_ok(response, "using the key");
  if (response.data.size() != result_octets)
    throw Error(Errc::BadCardData, "using the key: a result that is not as long as the key");
  auto result = SecureBytes::copy_of(response.data);
  wipe(response.data.data(), response.data.size());
  return result;
}

} // namespace

SecureBytes sign_by(reader::Transaction& transaction, const Pkcs15Operation& operation, ByteView data) {
  apdu::expect_ok(reader::exchange(transaction, set_environment(for_signature, operation)), "choosing the key");
  return perform(transaction, 0x9E, 0x9A, data, operation.result_octets);
}

SecureBytes decipher_by(reader::Transaction& transaction, const Pkcs15Operation& operation, ByteView cryptogram) {
  apdu::expect_ok(reader::exchange(transaction, set_environment(for_decipherment, operation)), "choosing the key");
  ScrubbedBytes data{no_further_indication};
  data.insert(data.end(), cryptogram.begin(), cryptogram.end());
  return perform(transaction, 0x80, 0x86, data, operation.result_octets);
}

} // namespace twcard::card
