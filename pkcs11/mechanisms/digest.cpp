#include "pkcs11/mechanisms/digest.hpp"

#include "driver/base/secure_bytes.hpp"

#include <nettle/nettle-meta.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>

namespace twcard::pkcs11 {

namespace {

const nettle_hash& algorithm(Hash hash) noexcept {
  switch (hash) {
  case Hash::Sha1: return nettle_sha1;
  case Hash::Sha224: return nettle_sha224;
  case Hash::Sha256: return nettle_sha256;
  case Hash::Sha384: return nettle_sha384;
  case Hash::Sha512: return nettle_sha512;
  case Hash::Sha3_224: return nettle_sha3_224;
  case Hash::Sha3_256: return nettle_sha3_256;
  case Hash::Sha3_384: return nettle_sha3_384;
  case Hash::Sha3_512: return nettle_sha3_512;
  }
  return nettle_sha256;
}

} // namespace

std::size_t digest_size(Hash hash) noexcept {
  return algorithm(hash).digest_size;
}

Digest::Digest(Hash hash) noexcept : m_hash(hash) {
  static_assert(sizeof(sha3_512_ctx) <= max_context_size && sizeof(sha512_ctx) <= max_context_size);
  algorithm(hash).init(m_context.data());
}

Digest::~Digest() {
  wipe(m_context.data(), m_context.size());
}

void Digest::update(ByteView data) noexcept {
  algorithm(m_hash).update(m_context.data(), data.size(), data.data());
}

Bytes Digest::finish() {
  Bytes digest(size());
  algorithm(m_hash).digest(m_context.data(), digest.size(), digest.data());
  return digest;
}

Bytes Digest::of(Hash hash, ByteView data) {
  Digest digest(hash);
  digest.update(data);
  return digest.finish();
}

} // namespace twcard::pkcs11
