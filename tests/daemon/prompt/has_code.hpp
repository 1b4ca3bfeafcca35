#pragma once

#include "driver/base/error.hpp"

#include <functional>

namespace twcard::prompt {

// Predicate for BOOST_CHECK_EXCEPTION.
[[nodiscard]] inline std::function<bool(const Error&)> has_code(Errc code) {
  return [code](const Error& error) { return error.code() == code; };
}

} // namespace twcard::prompt
