#include "pkcs11/guard.hpp"

namespace twcard::pkcs11 {

void entry_hook() {}

} // namespace twcard::pkcs11
