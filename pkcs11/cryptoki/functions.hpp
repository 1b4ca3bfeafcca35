// The functions of PKCS#11 2.40 and 3.0, and the tables in which a program gets them.
// Source: OASIS PKCS#11 Base Specification 3.0, section 5 (functions) and 3.6 (function lists; their order is part of
// the interface).
#pragma once

#include "pkcs11/cryptoki/types.hpp"

struct CK_FUNCTION_LIST;

// The module is compiled with hidden symbols; these are what it is for (version.map lets nothing else out).
#pragma GCC visibility push(default)
extern "C" {

CK_RV C_Initialize(void* args);
CK_RV C_Finalize(void* reserved);
CK_RV C_GetInfo(CK_INFO* info);
CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list);
CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID* slots, CK_ULONG* count);
CK_RV C_GetSlotInfo(CK_SLOT_ID slot, CK_SLOT_INFO* info);
CK_RV C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO* info);
CK_RV C_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE* mechanisms, CK_ULONG* count);
CK_RV C_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO* info);
CK_RV C_InitToken(CK_SLOT_ID slot, CK_UTF8CHAR* pin, CK_ULONG pin_size, CK_UTF8CHAR* label);
CK_RV C_InitPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR* pin, CK_ULONG pin_size);
CK_RV C_SetPIN(CK_SESSION_HANDLE session, CK_UTF8CHAR* old_pin, CK_ULONG old_size, CK_UTF8CHAR* new_pin,
               CK_ULONG new_size);
CK_RV C_OpenSession(CK_SLOT_ID slot, CK_FLAGS flags, void* application, CK_NOTIFY notify, CK_SESSION_HANDLE* session);
CK_RV C_CloseSession(CK_SESSION_HANDLE session);
CK_RV C_CloseAllSessions(CK_SLOT_ID slot);
CK_RV C_GetSessionInfo(CK_SESSION_HANDLE session, CK_SESSION_INFO* info);
CK_RV C_GetOperationState(CK_SESSION_HANDLE session, CK_BYTE* state, CK_ULONG* size);
CK_RV C_SetOperationState(CK_SESSION_HANDLE session, CK_BYTE* state, CK_ULONG size, CK_OBJECT_HANDLE encryption_key,
                          CK_OBJECT_HANDLE authentication_key);
CK_RV C_Login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG pin_size);
CK_RV C_Logout(CK_SESSION_HANDLE session);
CK_RV C_CreateObject(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count, CK_OBJECT_HANDLE* object);
CK_RV C_CopyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes, CK_ULONG count,
                   CK_OBJECT_HANDLE* copy);
CK_RV C_DestroyObject(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);
CK_RV C_GetObjectSize(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG* size);
CK_RV C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes, CK_ULONG count);
CK_RV C_SetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes, CK_ULONG count);
CK_RV C_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count);
CK_RV C_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG max_count, CK_ULONG* count);
CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE session);
CK_RV C_EncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_Encrypt(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* encrypted,
                CK_ULONG* encrypted_size);
CK_RV C_EncryptUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size, CK_BYTE* encrypted,
                      CK_ULONG* encrypted_size);
CK_RV C_EncryptFinal(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG* encrypted_size);
CK_RV C_DecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_Decrypt(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* data,
                CK_ULONG* data_size);
CK_RV C_DecryptUpdate(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* part,
                      CK_ULONG* part_size);
CK_RV C_DecryptFinal(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG* part_size);
CK_RV C_DigestInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism);
CK_RV C_Digest(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* digest, CK_ULONG* digest_size);
CK_RV C_DigestUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size);
CK_RV C_DigestKey(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key);
CK_RV C_DigestFinal(CK_SESSION_HANDLE session, CK_BYTE* digest, CK_ULONG* digest_size);
CK_RV C_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_Sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* signature,
             CK_ULONG* signature_size);
CK_RV C_SignUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size);
CK_RV C_SignFinal(CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG* signature_size);
CK_RV C_SignRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_SignRecover(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* signature,
                    CK_ULONG* signature_size);
CK_RV C_VerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_Verify(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* signature,
               CK_ULONG signature_size);
CK_RV C_VerifyUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size);
CK_RV C_VerifyFinal(CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG signature_size);
CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_VerifyRecover(CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG signature_size, CK_BYTE* data,
                      CK_ULONG* data_size);
CK_RV C_DigestEncryptUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size, CK_BYTE* encrypted,
                            CK_ULONG* encrypted_size);
CK_RV C_DecryptDigestUpdate(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* part,
                            CK_ULONG* part_size);
CK_RV C_SignEncryptUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size, CK_BYTE* encrypted,
                          CK_ULONG* encrypted_size);
CK_RV C_DecryptVerifyUpdate(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* part,
                            CK_ULONG* part_size);
CK_RV C_GenerateKey(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* key);
CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_attributes,
                        CK_ULONG public_count, CK_ATTRIBUTE* private_attributes, CK_ULONG private_count,
                        CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key);
CK_RV C_WrapKey(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping_key, CK_OBJECT_HANDLE key,
                CK_BYTE* wrapped, CK_ULONG* wrapped_size);
CK_RV C_UnwrapKey(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE unwrapping_key, CK_BYTE* wrapped,
                  CK_ULONG wrapped_size, CK_ATTRIBUTE* attributes, CK_ULONG count, CK_OBJECT_HANDLE* key);
CK_RV C_DeriveKey(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE base_key,
                  CK_ATTRIBUTE* attributes, CK_ULONG count, CK_OBJECT_HANDLE* key);
CK_RV C_SeedRandom(CK_SESSION_HANDLE session, CK_BYTE* seed, CK_ULONG seed_size);
CK_RV C_GenerateRandom(CK_SESSION_HANDLE session, CK_BYTE* random, CK_ULONG size);
CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE session);
CK_RV C_CancelFunction(CK_SESSION_HANDLE session);
CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID* slot, void* reserved);

// New in 3.0
CK_RV C_GetInterfaceList(CK_INTERFACE* interfaces, CK_ULONG* count);
CK_RV C_GetInterface(CK_UTF8CHAR* name, CK_VERSION* version, CK_INTERFACE** interface, CK_FLAGS flags);
CK_RV C_LoginUser(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG pin_size, CK_UTF8CHAR* name,
                  CK_ULONG name_size);
CK_RV C_SessionCancel(CK_SESSION_HANDLE session, CK_FLAGS operations);
CK_RV C_MessageEncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_EncryptMessage(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* associated,
                       CK_ULONG associated_size, CK_BYTE* plain, CK_ULONG plain_size, CK_BYTE* encrypted,
                       CK_ULONG* encrypted_size);
CK_RV C_EncryptMessageBegin(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* associated,
                            CK_ULONG associated_size);
CK_RV C_EncryptMessageNext(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* plain,
                           CK_ULONG plain_size, CK_BYTE* encrypted, CK_ULONG* encrypted_size, CK_FLAGS flags);
CK_RV C_MessageEncryptFinal(CK_SESSION_HANDLE session);
CK_RV C_MessageDecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_DecryptMessage(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* associated,
                       CK_ULONG associated_size, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* plain,
                       CK_ULONG* plain_size);
CK_RV C_DecryptMessageBegin(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* associated,
                            CK_ULONG associated_size);
CK_RV C_DecryptMessageNext(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* encrypted,
                           CK_ULONG encrypted_size, CK_BYTE* plain, CK_ULONG* plain_size, CK_FLAGS flags);
CK_RV C_MessageDecryptFinal(CK_SESSION_HANDLE session);
CK_RV C_MessageSignInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_SignMessage(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* data,
                    CK_ULONG data_size, CK_BYTE* signature, CK_ULONG* signature_size);
CK_RV C_SignMessageBegin(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size);
CK_RV C_SignMessageNext(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* data,
                        CK_ULONG data_size, CK_BYTE* signature, CK_ULONG* signature_size);
CK_RV C_MessageSignFinal(CK_SESSION_HANDLE session);
CK_RV C_MessageVerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
CK_RV C_VerifyMessage(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* data,
                      CK_ULONG data_size, CK_BYTE* signature, CK_ULONG signature_size);
CK_RV C_VerifyMessageBegin(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size);
CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE session, void* parameter, CK_ULONG parameter_size, CK_BYTE* data,
                          CK_ULONG data_size, CK_BYTE* signature, CK_ULONG signature_size);
CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE session);
}
#pragma GCC visibility pop

struct CK_FUNCTION_LIST {
  CK_VERSION version;
  decltype(&::C_Initialize) C_Initialize;
  decltype(&::C_Finalize) C_Finalize;
  decltype(&::C_GetInfo) C_GetInfo;
  decltype(&::C_GetFunctionList) C_GetFunctionList;
  decltype(&::C_GetSlotList) C_GetSlotList;
  decltype(&::C_GetSlotInfo) C_GetSlotInfo;
  decltype(&::C_GetTokenInfo) C_GetTokenInfo;
  decltype(&::C_GetMechanismList) C_GetMechanismList;
  decltype(&::C_GetMechanismInfo) C_GetMechanismInfo;
  decltype(&::C_InitToken) C_InitToken;
  decltype(&::C_InitPIN) C_InitPIN;
  decltype(&::C_SetPIN) C_SetPIN;
  decltype(&::C_OpenSession) C_OpenSession;
  decltype(&::C_CloseSession) C_CloseSession;
  decltype(&::C_CloseAllSessions) C_CloseAllSessions;
  decltype(&::C_GetSessionInfo) C_GetSessionInfo;
  decltype(&::C_GetOperationState) C_GetOperationState;
  decltype(&::C_SetOperationState) C_SetOperationState;
  decltype(&::C_Login) C_Login;
  decltype(&::C_Logout) C_Logout;
  decltype(&::C_CreateObject) C_CreateObject;
  decltype(&::C_CopyObject) C_CopyObject;
  decltype(&::C_DestroyObject) C_DestroyObject;
  decltype(&::C_GetObjectSize) C_GetObjectSize;
  decltype(&::C_GetAttributeValue) C_GetAttributeValue;
  decltype(&::C_SetAttributeValue) C_SetAttributeValue;
  decltype(&::C_FindObjectsInit) C_FindObjectsInit;
  decltype(&::C_FindObjects) C_FindObjects;
  decltype(&::C_FindObjectsFinal) C_FindObjectsFinal;
  decltype(&::C_EncryptInit) C_EncryptInit;
  decltype(&::C_Encrypt) C_Encrypt;
  decltype(&::C_EncryptUpdate) C_EncryptUpdate;
  decltype(&::C_EncryptFinal) C_EncryptFinal;
  decltype(&::C_DecryptInit) C_DecryptInit;
  decltype(&::C_Decrypt) C_Decrypt;
  decltype(&::C_DecryptUpdate) C_DecryptUpdate;
  decltype(&::C_DecryptFinal) C_DecryptFinal;
  decltype(&::C_DigestInit) C_DigestInit;
  decltype(&::C_Digest) C_Digest;
  decltype(&::C_DigestUpdate) C_DigestUpdate;
  decltype(&::C_DigestKey) C_DigestKey;
  decltype(&::C_DigestFinal) C_DigestFinal;
  decltype(&::C_SignInit) C_SignInit;
  decltype(&::C_Sign) C_Sign;
  decltype(&::C_SignUpdate) C_SignUpdate;
  decltype(&::C_SignFinal) C_SignFinal;
  decltype(&::C_SignRecoverInit) C_SignRecoverInit;
  decltype(&::C_SignRecover) C_SignRecover;
  decltype(&::C_VerifyInit) C_VerifyInit;
  decltype(&::C_Verify) C_Verify;
  decltype(&::C_VerifyUpdate) C_VerifyUpdate;
  decltype(&::C_VerifyFinal) C_VerifyFinal;
  decltype(&::C_VerifyRecoverInit) C_VerifyRecoverInit;
  decltype(&::C_VerifyRecover) C_VerifyRecover;
  decltype(&::C_DigestEncryptUpdate) C_DigestEncryptUpdate;
  decltype(&::C_DecryptDigestUpdate) C_DecryptDigestUpdate;
  decltype(&::C_SignEncryptUpdate) C_SignEncryptUpdate;
  decltype(&::C_DecryptVerifyUpdate) C_DecryptVerifyUpdate;
  decltype(&::C_GenerateKey) C_GenerateKey;
  decltype(&::C_GenerateKeyPair) C_GenerateKeyPair;
  decltype(&::C_WrapKey) C_WrapKey;
  decltype(&::C_UnwrapKey) C_UnwrapKey;
  decltype(&::C_DeriveKey) C_DeriveKey;
  decltype(&::C_SeedRandom) C_SeedRandom;
  decltype(&::C_GenerateRandom) C_GenerateRandom;
  decltype(&::C_GetFunctionStatus) C_GetFunctionStatus;
  decltype(&::C_CancelFunction) C_CancelFunction;
  decltype(&::C_WaitForSlotEvent) C_WaitForSlotEvent;
};

// The list of 2.40 with the functions of 3.0 behind it: the same octets as the standard's flat structure.
struct CK_FUNCTION_LIST_3_0 : CK_FUNCTION_LIST {
  decltype(&::C_GetInterfaceList) C_GetInterfaceList;
  decltype(&::C_GetInterface) C_GetInterface;
  decltype(&::C_LoginUser) C_LoginUser;
  decltype(&::C_SessionCancel) C_SessionCancel;
  decltype(&::C_MessageEncryptInit) C_MessageEncryptInit;
  decltype(&::C_EncryptMessage) C_EncryptMessage;
  decltype(&::C_EncryptMessageBegin) C_EncryptMessageBegin;
  decltype(&::C_EncryptMessageNext) C_EncryptMessageNext;
  decltype(&::C_MessageEncryptFinal) C_MessageEncryptFinal;
  decltype(&::C_MessageDecryptInit) C_MessageDecryptInit;
  decltype(&::C_DecryptMessage) C_DecryptMessage;
  decltype(&::C_DecryptMessageBegin) C_DecryptMessageBegin;
  decltype(&::C_DecryptMessageNext) C_DecryptMessageNext;
  decltype(&::C_MessageDecryptFinal) C_MessageDecryptFinal;
  decltype(&::C_MessageSignInit) C_MessageSignInit;
  decltype(&::C_SignMessage) C_SignMessage;
  decltype(&::C_SignMessageBegin) C_SignMessageBegin;
  decltype(&::C_SignMessageNext) C_SignMessageNext;
  decltype(&::C_MessageSignFinal) C_MessageSignFinal;
  decltype(&::C_MessageVerifyInit) C_MessageVerifyInit;
  decltype(&::C_VerifyMessage) C_VerifyMessage;
  decltype(&::C_VerifyMessageBegin) C_VerifyMessageBegin;
  decltype(&::C_VerifyMessageNext) C_VerifyMessageNext;
  decltype(&::C_MessageVerifyFinal) C_MessageVerifyFinal;
};
