#include "tests/pkcs11/cryptoki/layout.hpp"

#include <nss/pkcs11.h>

std::vector<twcard::tests::LayoutFact> twcard::tests::nss_layout() {
  return {
#include "tests/pkcs11/cryptoki/layout_facts.inc"
  };
}
