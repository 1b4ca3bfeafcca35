// What a person is asked to allow, by the names of docs/service-protocol.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace twcard::rpc {

// Login: of a program, which then signs and decrypts without being asked again (PKCS#11). Legacy...: of a site that
// speaks one of the old local protocols, whose answers are not bound to it (control C10).
enum class Operation : std::uint8_t {
  NhiRead,
  NhiAuthenticate,
  Certificates,
  Authenticate,
  Sign,
  Login,
  LegacyNhiRead,
  LegacyNhiSign,
  LegacyTokens,
  LegacySign,
  LegacyDecrypt
};

[[nodiscard]] std::string_view name_of(Operation operation);
// nullopt for a name that is not in the protocol.
[[nodiscard]] std::optional<Operation> operation_named(std::string_view name);

[[nodiscard]] constexpr bool is_legacy(Operation operation) {
  return operation >= Operation::LegacyNhiRead;
}
// Only reading may be allowed permanently: everything else proves something, or makes something that binds the person.
[[nodiscard]] constexpr bool is_reading(Operation operation) {
  return operation == Operation::NhiRead || operation == Operation::Certificates ||
         operation == Operation::LegacyNhiRead || operation == Operation::LegacyTokens;
}
// The operations whose question shows a hash.
[[nodiscard]] constexpr bool has_hash(Operation operation) {
  return operation == Operation::Sign || operation == Operation::LegacySign;
}

} // namespace twcard::rpc
