// What else is done in a session: searching and reading objects, login, digests, random octets. Bodies of the entry
// points of those names, on a locked session. Each throws Failure and Error.
#pragma once

#include "pkcs11/operations/operation.hpp"

namespace twcard::pkcs11 {

[[nodiscard]] CK_SESSION_INFO session_info(const Session& session);

// Without a PIN the service asks the person. Throws Failure before anything is sent for a PIN that cannot be right:
// CKR_PIN_INCORRECT for its length (CKR_PIN_LEN_RANGE is for setting a PIN), CKR_PIN_INVALID.
void login(Session& session, CK_USER_TYPE user, const CK_UTF8CHAR* pin, CK_ULONG size);
void logout(Session& session);

// An object that this session may see. Throws Failure(CKR_OBJECT_HANDLE_INVALID).
[[nodiscard]] const Object& visible_object(const Session& session, CK_OBJECT_HANDLE handle);
void find_init(Session& session, const CK_ATTRIBUTE* attributes, CK_ULONG count);
void find(Session& session, CK_OBJECT_HANDLE* objects, CK_ULONG max_count, CK_ULONG* count);
void find_final(Session& session);

void digest_init(Session& session, const CK_MECHANISM* mechanism);
void digest(Session& session, const CK_BYTE* data, CK_ULONG size, Output digest);
void digest_update(Session& session, const CK_BYTE* part, CK_ULONG size);
void digest_key(Session& session, CK_OBJECT_HANDLE key);
void digest_final(Session& session, Output digest);

// Octets of the kernel's generator, mixed with the card's; the kernel's alone when the card does not answer.
void generate_random(Session& session, CK_BYTE* random, CK_ULONG size);

// C_SessionCancel: ends the operations that the flags name (CKF_SIGN and the like).
void cancel(Session& session, CK_FLAGS operations);
[[nodiscard]] bool has_operation(const Session& session);

} // namespace twcard::pkcs11
