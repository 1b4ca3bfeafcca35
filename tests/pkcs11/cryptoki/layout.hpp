// Sizes, offsets and values that the standard fixes, as one header has them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace twcard::tests {

struct LayoutFact {
  std::string name;
  unsigned long value = 0;
};

[[nodiscard]] std::vector<LayoutFact> own_layout();
[[nodiscard]] std::vector<LayoutFact> nss_layout();

} // namespace twcard::tests
