// A relying party with a test authority and a test insurer behind it, and a card of A123456789 to sign in with.
#pragma once

#include "portal/relying_party.hpp"
#include "tests/portal/nhi/old_component.hpp"
#include "tests/portal/test_insurer.hpp"
#include "tests/portal/verification/test_authority.hpp"

#include <fstream>
#include <iterator>

namespace twcard::portal::test {

struct SiteFixture {
  static constexpr const char* origin = "https://page.test:8443";
  static constexpr const char* id_number = "A123456789";

  TestAuthority authority;
  TemporaryFolder folder;
  KeyPair key = rsa_key();
  Certificate certificate = authority.issue({}, key);
  Time now = std::chrono::system_clock::now();
  TestInsurer insurer;
  RelyingParty party{{origin,
                      authority.write_to(folder),
                      ":memory:",
                      folder.file("journal"),
                      [this] { return now; },
                      {insurer.write_to(folder), write_old_profile(folder), 1}}};

  [[nodiscard]] boost::json::value token_for(std::string_view nonce) const {
    return token_of(certificate, sign_login(key, origin, nonce));
  }
  [[nodiscard]] std::string journal() const {
    std::ifstream file(folder.file("journal"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

} // namespace twcard::portal::test
