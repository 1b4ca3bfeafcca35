// C_Sign…, C_SignRecover…, C_Verify…, C_VerifyRecover…: bodies of the entry points of those names, on a locked session.
// The card makes and the service applies raw RSA; hashing and padding is done here. Each throws Failure and Error.
#pragma once

#include "pkcs11/operations/operation.hpp"

namespace twcard::pkcs11 {

void sign_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
void sign(Session& session, const CK_BYTE* data, CK_ULONG size, Output signature);
void sign_update(Session& session, const CK_BYTE* part, CK_ULONG size);
void sign_final(Session& session, Output signature);

void sign_recover_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
void sign_recover(Session& session, const CK_BYTE* data, CK_ULONG size, Output signature);

void verify_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
void verify(Session& session, const CK_BYTE* data, CK_ULONG size, const CK_BYTE* signature, CK_ULONG signature_size);
void verify_update(Session& session, const CK_BYTE* part, CK_ULONG size);
void verify_final(Session& session, const CK_BYTE* signature, CK_ULONG signature_size);

void verify_recover_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key);
void verify_recover(Session& session, const CK_BYTE* signature, CK_ULONG size, Output data);

} // namespace twcard::pkcs11
