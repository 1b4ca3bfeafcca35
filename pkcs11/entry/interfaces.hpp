// The tables of functions that C_GetFunctionList, C_GetInterfaceList and C_GetInterface give out.
#pragma once

#include "pkcs11/cryptoki/functions.hpp"

#include <span>

namespace twcard::pkcs11 {

[[nodiscard]] CK_FUNCTION_LIST* function_list() noexcept;
// The default one first: 3.0, then 2.40.
[[nodiscard]] std::span<CK_INTERFACE> interfaces() noexcept;

} // namespace twcard::pkcs11
