#include "pkcs11/operations/signing.hpp"

#include "pkcs11/mechanisms/padding.hpp"

namespace twcard::pkcs11 {

namespace {

padding::Pss pss_of(const Mechanism& mechanism) {
  return {mechanism.scheme_hash, mechanism.mgf_hash, mechanism.salt_size};
}

// What PSS or PKCS#1 is applied to: the digest of the data, or the data as they are.
Bytes message_of(KeyOperation& operation) {
  return operation.digest ? operation.digest->finish() : Bytes(operation.data.begin(), operation.data.end());
}

SecureBytes pkcs1_block(const KeyOperation& operation, ByteView message) {
  const auto& hash = operation.mechanism.hash;
  return padding::pkcs1_signature(hash ? padding::digest_info(*hash, message) : to_bytes(message),
                                  operation.block_size());
}

SecureBytes block_to_sign(KeyOperation& operation) {
  const auto message = message_of(operation);
  switch (operation.mechanism.scheme) {
  case Scheme::Pkcs1: return pkcs1_block(operation, message);
  case Scheme::Raw: return raw_block(message, operation, CKR_DATA_LEN_RANGE, CKR_DATA_INVALID);
  case Scheme::Pss: return padding::pss(message, pss_of(operation.mechanism), bits_of(operation.modulus));
  case Scheme::Digest:
  case Scheme::Oaep: break;
  }
  throw Failure(CKR_MECHANISM_INVALID);
}

bool is_signature_of(KeyOperation& operation, ByteView block) {
  const auto message = message_of(operation);
  switch (operation.mechanism.scheme) {
  case Scheme::Pkcs1: return std::ranges::equal(pkcs1_block(operation, message).view(), block);
  case Scheme::Raw:
    return std::ranges::equal(raw_block(message, operation, CKR_DATA_LEN_RANGE, CKR_DATA_INVALID).view(), block);
  case Scheme::Pss:
    if (message.size() != digest_size(operation.mechanism.scheme_hash)) throw Failure(CKR_DATA_LEN_RANGE);
    return padding::verify_pss(block, message, pss_of(operation.mechanism), bits_of(operation.modulus));
  case Scheme::Digest:
  case Scheme::Oaep: break;
  }
  throw Failure(CKR_MECHANISM_INVALID);
}

void finish_signature(Session& session, Ending<KeyOperation>& operation, Output signature) {
  signature.write(session.card->sign(operation->key_id, block_to_sign(*operation)).view());
}

// The block that a signature was made of.
SecureBytes opened(Session& session, const KeyOperation& operation, ByteView signature) {
  if (signature.size() != operation.block_size()) throw Failure(CKR_SIGNATURE_LEN_RANGE);
  auto block = raw_block(signature, operation, CKR_SIGNATURE_LEN_RANGE, CKR_SIGNATURE_INVALID);
  return session.card->apply_public_key(operation.key_id, std::move(block));
}

void finish_verification(Session& session, KeyOperation& operation, ByteView signature) {
  const auto block = opened(session, operation, signature);
  if (!is_signature_of(operation, block.view())) throw Failure(CKR_SIGNATURE_INVALID);
}

void update(std::optional<KeyOperation>& active, const CK_BYTE* part, CK_ULONG size) {
  Ending operation(active);
  collect(*operation, input(part, size), CKR_DATA_LEN_RANGE);
  operation->in_parts = true;
  operation.go_on();
}

// One-part functions do not end what was begun in parts, nor the other way round.
void require_one_part(const Ending<KeyOperation>& operation) {
  if (operation->in_parts) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
}

void sign_in_one_part(Session& session, std::optional<KeyOperation>& active, const CK_BYTE* data, CK_ULONG size,
                      Output signature) {
  Ending operation(active);
  require_one_part(operation);
  const auto octets = input(data, size);
  if (!operation.has_room(signature, operation->block_size())) return;
  collect(*operation, octets, CKR_DATA_LEN_RANGE);
  finish_signature(session, operation, signature);
}

} // namespace

void sign_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (may_start(session.sign, mechanism)) session.sign = start_key_operation(session, mechanism, key, CKF_SIGN);
}

void sign(Session& session, const CK_BYTE* data, CK_ULONG size, Output signature) {
  sign_in_one_part(session, session.sign, data, size, signature);
}

void sign_update(Session& session, const CK_BYTE* part, CK_ULONG size) {
  update(session.sign, part, size);
}

void sign_final(Session& session, Output signature) {
  Ending operation(session.sign);
  if (operation.has_room(signature, operation->block_size())) finish_signature(session, operation, signature);
}

void sign_recover_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (may_start(session.sign_recover, mechanism))
    session.sign_recover = start_key_operation(session, mechanism, key, CKF_SIGN_RECOVER);
}

void sign_recover(Session& session, const CK_BYTE* data, CK_ULONG size, Output signature) {
  sign_in_one_part(session, session.sign_recover, data, size, signature);
}

void verify_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (may_start(session.verify, mechanism)) session.verify = start_key_operation(session, mechanism, key, CKF_VERIFY);
}

void verify(Session& session, const CK_BYTE* data, CK_ULONG size, const CK_BYTE* signature, CK_ULONG signature_size) {
  Ending operation(session.verify);
  require_one_part(operation);
  collect(*operation, input(data, size), CKR_DATA_LEN_RANGE);
  require_argument(signature != nullptr);
  finish_verification(session, *operation, input(signature, signature_size));
}

void verify_update(Session& session, const CK_BYTE* part, CK_ULONG size) {
  update(session.verify, part, size);
}

void verify_final(Session& session, const CK_BYTE* signature, CK_ULONG signature_size) {
  Ending operation(session.verify);
  require_argument(signature != nullptr);
  finish_verification(session, *operation, input(signature, signature_size));
}

void verify_recover_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (may_start(session.verify_recover, mechanism))
    session.verify_recover = start_key_operation(session, mechanism, key, CKF_VERIFY_RECOVER);
}

void verify_recover(Session& session, const CK_BYTE* signature, CK_ULONG size, Output data) {
  Ending operation(session.verify_recover);
  const auto octets = input(signature, size);
  require_argument(data.size != nullptr);
  const auto block = opened(session, *operation, octets);
  auto recovered = operation->mechanism.scheme == Scheme::Raw ? std::optional(to_bytes(block.view()))
                                                              : padding::recover_pkcs1_signature(block.view());
  if (!recovered) throw Failure(CKR_SIGNATURE_INVALID);
  if (operation.has_room(data, recovered->size())) data.write(*recovered);
}

} // namespace twcard::pkcs11
