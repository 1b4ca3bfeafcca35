// The C boundary: no exception passes it, and every one becomes a return value.
#pragma once

#include "pkcs11/cryptoki/rv.hpp"
#include "pkcs11/state/library.hpp"

#include <cxxabi.h>

namespace twcard::pkcs11 {

// Called at the beginning of every entry point. Does nothing in the product; the tests link another one, that throws.
void entry_hook();

template <typename Body>
CK_RV guard(Body body) {
  try {
    entry_hook();
    body();
    return CKR_OK;
  } catch (const Failure& failure) {
    return failure.value();
  } catch (const Error& error) {
    return rv_of(error.code());
  } catch (const std::bad_alloc&) {
    return CKR_HOST_MEMORY;
  } catch (const abi::__forced_unwind&) {
    throw; // the thread is being cancelled: the C library ends the process when that is stopped
  } catch (...) {
    return CKR_GENERAL_ERROR;
  }
}

// For a function that needs an initialised module: body(Module&).
template <typename Body>
CK_RV guarded(Body body) {
  return guard([&] {
    const Call call;
    body(*call);
  });
}

// For a function of a session: body(Session&), with the session's lock held.
template <typename Body>
CK_RV in_session(CK_SESSION_HANDLE handle, Body body) {
  return guard([&] {
    const Call call;
    const auto session = call->session(handle);
    const std::lock_guard lock(session->mutex);
    body(*session);
  });
}

} // namespace twcard::pkcs11
