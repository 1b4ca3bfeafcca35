// The module as a program has it: loaded by dlopen, reached through its table of functions.
#pragma once

#include "driver/base/bytes.hpp"
#include "pkcs11/cryptoki/constants.hpp"
#include "pkcs11/cryptoki/functions.hpp"
#include "tests/pkcs11/fake_service.hpp"

#include <boost/test/unit_test.hpp>
#include <dlfcn.h>

namespace twcard::tests {

// A loaded module; unloaded at the end.
class LoadedModule final {
public:
  explicit LoadedModule(const char* path = TWCARD_MODULE) : m_handle(::dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    BOOST_REQUIRE_MESSAGE(m_handle != nullptr, ::dlerror());
    CK_INTERFACE* interface = nullptr;
    BOOST_REQUIRE_EQUAL(symbol<decltype(&::C_GetInterface)>("C_GetInterface")(nullptr, nullptr, &interface, 0), CKR_OK);
    m_functions = static_cast<CK_FUNCTION_LIST_3_0*>(interface->pFunctionList);
  }
  ~LoadedModule() { ::dlclose(m_handle); }
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;

  [[nodiscard]] CK_FUNCTION_LIST_3_0* operator->() const noexcept { return m_functions; }
  template <typename Function>
  [[nodiscard]] Function symbol(const char* name) const {
    return reinterpret_cast<Function>(::dlsym(m_handle, name));
  }

private:
  void* m_handle;
  CK_FUNCTION_LIST_3_0* m_functions = nullptr;
};

inline constexpr const char* first_reader = "Test Reader 00";
inline constexpr const char* second_reader = "Test Reader 01";

// A service with a card in the first reader, and an initialised module.
struct ModuleFixture {
  ModuleFixture() {
    service.add_reader(first_reader);
    service.insert(first_reader);
    BOOST_REQUIRE_EQUAL(p11->C_Initialize(nullptr), CKR_OK);
  }
  ~ModuleFixture() { p11->C_Finalize(nullptr); }

  FakeService service;
  LoadedModule p11;

  [[nodiscard]] std::vector<CK_SLOT_ID> slots(bool with_token) {
    CK_ULONG count = 0;
    BOOST_REQUIRE_EQUAL(p11->C_GetSlotList(with_token, nullptr, &count), CKR_OK);
    std::vector<CK_SLOT_ID> ids(count);
    BOOST_REQUIRE_EQUAL(p11->C_GetSlotList(with_token, ids.data(), &count), CKR_OK);
    ids.resize(count);
    return ids;
  }
  [[nodiscard]] CK_SESSION_HANDLE open(CK_FLAGS flags = CKF_SERIAL_SESSION, CK_SLOT_ID slot = 1) {
    CK_SESSION_HANDLE session = 0;
    BOOST_REQUIRE_EQUAL(p11->C_OpenSession(slot, flags, nullptr, nullptr, &session), CKR_OK);
    return session;
  }
  CK_RV log_in(CK_SESSION_HANDLE session, std::string pin = SoftwareCard::pin) {
    return p11->C_Login(session, CKU_USER, octets(pin), pin.size());
  }
  [[nodiscard]] CK_SESSION_HANDLE open_logged_in() {
    const auto session = open();
    BOOST_REQUIRE_EQUAL(log_in(session), CKR_OK);
    return session;
  }
  [[nodiscard]] std::vector<CK_OBJECT_HANDLE> find(CK_SESSION_HANDLE session, std::vector<CK_ATTRIBUTE> wanted) {
    BOOST_REQUIRE_EQUAL(p11->C_FindObjectsInit(session, wanted.data(), wanted.size()), CKR_OK);
    std::vector<CK_OBJECT_HANDLE> found(100);
    CK_ULONG count = 0;
    BOOST_REQUIRE_EQUAL(p11->C_FindObjects(session, found.data(), found.size(), &count), CKR_OK);
    BOOST_REQUIRE_EQUAL(p11->C_FindObjectsFinal(session), CKR_OK);
    found.resize(count);
    return found;
  }
  [[nodiscard]] CK_OBJECT_HANDLE object(CK_SESSION_HANDLE session, CK_OBJECT_CLASS object_class, std::string id) {
    const auto found = find(session, {{CKA_CLASS, &object_class, sizeof object_class}, {CKA_ID, id.data(), id.size()}});
    BOOST_REQUIRE_EQUAL(found.size(), 1U);
    return found.front();
  }
  [[nodiscard]] CK_OBJECT_HANDLE private_key(CK_SESSION_HANDLE session, const std::string& id = "SIGN") {
    return object(session, CKO_PRIVATE_KEY, id);
  }
  [[nodiscard]] CK_OBJECT_HANDLE public_key(CK_SESSION_HANDLE session, const std::string& id = "SIGN") {
    return object(session, CKO_PUBLIC_KEY, id);
  }
  [[nodiscard]] Bytes attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
    CK_ATTRIBUTE wanted{type, nullptr, 0};
    BOOST_REQUIRE_EQUAL(p11->C_GetAttributeValue(session, object, &wanted, 1), CKR_OK);
    Bytes value(wanted.ulValueLen);
    wanted.pValue = value.data();
    BOOST_REQUIRE_EQUAL(p11->C_GetAttributeValue(session, object, &wanted, 1), CKR_OK);
    return value;
  }

  static CK_BYTE* octets(std::string& text) { return reinterpret_cast<CK_BYTE*>(text.data()); }
};

} // namespace twcard::tests
