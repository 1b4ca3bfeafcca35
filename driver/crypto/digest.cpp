#include "driver/crypto/digest.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <array>
#include <openssl/evp.h>

namespace twcard::crypto {

namespace {

struct Row {
  HashFunction function;
  std::string_view name;
  std::size_t size;
  const EVP_MD* (*digest)();
};

constexpr std::array<Row, 5> rows{{{HashFunction::Sha1, "SHA-1", 20, EVP_sha1},
                                   {HashFunction::Sha224, "SHA-224", 28, EVP_sha224},
                                   {HashFunction::Sha256, "SHA-256", 32, EVP_sha256},
                                   {HashFunction::Sha384, "SHA-384", 48, EVP_sha384},
                                   {HashFunction::Sha512, "SHA-512", 64, EVP_sha512}}};

const Row& row_of(HashFunction function) {
  return rows[static_cast<std::size_t>(function)];
}

} // namespace

std::optional<HashFunction> hash_function_of(std::string_view name) {
  const auto row = std::ranges::find(rows, name, &Row::name);
  return row == rows.end() ? std::nullopt : std::optional(row->function);
}

std::string_view name_of(HashFunction function) {
  return row_of(function).name;
}

std::size_t hash_size(HashFunction function) {
  return row_of(function).size;
}

const EVP_MD* openssl_digest(HashFunction function) {
  return row_of(function).digest();
}

Bytes hash_of(ByteView octets, HashFunction function) {
  Bytes hash(hash_size(function));
  if (EVP_Digest(octets.data(), octets.size(), hash.data(), nullptr, openssl_digest(function), nullptr) != 1)
    throw Error(Errc::Internal, "OpenSSL does not make a digest");
  return hash;
}

Bytes sha1(ByteView octets) {
  return hash_of(octets, HashFunction::Sha1);
}

Bytes sha256(ByteView octets) {
  return hash_of(octets, HashFunction::Sha256);
}

} // namespace twcard::crypto
