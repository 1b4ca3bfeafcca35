// Hash functions, by nettle.
#pragma once

#include "driver/base/bytes.hpp"

#include <array>
#include <cstddef>

namespace twcard::pkcs11 {

enum class Hash { Sha1, Sha224, Sha256, Sha384, Sha512, Sha3_224, Sha3_256, Sha3_384, Sha3_512 };

[[nodiscard]] std::size_t digest_size(Hash hash) noexcept;

// A hash under way. A copy goes on from where its original is.
class Digest final {
public:
  explicit Digest(Hash hash) noexcept;
  // Not copied from a context that somebody else uses: the whole state is in here.
  Digest(const Digest&) = default;
  Digest& operator=(const Digest&) = default;
  ~Digest(); // wipes: what is hashed may be a secret of the application

  [[nodiscard]] std::size_t size() const noexcept { return digest_size(m_hash); }
  void update(ByteView data) noexcept;
  // The digest of all data; the object starts again from nothing.
  [[nodiscard]] Bytes finish();

  [[nodiscard]] static Bytes of(Hash hash, ByteView data);

private:
  static constexpr std::size_t max_context_size = 512;
  Hash m_hash;
  alignas(16) std::array<std::uint8_t, max_context_size> m_context{};
};

} // namespace twcard::pkcs11
