#include "tests/pkcs11/layout.hpp"

#include <nss/pkcs11.h>

std::vector<twcard::tests::LayoutFact> twcard::tests::nss_layout() {
  return {
#include "tests/pkcs11/layout_facts.inc"
  };
}
