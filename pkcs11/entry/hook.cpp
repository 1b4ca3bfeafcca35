#include "pkcs11/entry/guard.hpp"

namespace twcard::pkcs11 {

void entry_hook() {}

} // namespace twcard::pkcs11
