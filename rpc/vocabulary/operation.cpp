#include "rpc/vocabulary/operation.hpp"

#include <algorithm>
#include <array>

namespace twcard::rpc {

namespace {

// By the order of Operation.
constexpr std::array<std::string_view, 11> names = {
    "nhi.read",        "nhi.authenticate", "certificates",  "authenticate", "sign",          "login",
    "legacy.nhi_read", "legacy.nhi_sign",  "legacy.tokens", "legacy.sign",  "legacy.decrypt"};
static_assert(names.size() == static_cast<std::size_t>(Operation::LegacyDecrypt) + 1);

} // namespace

std::string_view name_of(Operation operation) {
  return names.at(static_cast<std::size_t>(operation));
}

std::optional<Operation> operation_named(std::string_view name) {
  const auto* found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Operation>(found - names.begin());
}

} // namespace twcard::rpc
