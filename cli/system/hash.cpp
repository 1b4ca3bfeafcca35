#include "cli/system/hash.hpp"

#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/program.hpp"
#include "driver/base/error.hpp"
#include "driver/base/owned.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <openssl/evp.h>

namespace twcard::cli {

namespace {

constexpr std::array functions{HashFunction::Sha256, HashFunction::Sha384, HashFunction::Sha512};

// "SHA-256" and "sha256" are the same to people.
std::string plain(std::string_view name) {
  std::string letters;
  for (const char c : name)
    if (c != '-') letters += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return letters;
}

} // namespace

HashFunction hash_function_of(std::string_view name) {
  for (const auto function : functions)
    if (plain(name_of(function)) == plain(name)) return function;
  throw usage_error(texts::usage::unknown_hash, escaped(name));
}

Bytes hash_of_file(const std::filesystem::path& file, HashFunction function) {
  const auto close = [](std::FILE* stream) { std::fclose(stream); };
  const std::unique_ptr<std::FILE, decltype(close)> stream(std::fopen(file.c_str(), "rbe"), close);
  if (!stream) throw cannot_read(file);

  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  bool ok = context && EVP_DigestInit_ex(context.get(), crypto::openssl_digest(function), nullptr) == 1;
  Bytes piece(64 * 1024);
  std::size_t size = 0;
  while (ok && (size = std::fread(piece.data(), 1, piece.size(), stream.get())) > 0)
    ok = EVP_DigestUpdate(context.get(), piece.data(), size) == 1;
  if (std::ferror(stream.get()) != 0) throw cannot_read(file);
  Bytes digest(crypto::hash_size(function));
  if (!ok || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
    throw Error(Errc::Internal, "hashing failed");
  return digest;
}

} // namespace twcard::cli
