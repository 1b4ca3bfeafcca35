#include "portal/nhi/password_hash.hpp"

#include "driver/crypto/random.hpp"

#include <charconv>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdexcept>

namespace twcard::portal {
namespace {

constexpr std::string_view scheme = "scrypt$";
constexpr std::size_t salt_octets = 16;
constexpr std::size_t hash_octets = 32;
constexpr unsigned max_cost = 16;
constexpr std::uint64_t block_size = 8;
constexpr std::uint64_t parallelism = 3;
constexpr std::uint64_t most_memory = 128U << 20U;

Bytes scrypt(std::string_view password, ByteView salt, unsigned cost) {
  Bytes hash(hash_octets);
  if (EVP_PBE_scrypt(password.data(), password.size(), salt.data(), salt.size(), std::uint64_t{1} << cost, block_size,
                     parallelism, most_memory, hash.data(), hash.size()) != 1) {
    throw std::runtime_error("scrypt failed");
  }
  return hash;
}

} // namespace

std::string hash_password(std::string_view password, unsigned cost) {
  const auto salt = crypto::random_octets(salt_octets);
  return std::string(scheme) + std::to_string(cost) + "$" + to_base64(salt) + "$" +
         to_base64(scrypt(password, salt, cost));
}

bool is_password(std::string_view password, std::string_view hash) {
  if (!hash.starts_with(scheme)) return false;
  hash.remove_prefix(scheme.size());
  unsigned cost = 0;
  const auto [cost_end, failure] = std::from_chars(hash.data(), hash.data() + hash.size(), cost);
  hash.remove_prefix(static_cast<std::size_t>(cost_end - hash.data()));
  if (failure != std::errc() || cost == 0 || cost > max_cost || !hash.starts_with('$')) return false;
  hash.remove_prefix(1);
  const auto end = hash.find('$');
  if (end == std::string_view::npos) return false;
  const auto salt = from_base64(hash.substr(0, end));
  const auto kept = from_base64(hash.substr(end + 1));
  if (!salt || !kept || kept->size() != hash_octets) return false;
  return CRYPTO_memcmp(scrypt(password, *salt, cost).data(), kept->data(), hash_octets) == 0;
}

} // namespace twcard::portal
