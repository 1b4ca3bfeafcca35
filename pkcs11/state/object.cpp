#include "pkcs11/state/object.hpp"

#include "pkcs11/cryptoki/rv.hpp"

#include <algorithm>
#include <cstring>

namespace twcard::pkcs11 {

namespace {

// The parts of an RSA key that no card gives away.
bool is_secret(CK_ATTRIBUTE_TYPE type) noexcept {
  return type >= CKA_PRIVATE_EXPONENT && type <= CKA_COEFFICIENT;
}

} // namespace

Object::Object(CK_OBJECT_CLASS object_class, std::string key_id) : m_class(object_class), m_key_id(std::move(key_id)) {
  add_number(CKA_CLASS, object_class);
}

void Object::add(CK_ATTRIBUTE_TYPE type, ByteView value) {
  m_attributes.push_back({type, to_bytes(value)});
}

void Object::add_flag(CK_ATTRIBUTE_TYPE type, bool value) {
  const CK_BBOOL flag = value ? CK_TRUE : CK_FALSE;
  add(type, {&flag, 1});
}

void Object::add_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  add(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
}

const Attribute* Object::find(CK_ATTRIBUTE_TYPE type) const noexcept {
  const auto found = std::ranges::find(m_attributes, type, &Attribute::type);
  return found == m_attributes.end() ? nullptr : &*found;
}

bool Object::flag(CK_ATTRIBUTE_TYPE type) const noexcept {
  const auto* attribute = find(type);
  return attribute != nullptr && attribute->value.size() == 1 && attribute->value[0] == CK_TRUE;
}

bool Object::matches(std::span<const Attribute> wanted) const noexcept {
  const bool shy = m_class == CKO_PROFILE || m_class == CKO_MECHANISM;
  if (shy && std::ranges::find(wanted, CKA_CLASS, &Attribute::type) == wanted.end()) return false;
  return std::ranges::all_of(wanted, [this](const Attribute& attribute) {
    const auto* own = find(attribute.type);
    return own != nullptr && own->value == attribute.value;
  });
}

CK_RV Object::read(CK_ATTRIBUTE& attribute) const noexcept {
  const auto* own = find(attribute.type);
  if (own == nullptr) {
    attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return is_private() && is_secret(attribute.type) ? CKR_ATTRIBUTE_SENSITIVE : CKR_ATTRIBUTE_TYPE_INVALID;
  }
  const auto room = attribute.ulValueLen;
  attribute.ulValueLen = own->value.size();
  if (attribute.pValue == nullptr) return CKR_OK;
  if (room < own->value.size()) {
    attribute.ulValueLen = CK_UNAVAILABLE_INFORMATION;
    return CKR_BUFFER_TOO_SMALL;
  }
  if (!own->value.empty()) std::memcpy(attribute.pValue, own->value.data(), own->value.size());
  return CKR_OK;
}

CK_RV Object::read(std::span<CK_ATTRIBUTE> attributes) const noexcept {
  CK_RV result = CKR_OK;
  for (auto& attribute : attributes) {
    const auto outcome = read(attribute);
    if (result == CKR_OK) result = outcome;
  }
  return result;
}

CK_ULONG Object::size() const noexcept {
  CK_ULONG size = 0;
  for (const auto& attribute : m_attributes) size += attribute.value.size();
  return size;
}

std::vector<Attribute> copy_template(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  require_argument(attributes != nullptr || count == 0);
  std::vector<Attribute> copy;
  for (CK_ULONG i = 0; i < count; ++i) {
    const auto& attribute = attributes[i];
    require_argument(attribute.pValue != nullptr || attribute.ulValueLen == 0);
    require_argument(attribute.ulValueLen != CK_UNAVAILABLE_INFORMATION);
    copy.push_back({attribute.type, {}});
    if (attribute.ulValueLen > 0)
      copy.back().value = to_bytes({static_cast<const std::uint8_t*>(attribute.pValue), attribute.ulValueLen});
  }
  return copy;
}

} // namespace twcard::pkcs11
