// Entry points: objects, digests, random octets.
#include "pkcs11/cryptoki/functions.hpp"
#include "pkcs11/entry/guard.hpp"
#include "pkcs11/operations/session_functions.hpp"

using namespace twcard::pkcs11;

CK_RV C_GetObjectSize(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG* size) {
  return in_session(session, [&](const Session& found) {
    require_argument(size != nullptr);
    *size = visible_object(found, object).size();
  });
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes,
                          CK_ULONG count) {
  return in_session(session, [&](const Session& found) {
    require_argument(attributes != nullptr && count != 0);
    const auto result = visible_object(found, object).read({attributes, count});
    if (result != CKR_OK) throw Failure(result);
  });
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count) {
  return in_session(session, [&](Session& found) { find_init(found, attributes, count); });
}

CK_RV C_FindObjects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG max_count, CK_ULONG* count) {
  return in_session(session, [&](Session& found) { find(found, objects, max_count, count); });
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE session) {
  return in_session(session, [&](Session& found) { find_final(found); });
}

CK_RV C_DigestInit(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism) {
  return in_session(session, [&](Session& found) { digest_init(found, mechanism); });
}

CK_RV C_Digest(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG data_size, CK_BYTE* digest_octets,
               CK_ULONG* digest_size) {
  return in_session(session, [&](Session& found) { digest(found, data, data_size, {digest_octets, digest_size}); });
}

CK_RV C_DigestUpdate(CK_SESSION_HANDLE session, CK_BYTE* part, CK_ULONG part_size) {
  return in_session(session, [&](Session& found) { digest_update(found, part, part_size); });
}

CK_RV C_DigestKey(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](Session& found) { digest_key(found, key); });
}

CK_RV C_DigestFinal(CK_SESSION_HANDLE session, CK_BYTE* digest_octets, CK_ULONG* digest_size) {
  return in_session(session, [&](Session& found) { digest_final(found, {digest_octets, digest_size}); });
}

CK_RV C_SeedRandom(CK_SESSION_HANDLE session, CK_BYTE* seed, CK_ULONG seed_size) {
  return in_session(session, [&](const Session&) {
    require_argument(seed != nullptr || seed_size == 0);
    throw Failure(CKR_RANDOM_SEED_NOT_SUPPORTED);
  });
}

CK_RV C_GenerateRandom(CK_SESSION_HANDLE session, CK_BYTE* random, CK_ULONG size) {
  return in_session(session, [&](Session& found) { generate_random(found, random, size); });
}
