#include "pkcs11/operations/ciphering.hpp"

#include "pkcs11/mechanisms/padding.hpp"

namespace twcard::pkcs11 {

namespace {

constexpr std::size_t pkcs1_overhead = 11;

SecureBytes block_to_encrypt(const KeyOperation& operation) {
  const auto& mechanism = operation.mechanism;
  switch (mechanism.scheme) {
  case Scheme::Pkcs1: return padding::pkcs1_encryption(operation.data, operation.block_size());
  case Scheme::Raw: return raw_block(operation.data, operation, CKR_DATA_LEN_RANGE, CKR_DATA_INVALID);
  case Scheme::Oaep:
    return padding::oaep(operation.data, mechanism.scheme_hash, mechanism.mgf_hash, mechanism.label,
                         operation.block_size());
  case Scheme::Digest:
  case Scheme::Pss: break;
  }
  throw Failure(CKR_MECHANISM_INVALID);
}

std::size_t largest_plain_text(const KeyOperation& operation) {
  switch (operation.mechanism.scheme) {
  case Scheme::Pkcs1: return operation.block_size() - pkcs1_overhead;
  case Scheme::Oaep: return operation.block_size() - 2 * digest_size(operation.mechanism.scheme_hash) - 2;
  case Scheme::Raw:
  case Scheme::Digest:
  case Scheme::Pss: break;
  }
  return operation.block_size();
}

SecureBytes without_padding(const KeyOperation& operation, SecureBytes block) {
  const auto& mechanism = operation.mechanism;
  if (mechanism.scheme == Scheme::Raw) return block;
  auto data = mechanism.scheme == Scheme::Pkcs1
                  ? padding::remove_pkcs1_encryption(block.view())
                  : padding::remove_oaep(block.view(), mechanism.scheme_hash, mechanism.mgf_hash, mechanism.label);
  if (!data) throw Failure(CKR_ENCRYPTED_DATA_INVALID);
  return std::move(*data);
}

SecureBytes decrypted(Session& session, const KeyOperation& operation) {
  if (operation.data.size() != operation.block_size()) throw Failure(CKR_ENCRYPTED_DATA_LEN_RANGE);
  auto block = raw_block(operation.data, operation, CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_ENCRYPTED_DATA_INVALID);
  return without_padding(operation, session.card->decrypt(operation.key_id, std::move(block)));
}

void finish_encryption(Session& session, const KeyOperation& operation, Output encrypted) {
  encrypted.write(session.card->apply_public_key(operation.key_id, block_to_encrypt(operation)).view());
}

// The size of the plain text is known only once the card has decrypted. A caller that asks beforehand gets the
// largest possible size; one that then offers too little for the result gets it at the next call, without another
// decryption.
void finish_decryption(Session& session, Ending<KeyOperation>& operation, Output data) {
  require_argument(data.size != nullptr);
  if (!operation->result) {
    if (data.buffer == nullptr) {
      *data.size = largest_plain_text(*operation);
      operation.go_on();
      return;
    }
    operation->result = decrypted(session, *operation);
  }
  if (operation.has_room(data, operation->result->size())) data.write(operation->result->view());
}

// Nothing comes out before the end. A call that asks how much would come out takes nothing in.
void update(std::optional<KeyOperation>& active, const CK_BYTE* part, CK_ULONG size, Output output, CK_RV too_long) {
  Ending operation(active);
  require_argument(output.size != nullptr);
  const auto octets = input(part, size);
  if (operation->result) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
  *output.size = 0;
  if (output.buffer != nullptr) {
    collect(*operation, octets, too_long);
    operation->in_parts = true;
  }
  operation.go_on();
}

void require_one_part(const Ending<KeyOperation>& operation) {
  if (operation->in_parts) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
}

} // namespace

void encrypt_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (may_start(session.encrypt, mechanism))
    session.encrypt = start_key_operation(session, mechanism, key, CKF_ENCRYPT);
}

void encrypt(Session& session, const CK_BYTE* data, CK_ULONG size, Output encrypted) {
  Ending operation(session.encrypt);
  require_one_part(operation);
  const auto octets = input(data, size);
  if (!operation.has_room(encrypted, operation->block_size())) return;
  collect(*operation, octets, CKR_DATA_LEN_RANGE);
  finish_encryption(session, *operation, encrypted);
}

void encrypt_update(Session& session, const CK_BYTE* part, CK_ULONG size, Output encrypted) {
  update(session.encrypt, part, size, encrypted, CKR_DATA_LEN_RANGE);
}

void encrypt_final(Session& session, Output encrypted) {
  Ending operation(session.encrypt);
  if (operation.has_room(encrypted, operation->block_size())) finish_encryption(session, *operation, encrypted);
}

void decrypt_init(Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  if (may_start(session.decrypt, mechanism))
    session.decrypt = start_key_operation(session, mechanism, key, CKF_DECRYPT);
}

void decrypt(Session& session, const CK_BYTE* encrypted, CK_ULONG size, Output data) {
  Ending operation(session.decrypt);
  require_one_part(operation);
  const auto octets = input(encrypted, size);
  if (!operation->result) {
    operation->data.clear();
    collect(*operation, octets, CKR_ENCRYPTED_DATA_LEN_RANGE);
  }
  finish_decryption(session, operation, data);
}

void decrypt_update(Session& session, const CK_BYTE* encrypted, CK_ULONG size, Output part) {
  update(session.decrypt, encrypted, size, part, CKR_ENCRYPTED_DATA_LEN_RANGE);
}

void decrypt_final(Session& session, Output data) {
  Ending operation(session.decrypt);
  finish_decryption(session, operation, data);
}

} // namespace twcard::pkcs11
