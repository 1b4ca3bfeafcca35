#include "bench/module_user.hpp"

#include <array>
#include <fmt/format.h>

namespace twcard::bench {

namespace {

using tests::Pkcs11Module;

void check(CK_RV value, const char* function) {
  if (value != CKR_OK) throw std::runtime_error(fmt::format("{}: {:#x}", function, value));
}

template <std::size_t Size>
std::vector<CK_OBJECT_HANDLE> find(const Pkcs11Module& module, CK_SESSION_HANDLE session,
                                   std::array<CK_ATTRIBUTE, Size> wanted) {
  std::vector<CK_OBJECT_HANDLE> found(64);
  CK_ULONG count = 0;
  check(module->C_FindObjectsInit(session, wanted.data(), Size), "C_FindObjectsInit");
  check(module->C_FindObjects(session, found.data(), found.size(), &count), "C_FindObjects");
  check(module->C_FindObjectsFinal(session), "C_FindObjectsFinal");
  found.resize(count);
  return found;
}

std::vector<CK_SLOT_ID> slots_with_token(const Pkcs11Module& module) {
  std::vector<CK_SLOT_ID> slots(16);
  CK_ULONG count = slots.size();
  check(module->C_GetSlotList(CK_TRUE, slots.data(), &count), "C_GetSlotList");
  slots.resize(count);
  return slots;
}

} // namespace

std::size_t list_all(const Pkcs11Module& module) {
  check(module->C_Initialize(nullptr), "C_Initialize");
  std::size_t objects = 0;
  for (const auto slot : slots_with_token(module)) {
    CK_SESSION_HANDLE session = 0;
    if (module->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session) != CKR_OK) continue;
    for (const auto object : find(module, session, std::array<CK_ATTRIBUTE, 0>{})) {
      CK_OBJECT_CLASS object_class = 0;
      std::array<CK_BYTE, 256> label{};
      std::array<CK_ATTRIBUTE, 2> attributes = {CK_ATTRIBUTE{CKA_CLASS, &object_class, sizeof object_class},
                                                CK_ATTRIBUTE{CKA_LABEL, label.data(), label.size()}};
      module->C_GetAttributeValue(session, object, attributes.data(), attributes.size());
      ++objects;
    }
  }
  check(module->C_Finalize(nullptr), "C_Finalize");
  return objects;
}

ModuleSigner::ModuleSigner(const std::string& module, const std::string& pin) : m_module(module) {
  check(m_module->C_Initialize(nullptr), "C_Initialize");
  const auto slots = slots_with_token(m_module);
  if (slots.empty()) throw std::runtime_error(module + ": no token");
  check(m_module->C_OpenSession(slots[0], CKF_SERIAL_SESSION, nullptr, nullptr, &m_session), "C_OpenSession");
  std::string copy = pin;
  check(m_module->C_Login(m_session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(copy.data()), copy.size()), "C_Login");
  CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
  CK_BBOOL yes = CK_TRUE;
  const auto keys =
      find(m_module, m_session,
           std::array{CK_ATTRIBUTE{CKA_CLASS, &wanted, sizeof wanted}, CK_ATTRIBUTE{CKA_SIGN, &yes, sizeof yes}});
  if (keys.empty()) throw std::runtime_error(module + ": no key that signs");
  m_key = keys.front();
}

ModuleSigner::~ModuleSigner() {
  m_module->C_Finalize(nullptr);
}

void ModuleSigner::digest() const {
  CK_MECHANISM mechanism{CKM_SHA256, nullptr, 0};
  std::array<CK_BYTE, 100> data{};
  std::array<CK_BYTE, 32> result{};
  CK_ULONG size = result.size();
  check(m_module->C_DigestInit(m_session, &mechanism), "C_DigestInit");
  check(m_module->C_Digest(m_session, data.data(), data.size(), result.data(), &size), "C_Digest");
}

std::chrono::nanoseconds ModuleSigner::sign() const {
  CK_MECHANISM mechanism{CKM_SHA256_RSA_PKCS, nullptr, 0};
  std::array<CK_BYTE, 100> data{};
  std::array<CK_BYTE, 512> signature{};
  CK_ULONG size = signature.size();
  check(m_module->C_SignInit(m_session, &mechanism, m_key), "C_SignInit");
  const auto start = std::chrono::steady_clock::now();
  check(m_module->C_Sign(m_session, data.data(), data.size(), signature.data(), &size), "C_Sign");
  return std::chrono::steady_clock::now() - start;
}

} // namespace twcard::bench
