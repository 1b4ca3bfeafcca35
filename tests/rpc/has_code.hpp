// For BOOST_CHECK_EXCEPTION: is it an Error with this code, and does its context say what a person needs to find it?
#pragma once

#include "driver/base/error.hpp"

#include <string>

namespace twcard {

inline auto has_code(Errc code, std::string part_of_context = {}) {
  return [code, part = std::move(part_of_context)](const Error& error) {
    return error.code() == code && std::string_view(error.what()).find(part) != std::string_view::npos;
  };
}

} // namespace twcard
