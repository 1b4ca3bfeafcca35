#include "pkcs11/cryptoki/constants.hpp"
#include "pkcs11/cryptoki/functions.hpp"
#include "tests/pkcs11/cryptoki/layout.hpp"

// The list of 3.0 has a base, whose members count here as its own. GCC and Clang support that.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"

std::vector<twcard::tests::LayoutFact> twcard::tests::own_layout() {
  return {
#include "tests/pkcs11/cryptoki/layout_facts.inc"
  };
}
