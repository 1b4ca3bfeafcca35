// What the program says, in both languages of the project.
#pragma once

#include "rpc/error_text.hpp"

#include <string_view>

namespace twcard::cli {

struct Text {
  std::string_view en;
  std::string_view zh; // Traditional Chinese as written in Taiwan

  [[nodiscard]] std::string_view in(rpc::Language language) const {
    return language == rpc::Language::TraditionalChinese ? zh : en;
  }
};

} // namespace twcard::cli
