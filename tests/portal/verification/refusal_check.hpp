// BOOST_CHECK for refusals: the reason decides, not the text.
#pragma once

#include "portal/verification/refusal.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

namespace twcard::portal::test {

template <typename Action>
void check_refused(Reason expected, Action action) {
  std::string got = "not refused";
  try {
    action();
  } catch (const Refusal& refusal) {
    got = name_of(refusal.reason());
  }
  BOOST_TEST(got == name_of(expected));
}

} // namespace twcard::portal::test
