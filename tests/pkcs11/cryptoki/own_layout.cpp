#include "pkcs11/cryptoki/constants.hpp"
#include "pkcs11/cryptoki/functions.hpp"
#include "tests/pkcs11/cryptoki/layout.hpp"

std::vector<twcard::tests::LayoutFact> twcard::tests::own_layout() {
  return {
#include "tests/pkcs11/cryptoki/layout_facts.inc"
  };
}
