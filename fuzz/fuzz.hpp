// What the targets share: libFuzzer's entry point, and checks that stop the run.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace twcard::fuzz {

inline void require(bool condition) {
  if (!condition) std::abort();
}

// Runs a parser, which may refuse its input with this one code and in no other way.
template <typename Parse>
void parses_or_refuses(Errc code, Parse parse) {
  try {
    parse();
  } catch (const Error& error) {
    require(error.code() == code);
  }
}

} // namespace twcard::fuzz
