#include "portal/nhi/nhiicc_password.hpp"

#include "driver/crypto/x509.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/chrono.h>
#include <fstream>
#include <iterator>
#include <openssl/err.h>
#include <stdexcept>

namespace twcard::portal {
namespace {

constexpr std::size_t key_octets = 24;
constexpr std::size_t suffix_octets = 4;
constexpr std::size_t block = 8;
constexpr std::size_t kept_of_block = block - 1;
constexpr std::size_t min_password = 6;
constexpr std::size_t max_password = 12;
using CipherHandle = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

Bytes octets_of(const boost::json::object& profile, std::string_view name, std::size_t size) {
  const auto* value = profile.if_contains(name);
  auto octets = value && value->is_string() ? from_hex(std::string_view(value->get_string())) : std::nullopt;
  if (!octets || octets->size() != size) {
    throw std::runtime_error(fmt::format("profile of NHI cards: {}: {} octets in hexadecimal", name, size));
  }
  return std::move(*octets);
}

Bytes decrypt_blocks(ByteView key, ByteView cipher) {
  const CipherHandle context(EVP_CIPHER_CTX_new());
  Bytes plain(cipher.size() + block);
  int written = 0;
  if (EVP_DecryptInit_ex(context.get(), EVP_des_ede3_ecb(), nullptr, key.data(), nullptr) != 1 ||
      EVP_CIPHER_CTX_set_padding(context.get(), 0) != 1 ||
      EVP_DecryptUpdate(context.get(), plain.data(), &written, cipher.data(), static_cast<int>(cipher.size())) != 1) {
    ERR_clear_error();
    throw std::runtime_error("triple DES failed");
  }
  plain.resize(cipher.size());
  return plain;
}

} // namespace

NhiiccPasswords::NhiiccPasswords(const std::filesystem::path& profile) {
  std::ifstream file(profile);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  boost::json::error_code error;
  const auto json = boost::json::parse(text, error);
  if (error || !json.is_object()) throw std::runtime_error("no card profile: " + profile.string());
  m_key = octets_of(json.get_object(), "password_key", key_octets);
  m_suffix = octets_of(json.get_object(), "password_suffix", suffix_octets);
}

std::optional<std::string> NhiiccPasswords::decrypt(std::string_view encrypted, std::string_view card_number,
                                                    Time now) const {
  const auto cipher = from_hex(encrypted);
  if (!cipher || (cipher->size() != 2 * block && cipher->size() != 3 * block)) return std::nullopt;
  for (const int days : {0, -1, 1}) {
    const auto day = fmt::localtime(std::chrono::system_clock::to_time_t(now + std::chrono::hours(24 * days)));
    if (auto password = decrypt(*cipher, card_number, fmt::format("{:%Y%m%d}", day))) return password;
  }
  return std::nullopt;
}

std::optional<std::string> NhiiccPasswords::decrypt(ByteView cipher, std::string_view card_number,
                                                    std::string_view day) const {
  // Each block of eight holds seven octets of the inner cipher and a random one; NULs fill the last.
  Bytes inner;
  const auto outer = decrypt_blocks(m_key, cipher);
  for (std::size_t at = 0; at < outer.size(); at += block) {
    const auto from = outer.begin() + static_cast<std::ptrdiff_t>(at);
    inner.insert(inner.end(), from, from + kept_of_block);
  }
  inner.resize(inner.size() / block * block);

  auto key = crypto::sha1(as_bytes(std::string(card_number) + std::string(day)));
  key.insert(key.end(), m_suffix.begin(), m_suffix.end());
  auto plain = decrypt_blocks(key, inner);
  const std::size_t padding = plain.back();
  if (padding == 0 || padding > block ||
      !std::all_of(plain.end() - static_cast<std::ptrdiff_t>(padding), plain.end(),
                   [&](auto octet) { return octet == padding; })) {
    return std::nullopt;
  }
  plain.resize(plain.size() - padding);
  if (plain.size() < min_password || plain.size() > max_password) return std::nullopt;
  return std::string(as_text(plain));
}

} // namespace twcard::portal
