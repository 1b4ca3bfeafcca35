// What the server has verified, for whoever counts it: one JSON line an event, without personal data.
#pragma once

#include "portal/verification/trust_store.hpp"

#include <filesystem>
#include <fstream>
#include <string_view>

namespace twcard::portal {

class Journal final {
public:
  // An empty path keeps no journal. Appends; a new file is readable for this user only. Throws std::runtime_error.
  explicit Journal(const std::filesystem::path& file);

  void login_verified(bool simulated, Time now);
  void nhi_login_verified(bool simulated, Time now);
  void old_nhi_login_verified(bool simulated, Time now);
  void nhi_account_opened(Time now);
  void nhi_form_accepted(Time now);

private:
  void write(std::string_view event, std::string_view more, Time now);
  std::ofstream m_file;
};

} // namespace twcard::portal
