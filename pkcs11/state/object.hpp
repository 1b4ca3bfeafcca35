// An object of a token: its attributes, and how a program reads them. Objects do not change as long as the card is in.
// Source: OASIS PKCS#11 Base Specification 3.0, section 4 (objects), 5.7.5 (C_GetAttributeValue).
#pragma once

#include "driver/base/bytes.hpp"
#include "pkcs11/cryptoki/constants.hpp"

#include <span>
#include <string>
#include <vector>

namespace twcard::pkcs11 {

struct Attribute {
  CK_ATTRIBUTE_TYPE type;
  Bytes value; // as it lies in memory for C
};

class Object final {
public:
  Object(CK_OBJECT_CLASS object_class, std::string key_id);

  void add(CK_ATTRIBUTE_TYPE type, ByteView value);
  void add_text(CK_ATTRIBUTE_TYPE type, std::string_view text) { add(type, as_bytes(text)); }
  void add_flag(CK_ATTRIBUTE_TYPE type, bool value);
  void add_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);

  [[nodiscard]] CK_OBJECT_CLASS object_class() const noexcept { return m_class; }
  // Seen only while the user is logged in.
  [[nodiscard]] bool is_private() const noexcept { return m_class == CKO_PRIVATE_KEY; }
  // Name of the certificate and key pair on the card that this object is of ("SIGN"); empty for others.
  [[nodiscard]] const std::string& key_id() const noexcept { return m_key_id; }
  // nullptr when the object does not have it.
  [[nodiscard]] const Attribute* find(CK_ATTRIBUTE_TYPE type) const noexcept;
  [[nodiscard]] bool flag(CK_ATTRIBUTE_TYPE type) const noexcept;
  // Every attribute of the template is there with exactly that value. Profiles and mechanisms show themselves only to
  // who asks for their class (3.0, 4.13 and 4.14), so that older programs do not meet what they do not know.
  [[nodiscard]] bool matches(std::span<const Attribute> wanted) const noexcept;
  // Fills the template. CKR_OK, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID or CKR_BUFFER_TOO_SMALL; what could
  // not be given has the length CK_UNAVAILABLE_INFORMATION, the others are filled all the same.
  [[nodiscard]] CK_RV read(std::span<CK_ATTRIBUTE> attributes) const noexcept;
  // Octets of all attribute values.
  [[nodiscard]] CK_ULONG size() const noexcept;

private:
  [[nodiscard]] CK_RV read(CK_ATTRIBUTE& attribute) const noexcept;

  CK_OBJECT_CLASS m_class;
  std::string m_key_id;
  std::vector<Attribute> m_attributes;
};

// A template of a program, copied. Throws Failure(CKR_ARGUMENTS_BAD).
[[nodiscard]] std::vector<Attribute> copy_template(const CK_ATTRIBUTE* attributes, CK_ULONG count);

} // namespace twcard::pkcs11
