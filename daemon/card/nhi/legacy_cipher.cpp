#include "daemon/card/nhi/legacy_cipher.hpp"

#include "daemon/card/nhi/site_cipher.hpp"
#include "driver/base/error.hpp"
#include "driver/crypto/digest.hpp"
#include "driver/crypto/random.hpp"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

namespace twcard::service {

namespace {

constexpr std::size_t min_password_octets = 6;
constexpr std::size_t max_password_octets = 12;
constexpr std::size_t octets_of_text_a_block = 7;

// Blocks of seven octets, the last filled with NUL, and a random one.
Bytes blocks_of_seven(ByteView text) {
  Bytes blocks;
  while (!text.empty()) {
    const auto some = text.first(std::min(text.size(), octets_of_text_a_block));
    text = text.subspan(some.size());
    append(blocks, some);
    blocks.resize(blocks.size() + octets_of_text_a_block - some.size());
    append(blocks, crypto::random_octets(1));
  }
  return blocks;
}

} // namespace

LocalDate today() {
  const auto now = std::time(nullptr);
  std::tm local{};
  if (::localtime_r(&now, &local) == nullptr) throw Error(Errc::Internal, "the date is not known");
  return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
}

ByteView effective_password(ByteView typed) {
  const auto end = std::find_if(typed.begin(), typed.end(), [](auto octet) { return octet == 0 || octet == ' '; });
  const auto password = typed.first(std::min(static_cast<std::size_t>(end - typed.begin()), max_password_octets));
  if (password.size() < min_password_octets)
    throw Error(Errc::BadRequest, fmt::format("blob: a password of at least {} characters is required; a space ends it",
                                              min_password_octets));
  return password;
}

std::string encrypt_password(ByteView password, std::string_view card_number, const LocalDate& date,
                             const card::NhiProfile& profile) {
  const auto card_and_date = fmt::format("{}{:04}{:02}{:02}", card_number, date.year, date.month, date.day);
  const auto key = joined({crypto::sha1(as_bytes(card_and_date)), profile.password_suffix});
  return to_hex(encrypt_blocks(profile.password_key, blocks_of_seven(encrypt_padded(key, password))));
}

std::string encrypt_basic(ByteView text, const LocalDate& date) {
  const auto single = fmt::format("{:02}{:02}{:04}", date.month, date.day, date.year);
  // Triple DES with three equal keys is single DES (FIPS 46-3), which OpenSSL 3 has only in its legacy provider.
  const auto key = single + single + single;
  return to_hex(encrypt_blocks(as_bytes(key), blocks_of_seven(text)));
}

} // namespace twcard::service
