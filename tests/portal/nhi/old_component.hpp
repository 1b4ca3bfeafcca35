// What the old component's EnCrypt answers, from its description: the keys, blocks of seven octets and a random one.
#pragma once

#include "driver/crypto/random.hpp"
#include "portal/verification/trust_store.hpp"
#include "tests/portal/verification/test_authority.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <fstream>
#include <openssl/evp.h>

namespace twcard::portal::test {

inline constexpr std::string_view old_password_key = "24 octets of a test key.";
inline constexpr std::string_view old_password_suffix = "tail";

// A card profile with the members that the site reads.
inline std::filesystem::path write_old_profile(const TemporaryFolder& folder) {
  auto path = folder.file("profile.json");
  std::ofstream(path) << R"({"password_key":")" << to_hex(as_bytes(old_password_key)) << R"(","password_suffix":")"
                      << to_hex(as_bytes(old_password_suffix)) << "\"}";
  return path;
}

inline Bytes triple_des(ByteView key, ByteView plain) {
  BOOST_REQUIRE(key.size() == 24);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  Bytes cipher(plain.size());
  int written = 0;
  BOOST_REQUIRE(EVP_EncryptInit_ex(context, EVP_des_ede3_ecb(), nullptr, key.data(), nullptr) == 1);
  EVP_CIPHER_CTX_set_padding(context, 0);
  BOOST_REQUIRE(EVP_EncryptUpdate(context, cipher.data(), &written, plain.data(), static_cast<int>(plain.size())) == 1);
  EVP_CIPHER_CTX_free(context);
  return cipher;
}

inline std::string old_component_encrypts(const std::string& password, const std::string& card_number, Time now) {
  const auto time = std::chrono::system_clock::to_time_t(now);
  std::array<char, 9> day{};
  std::strftime(day.data(), day.size(), "%Y%m%d", std::localtime(&time));
  const auto text = card_number + day.data();
  Bytes key(20);
  BOOST_REQUIRE(EVP_Digest(text.data(), text.size(), key.data(), nullptr, EVP_sha1(), nullptr) == 1);
  key.insert(key.end(), old_password_suffix.begin(), old_password_suffix.end());

  Bytes padded = to_bytes(as_bytes(password));
  const auto missing = 8 - padded.size() % 8;
  padded.insert(padded.end(), missing, static_cast<std::uint8_t>(missing));
  auto inner = triple_des(key, padded);
  inner.resize((inner.size() + 6) / 7 * 7, 0);
  Bytes blocks;
  for (std::size_t at = 0; at < inner.size(); at += 7) {
    blocks.insert(blocks.end(), inner.begin() + static_cast<std::ptrdiff_t>(at),
                  inner.begin() + static_cast<std::ptrdiff_t>(at + 7));
    blocks.push_back(crypto::random_octets(1)[0]);
  }
  return to_hex(triple_des(as_bytes(old_password_key), blocks));
}

} // namespace twcard::portal::test
