// The password as pages send it that use the old component: what its EnCrypt made of it (docs/dialects/protocol.md).
// The keys are the same on every computer, so this protects nothing; such a page is as good as the TLS that it came by.
#pragma once

#include "driver/base/bytes.hpp"
#include "portal/verification/trust_store.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace twcard::portal {

class NhiiccPasswords final {
public:
  // The members password_key (24 octets) and password_suffix (4) of a card profile of kind nhi (docs/card-profiles.md).
  // Throws std::runtime_error.
  explicit NhiiccPasswords(const std::filesystem::path& profile);

  // `encrypted`: 32 or 48 hexadecimal digits. The key has the day of the visitor's computer in it: today, yesterday and
  // tomorrow (local time) are tried. Nothing when none of them gives 6 to 12 characters.
  [[nodiscard]] std::optional<std::string> decrypt(std::string_view encrypted, std::string_view card_number,
                                                   Time now) const;

private:
  [[nodiscard]] std::optional<std::string> decrypt(ByteView cipher, std::string_view card_number,
                                                   std::string_view day) const;
  Bytes m_key;
  Bytes m_suffix;
};

} // namespace twcard::portal
