// Return values inside the module, and the return value that an error of the service becomes.
#pragma once

#include "driver/base/error.hpp"
#include "pkcs11/cryptoki/constants.hpp"

namespace twcard::pkcs11 {

// A return value other than CKR_OK on its way to the entry point. Most of PKCS#11's values (an invalid session
// handle, a buffer too small) have no Errc: they are talk between the module and its caller alone.
class Failure final {
public:
  explicit Failure(CK_RV value) noexcept : m_value(value) {}
  [[nodiscard]] CK_RV value() const noexcept { return m_value; }

private:
  CK_RV m_value;
};

// docs/pkcs11.md, "Errors".
[[nodiscard]] CK_RV rv_of(Errc code) noexcept;

// Throws Failure(CKR_ARGUMENTS_BAD) when the condition does not hold.
inline void require_argument(bool condition) {
  if (!condition) throw Failure(CKR_ARGUMENTS_BAD);
}

} // namespace twcard::pkcs11
