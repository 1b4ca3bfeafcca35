// Entry points: the module itself, slots and tokens, sessions, login.
#include "pkcs11/cryptoki/functions.hpp"
#include "pkcs11/cryptoki/text_field.hpp"
#include "pkcs11/entry/guard.hpp"
#include "pkcs11/entry/interfaces.hpp"
#include "pkcs11/operations/session_functions.hpp"

#include <cstring>

using namespace twcard::pkcs11;

namespace {

// Lists are given out as all variable-length output is: the count alone, or the whole list. The standard allows a null
// list only.
template <typename Item>
void give_list(std::span<const Item> items, Item* list, CK_ULONG* count) {
  const auto room = *count;
  *count = items.size();
  if (list == nullptr) return;
  if (room < items.size()) throw Failure(CKR_BUFFER_TOO_SMALL);
  std::ranges::copy(items, list);
}

bool same_version(const CK_INTERFACE& interface, const CK_VERSION& version) {
  const auto& own = *static_cast<const CK_VERSION*>(interface.pFunctionList);
  return own.major == version.major && own.minor == version.minor;
}

CK_INTERFACE* find_interface(const CK_UTF8CHAR* name, const CK_VERSION* version, CK_FLAGS flags) {
  for (auto& interface : interfaces()) {
    const auto text_of = [](const CK_UTF8CHAR* text) { return reinterpret_cast<const char*>(text); };
    if (name != nullptr && std::strcmp(text_of(name), text_of(interface.pInterfaceName)) != 0) continue;
    if (version != nullptr && !same_version(interface, *version)) continue;
    if ((interface.flags & flags) != flags) continue;
    return &interface;
  }
  throw Failure(CKR_FUNCTION_FAILED);
}

CK_INFO library_info() {
  CK_INFO info{};
  info.cryptokiVersion = {3, 0};
  put_text(info.manufacturerID, "twcard");
  put_text(info.libraryDescription, "twcard PKCS#11 module");
  info.libraryVersion = {TWCARD_VERSION_MAJOR, TWCARD_VERSION_MINOR};
  return info;
}

} // namespace

CK_RV C_Initialize(void* args) {
  return guard([&] { initialize(static_cast<const CK_C_INITIALIZE_ARGS*>(args)); });
}

CK_RV C_Finalize(void* reserved) {
  return guard([&] {
    require_argument(reserved == nullptr);
    finalize();
  });
}

CK_RV C_GetInfo(CK_INFO* info) {
  return guarded([&](Module&) {
    require_argument(info != nullptr);
    *info = library_info();
  });
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  return guard([&] {
    require_argument(list != nullptr);
    *list = function_list();
  });
}

CK_RV C_GetInterfaceList(CK_INTERFACE* list, CK_ULONG* count) {
  return guard([&] {
    require_argument(count != nullptr);
    give_list<CK_INTERFACE>(interfaces(), list, count);
  });
}

CK_RV C_GetInterface(CK_UTF8CHAR* name, CK_VERSION* version, CK_INTERFACE** interface, CK_FLAGS flags) {
  return guard([&] {
    require_argument(interface != nullptr);
    *interface = find_interface(name, version, flags);
  });
}

CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID* slots, CK_ULONG* count) {
  return guarded([&](Module& module) {
    require_argument(count != nullptr);
    const auto ids = module.slot_ids(token_present != CK_FALSE, slots == nullptr);
    give_list<CK_SLOT_ID>(ids, slots, count);
  });
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO* info) {
  return guarded([&](Module& module) {
    require_argument(info != nullptr);
    *info = module.slot_info(slot);
  });
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  return guarded([&](Module& module) {
    require_argument(info != nullptr);
    *info = module.token_info(slot);
  });
}

CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID* slot, void* reserved) {
  return guarded([&](Module& module) {
    require_argument(slot != nullptr && reserved == nullptr);
    const auto found = module.wait_for_slot_event((flags & CKF_DONT_BLOCK) == 0);
    if (!found) throw Failure(CKR_NO_EVENT);
    *slot = *found;
  });
}

CK_RV C_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE* list, CK_ULONG* count) {
  return guarded([&](Module& module) {
    require_argument(count != nullptr);
    module.require_token(slot);
    std::vector<CK_MECHANISM_TYPE> types;
    for (const auto& row : mechanisms()) types.push_back(row.type);
    give_list<CK_MECHANISM_TYPE>(types, list, count);
  });
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* info) {
  return guarded([&](Module& module) {
    require_argument(info != nullptr);
    module.require_token(slot);
    const auto* row = find_mechanism(type);
    if (row == nullptr) throw Failure(CKR_MECHANISM_INVALID);
    *info = info_of(*row);
  });
}

CK_RV C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
  return guarded([&](Module& module) {
    require_argument(session != nullptr);
    if ((flags & CKF_SERIAL_SESSION) == 0) throw Failure(CKR_SESSION_PARALLEL_NOT_SUPPORTED);
    *session = module.open_session(slot, flags);
  });
}

CK_RV C_CloseSession(CK_SESSION_HANDLE session) {
  return guarded([&](Module& module) { module.close_session(session); });
}

CK_RV C_CloseAllSessions(CK_SLOT_ID slot) {
  return guarded([&](Module& module) { module.close_all_sessions(slot); });
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO* info) {
  return in_session(session, [&](const Session& found) {
    require_argument(info != nullptr);
    *info = session_info(found);
  });
}

CK_RV C_SessionCancel(CK_SESSION_HANDLE session, CK_FLAGS operations) {
  return in_session(session, [&](Session& found) { cancel(found, operations); });
}

CK_RV C_GetOperationState(CK_SESSION_HANDLE session, CK_BYTE*, CK_ULONG* size) {
  return in_session(session, [&](const Session& found) {
    require_argument(size != nullptr);
    throw Failure(has_operation(found) ? CKR_STATE_UNSAVEABLE : CKR_OPERATION_NOT_INITIALIZED);
  });
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE session, CK_BYTE* state, CK_ULONG, CK_OBJECT_HANDLE, CK_OBJECT_HANDLE) {
  return in_session(session, [&](const Session&) {
    require_argument(state != nullptr);
    throw Failure(CKR_SAVED_STATE_INVALID);
  });
}

CK_RV C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG pin_size) {
  return in_session(session, [&](Session& found) { login(found, user, pin, pin_size); });
}

CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG pin_size, CK_UTF8CHAR*,
                  CK_ULONG name_size) {
  return in_session(session, [&](Session& found) {
    // The card has one user, without a name.
    if (name_size != 0) throw Failure(CKR_USER_TYPE_INVALID);
    login(found, user, pin, pin_size);
  });
}

CK_RV C_Logout(CK_SESSION_HANDLE session) {
  return in_session(session, [&](Session& found) { logout(found); });
}
