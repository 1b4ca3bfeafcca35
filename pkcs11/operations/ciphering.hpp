// C_Encrypt… and C_Decrypt…: bodies of the entry points of those names, on a locked session. RSA has one block: the
// Update functions only collect. Each throws Failure and Error.
#pragma once

#include "pkcs11/operations/operation.hpp"

namespace twcard::pkcs11 {

void encrypt_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
void encrypt(Session& session, const CK_BYTE* data, CK_ULONG size, Output encrypted);
void encrypt_update(Session& session, const CK_BYTE* part, CK_ULONG size, Output encrypted);
void encrypt_final(Session& session, Output encrypted);

void decrypt_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
void decrypt(Session& session, const CK_BYTE* encrypted, CK_ULONG size, Output data);
void decrypt_update(Session& session, const CK_BYTE* encrypted, CK_ULONG size, Output part);
void decrypt_final(Session& session, Output data);

} // namespace twcard::pkcs11
