// Entry points: signing, verifying, encrypting, decrypting.
#include "pkcs11/cryptoki/functions.hpp"
#include "pkcs11/entry/guard.hpp"
#include "pkcs11/operations/ciphering.hpp"
#include "pkcs11/operations/signing.hpp"

using namespace twcard::pkcs11;

CK_RV C_SignInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { sign_init(found, mechanism, key); });
}

CK_RV C_Sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* signature,
             CK_ULONG* signature_size) {
  return in_session(session, [&](Session& found) { sign(found, data, data_size, {signature, signature_size}); });
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size) {
  return in_session(session, [&](Session& found) { sign_update(found, part, part_size); });
}

CK_RV C_SignFinal(CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG* signature_size) {
  return in_session(session, [&](Session& found) { sign_final(found, {signature, signature_size}); });
}

CK_RV C_SignRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { sign_recover_init(found, mechanism, key); });
}

CK_RV C_SignRecover(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* signature,
                    CK_ULONG* signature_size) {
  return in_session(session, [&](Session& found) {
    sign_recover(found, data, data_size, {signature, signature_size});
  });
}

CK_RV C_VerifyInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { verify_init(found, mechanism, key); });
}

CK_RV C_Verify(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* signature,
               CK_ULONG signature_size) {
  return in_session(session, [&](Session& found) { verify(found, data, data_size, signature, signature_size); });
}

CK_RV C_VerifyUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size) {
  return in_session(session, [&](Session& found) { verify_update(found, part, part_size); });
}

CK_RV C_VerifyFinal(CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG signature_size) {
  return in_session(session, [&](Session& found) { verify_final(found, signature, signature_size); });
}

CK_RV C_VerifyRecoverInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { verify_recover_init(found, mechanism, key); });
}

CK_RV C_VerifyRecover(CK_SESSION_HANDLE session, CK_BYTE* signature, CK_ULONG signature_size, CK_BYTE* data,
                      CK_ULONG* data_size) {
  return in_session(session, [&](Session& found) {
    verify_recover(found, signature, signature_size, {data, data_size});
  });
}

CK_RV C_EncryptInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { encrypt_init(found, mechanism, key); });
}

CK_RV C_Encrypt(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* encrypted,
                CK_ULONG* encrypted_size) {
  return in_session(session, [&](Session& found) { encrypt(found, data, data_size, {encrypted, encrypted_size}); });
}

CK_RV C_EncryptUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size, CK_BYTE* encrypted,
                      CK_ULONG* encrypted_size) {
  return in_session(session, [&](Session& found) {
    encrypt_update(found, part, part_size, {encrypted, encrypted_size});
  });
}

CK_RV C_EncryptFinal(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG* encrypted_size) {
  return in_session(session, [&](Session& found) { encrypt_final(found, {encrypted, encrypted_size}); });
}

CK_RV C_DecryptInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { decrypt_init(found, mechanism, key); });
}

CK_RV C_Decrypt(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* data,
                CK_ULONG* data_size) {
  return in_session(session, [&](Session& found) { decrypt(found, encrypted, encrypted_size, {data, data_size}); });
}

CK_RV C_DecryptUpdate(CK_SESSION_HANDLE session, CK_BYTE* encrypted, CK_ULONG encrypted_size, CK_BYTE* part,
                      CK_ULONG* part_size) {
  return in_session(session, [&](Session& found) {
    decrypt_update(found, encrypted, encrypted_size, {part, part_size});
  });
}

CK_RV C_DecryptFinal(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG* part_size) {
  return in_session(session, [&](Session& found) { decrypt_final(found, {part, part_size}); });
}
