// The hook of the module that the tests load to see what becomes of exceptions: it throws on demand.
#include "pkcs11/entry/guard.hpp"

#include <cstdlib>
#include <string_view>

namespace twcard::pkcs11 {

void entry_hook() {
  const char* value = std::getenv("TWCARD_TEST_THROW");
  const std::string_view wanted = value != nullptr ? value : "";
  if (wanted == "bad_alloc") throw std::bad_alloc();
  if (wanted == "error") throw Error(Errc::CardRemoved, "test");
  if (wanted == "runtime") throw std::runtime_error("test");
  if (wanted == "number") throw 7;
}

} // namespace twcard::pkcs11
