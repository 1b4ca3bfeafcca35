// How operations end, and how functions give data of a length that the caller may not know.
// Source: OASIS PKCS#11 Base Specification 3.0, section 5.2 (variable-length output), 5.8 to 5.13.
#pragma once

#include "pkcs11/cryptoki/rv.hpp"
#include "pkcs11/state/session.hpp"

#include <algorithm>

namespace twcard::pkcs11 {

// A caller's buffer and where its size stands.
struct Output {
  CK_BYTE* buffer;
  CK_ULONG* size;

  void write(ByteView data) const noexcept {
    std::ranges::copy(data, buffer);
    *size = data.size();
  }
};

// A caller's data. Throws Failure(CKR_ARGUMENTS_BAD) for a null pointer with a size.
[[nodiscard]] inline ByteView input(const CK_BYTE* data, CK_ULONG size) {
  require_argument(data != nullptr || size == 0);
  return {data, size};
}

// An active operation in a function that ends it whatever happens, except when the caller only asks for the size or
// offers too small a buffer.
template <typename Operation>
class Ending final {
public:
  // Throws Failure(CKR_OPERATION_NOT_INITIALIZED).
  explicit Ending(std::optional<Operation>& operation) : m_operation(operation) {
    if (!operation) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
  }
  ~Ending() {
    if (!m_goes_on) m_operation.reset();
  }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

  [[nodiscard]] Operation& operator*() const noexcept { return *m_operation; }
  [[nodiscard]] Operation* operator->() const noexcept { return &*m_operation; }
  void go_on() noexcept { m_goes_on = true; }

  // True when `size` octets fit; false when the caller asked for the size, which it has got. Throws
  // Failure(CKR_ARGUMENTS_BAD), Failure(CKR_BUFFER_TOO_SMALL).
  [[nodiscard]] bool has_room(const Output& output, std::size_t size) {
    require_argument(output.size != nullptr);
    const auto room = *output.size;
    if (output.buffer != nullptr && room >= size) return true;
    *output.size = size;
    go_on();
    if (output.buffer != nullptr) throw Failure(CKR_BUFFER_TOO_SMALL);
    return false;
  }

private:
  std::optional<Operation>& m_operation;
  bool m_goes_on = false;
};

// For the Init functions: a null mechanism cancels an operation (3.0), a second one is refused. True when there is one
// to start.
template <typename Operation>
[[nodiscard]] bool may_start(std::optional<Operation>& operation, const CK_MECHANISM* mechanism) {
  if (mechanism == nullptr && operation) {
    operation.reset();
    return false;
  }
  if (operation) throw Failure(CKR_OPERATION_ACTIVE);
  return true;
}

// An operation with a key of the session's token, to be used as `use` (CKF_SIGN and the like). Throws Failure: what
// Mechanism::parse throws, CKR_KEY_HANDLE_INVALID, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_USER_NOT_LOGGED_IN.
[[nodiscard]] KeyOperation start_key_operation(const Session& session, const CK_MECHANISM* mechanism,
                                               CK_OBJECT_HANDLE key, CK_FLAGS use);
// Takes more data in. Throws Failure with `too_long` when it can be no input of this mechanism any more.
void collect(KeyOperation& operation, ByteView data, CK_RV too_long);
// The data as a number below the modulus, in a block. Throws Failure with `too_long` or `too_large`.
[[nodiscard]] SecureBytes raw_block(ByteView data, const KeyOperation& operation, CK_RV too_long, CK_RV too_large);

} // namespace twcard::pkcs11
