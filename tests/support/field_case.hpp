// The card files of tests/cases.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace twcard::testing {

inline constexpr const char* field_case_pin = "246813";

// "citizen_serial_zero"
inline boost::json::object field_case(const std::string& name) {
  std::ifstream in(TWCARD_TEST_CASES "/cards/" + name + ".json", std::ios::binary);
  if (!in) throw std::runtime_error("no such case: " + name);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return boost::json::parse(text).as_object();
}

} // namespace twcard::testing
