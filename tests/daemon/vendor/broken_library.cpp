// A PKCS#11 library as bad as they come. What it does is the value of BROKEN_LIBRARY: "hang", "crash", or "lie": it has
// more slots than anybody asked for, and text and sizes that cannot be.
#include <cstdlib>
#include <cstring>
#include <p11-kit/pkcs11.h>
#include <string_view>
#include <unistd.h>

namespace {

std::string_view behaviour() {
  const char* value = std::getenv("BROKEN_LIBRARY");
  return value == nullptr ? "" : value;
}

CK_RV initialize(void*) {
  if (behaviour() == "crash") std::abort();
  while (behaviour() == "hang") ::pause();
  return CKR_OK;
}

CK_RV finalize(void*) {
  return CKR_OK;
}

CK_RV get_slot_list(unsigned char, CK_SLOT_ID* slots, CK_ULONG* count) {
  if (slots != nullptr) slots[0] = 7;
  *count = 1'000'000;
  return CKR_OK;
}

CK_RV get_slot_info(CK_SLOT_ID, CK_SLOT_INFO* info) {
  std::memset(info, 0xFF, sizeof *info);
  std::memcpy(info->slotDescription, "reader", 6);
  std::memset(info->slotDescription + 6, ' ', sizeof info->slotDescription - 6);
  return CKR_OK;
}

CK_RV get_token_info(CK_SLOT_ID, CK_TOKEN_INFO* info) {
  std::memset(info, 0xFF, sizeof *info);
  return CKR_OK;
}

CK_RV open_session(CK_SLOT_ID, CK_FLAGS, void*, CK_NOTIFY, CK_SESSION_HANDLE* session) {
  *session = 1;
  return CKR_OK;
}

CK_RV close_session(CK_SESSION_HANDLE) {
  return CKR_OK;
}

CK_RV find_objects_init(CK_SESSION_HANDLE, CK_ATTRIBUTE*, CK_ULONG) {
  return CKR_OK;
}

CK_RV find_objects(CK_SESSION_HANDLE, CK_OBJECT_HANDLE*, CK_ULONG, CK_ULONG* count) {
  *count = 1'000'000;
  return CKR_OK;
}

CK_RV find_objects_final(CK_SESSION_HANDLE) {
  return CKR_OK;
}

CK_RV get_attribute_value(CK_SESSION_HANDLE, CK_OBJECT_HANDLE, CK_ATTRIBUTE* attributes, CK_ULONG) {
  attributes[0].ulValueLen = 1'000'000'000;
  return CKR_OK;
}

} // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  static CK_FUNCTION_LIST functions{};
  functions.version = {2, 40};
  functions.C_Initialize = initialize;
  functions.C_Finalize = finalize;
  functions.C_GetSlotList = get_slot_list;
  functions.C_GetSlotInfo = get_slot_info;
  functions.C_GetTokenInfo = get_token_info;
  functions.C_OpenSession = open_session;
  functions.C_CloseSession = close_session;
  functions.C_FindObjectsInit = find_objects_init;
  functions.C_FindObjects = find_objects;
  functions.C_FindObjectsFinal = find_objects_final;
  functions.C_GetAttributeValue = get_attribute_value;
  *list = &functions;
  return CKR_OK;
}
