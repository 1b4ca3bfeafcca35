// Predicate for BOOST_CHECK_EXCEPTION.
#pragma once

#include "driver/base/error.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::testing {

inline auto has_code(Errc code) {
  return [code](const Error& error) {
    BOOST_TEST_MESSAGE("error " << name_of(error.code()) << ": " << error.what());
    return error.code() == code;
  };
}

} // namespace twcard::testing
