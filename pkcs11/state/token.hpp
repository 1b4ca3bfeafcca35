// The card in a slot as PKCS#11 sees it: fixed from insertion to removal, shared by all sessions.
#pragma once

#include "pkcs11/state/listing.hpp"
#include "pkcs11/state/object.hpp"

namespace twcard::pkcs11 {

class Token final {
public:
  // Object handles are first_handle, first_handle + 1, …
  Token(ReaderEntry entry, CK_OBJECT_HANDLE first_handle);

  [[nodiscard]] const ReaderEntry& entry() const noexcept { return m_entry; }
  // Label, manufacturer, model, serial number, PIN lengths and the flags that do not change; session counts zero.
  [[nodiscard]] CK_TOKEN_INFO info() const noexcept;

  [[nodiscard]] const std::vector<Object>& objects() const noexcept { return m_objects; }
  [[nodiscard]] CK_OBJECT_HANDLE handle_of(std::size_t index) const noexcept { return m_first_handle + index; }
  [[nodiscard]] CK_OBJECT_HANDLE end_handle() const noexcept { return m_first_handle + m_objects.size(); }
  // nullptr for a handle that is not one of this token's.
  [[nodiscard]] const Object* find(CK_OBJECT_HANDLE handle) const noexcept;

private:
  ReaderEntry m_entry;
  CK_OBJECT_HANDLE m_first_handle;
  std::vector<Object> m_objects;
};

// Of a big-endian number without leading zeros.
[[nodiscard]] std::size_t bits_of(ByteView number) noexcept;

} // namespace twcard::pkcs11
