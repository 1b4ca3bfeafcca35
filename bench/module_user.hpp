// What a program does with a PKCS#11 module, for measuring: ours, OpenSC's, p11-kit's.
#pragma once

#include "tests/support/pkcs11_module.hpp"

#include <chrono>
#include <vector>

namespace twcard::bench {

// A program's first look: C_Initialize, the slots, everything that can be seen without a login, C_Finalize. How many
// objects there are. Throws std::runtime_error.
[[nodiscard]] std::size_t list_all(const tests::Pkcs11Module& module);

// A program that is logged in, with the first key that signs.
class ModuleSigner final {
public:
  ModuleSigner(const std::string& module, const std::string& pin);
  ~ModuleSigner();
  ModuleSigner(const ModuleSigner&) = delete;
  ModuleSigner& operator=(const ModuleSigner&) = delete;

  void digest() const;
  // The time of C_Sign, with CKM_SHA256_RSA_PKCS.
  [[nodiscard]] std::chrono::nanoseconds sign() const;

private:
  tests::Pkcs11Module m_module;
  CK_SESSION_HANDLE m_session = 0;
  CK_OBJECT_HANDLE m_key = 0;
};

} // namespace twcard::bench
