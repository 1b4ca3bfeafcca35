// The one Module of this process, from C_Initialize to C_Finalize, and who may use it when.
//
// A forked child has a copy of the parent's memory with locks in any state. It is found out by its process ID, looked
// at on each call: there the parent's module is left alone for good, and C_Initialize makes a new one.
#pragma once

#include "pkcs11/state/module.hpp"

namespace twcard::pkcs11 {

// A call under way; C_Finalize waits for its end.
class Call final {
public:
  // Throws Failure(CKR_CRYPTOKI_NOT_INITIALIZED).
  Call();
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] Module& operator*() const noexcept { return *m_module; }
  [[nodiscard]] Module* operator->() const noexcept { return m_module; }

private:
  Module* m_module;
};

// Throws Failure: CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_ARGUMENTS_BAD, CKR_CANT_LOCK (only the application's own
// mutexes were offered: the module waits on sockets and condition variables of the system).
void initialize(const CK_C_INITIALIZE_ARGS* args);
// Ends all calls and forgets everything. Throws Failure(CKR_CRYPTOKI_NOT_INITIALIZED).
void finalize();

} // namespace twcard::pkcs11
