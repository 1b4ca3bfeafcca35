// Entry points of what these cards cannot do: making, changing, wrapping and deriving keys, writing objects,
// initialising tokens; and of what nobody asks RSA for: combined operations and messages. The PIN cannot be changed
// because the card's framing of it is not public.
#include "pkcs11/cryptoki/functions.hpp"
#include "pkcs11/entry/guard.hpp"

using namespace twcard::pkcs11;

namespace {

CK_RV not_supported() {
  return guarded([](Module&) { throw Failure(CKR_FUNCTION_NOT_SUPPORTED); });
}

// What is left of parallel functions in the standard (3.0, section 5.16).
CK_RV not_parallel(CK_SESSION_HANDLE session) {
  return in_session(session, [](const Session&) { throw Failure(CKR_FUNCTION_NOT_PARALLEL); });
}

CK_RV session_not_supported(CK_SESSION_HANDLE session) {
  return in_session(session, [](const Session&) { throw Failure(CKR_FUNCTION_NOT_SUPPORTED); });
}

} // namespace

CK_RV C_InitToken(CK_SLOT_ID, CK_UTF8CHAR*, CK_ULONG, CK_UTF8CHAR*) {
  return not_supported();
}

CK_RV C_InitPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_SetPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR*, CK_ULONG, CK_UTF8CHAR*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE*, CK_ULONG, CK_OBJECT_HANDLE*) {
  return session_not_supported(session);
}

CK_RV C_CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE, CK_ATTRIBUTE*, CK_ULONG, CK_OBJECT_HANDLE*) {
  return session_not_supported(session);
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE) {
  return session_not_supported(session);
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE, CK_ATTRIBUTE*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE session, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE session, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE session, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE session, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_ATTRIBUTE*, CK_ULONG, CK_OBJECT_HANDLE*) {
  return session_not_supported(session);
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_ATTRIBUTE*, CK_ULONG, CK_ATTRIBUTE*, CK_ULONG,
                        CK_OBJECT_HANDLE*, CK_OBJECT_HANDLE*) {
  return session_not_supported(session);
}

CK_RV C_WrapKey(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE, CK_OBJECT_HANDLE, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_UnwrapKey(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE, CK_BYTE*, CK_ULONG, CK_ATTRIBUTE*,
                  CK_ULONG, CK_OBJECT_HANDLE*) {
  return session_not_supported(session);
}

CK_RV C_DeriveKey(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE, CK_ATTRIBUTE*, CK_ULONG,
                  CK_OBJECT_HANDLE*) {
  return session_not_supported(session);
}

CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE session) {
  return not_parallel(session);
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE session) {
  return not_parallel(session);
}

CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE) {
  return session_not_supported(session);
}

CK_RV C_EncryptMessage(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*,
                       CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*,
                           CK_FLAGS) {
  return session_not_supported(session);
}

CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE session) {
  return session_not_supported(session);
}

CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE) {
  return session_not_supported(session);
}

CK_RV C_DecryptMessage(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*,
                       CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*,
                           CK_FLAGS) {
  return session_not_supported(session);
}

CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE session) {
  return session_not_supported(session);
}

CK_RV C_MessageSignInit(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE) {
  return session_not_supported(session);
}

CK_RV C_SignMessage(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_SignMessageBegin(CK_SESSION_HANDLE session, void*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_SignMessageNext(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG*) {
  return session_not_supported(session);
}

CK_RV C_MessageSignFinal(CK_SESSION_HANDLE session) {
  return session_not_supported(session);
}

CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM*, CK_OBJECT_HANDLE) {
  return session_not_supported(session);
}

CK_RV C_VerifyMessage(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE session, void*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE session, void*, CK_ULONG, CK_BYTE*, CK_ULONG, CK_BYTE*, CK_ULONG) {
  return session_not_supported(session);
}

CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE session) {
  return session_not_supported(session);
}
