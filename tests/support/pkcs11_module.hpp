// A PKCS#11 module, ours or another one, as a program has it.
#pragma once

#include "pkcs11/cryptoki/constants.hpp"
#include "pkcs11/cryptoki/functions.hpp"

#include <dlfcn.h>
#include <stdexcept>
#include <string>

namespace twcard::tests {

class Pkcs11Module final {
public:
  // Throws std::runtime_error. It stays loaded until the process ends: threads may be in it.
  explicit Pkcs11Module(const std::string& file) : m_handle(::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (m_handle == nullptr) throw std::runtime_error(::dlerror());
    const auto list = reinterpret_cast<CK_RV (*)(CK_FUNCTION_LIST**)>(::dlsym(m_handle, "C_GetFunctionList"));
    if (list == nullptr || list(&m_functions) != CKR_OK) throw std::runtime_error(file + ": no list of functions");
  }
  Pkcs11Module(const Pkcs11Module&) = delete;
  Pkcs11Module& operator=(const Pkcs11Module&) = delete;

  [[nodiscard]] CK_FUNCTION_LIST* operator->() const noexcept { return m_functions; }

private:
  void* m_handle;
  CK_FUNCTION_LIST* m_functions = nullptr;
};

} // namespace twcard::tests
