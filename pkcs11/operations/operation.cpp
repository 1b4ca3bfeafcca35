#include "pkcs11/operations/operation.hpp"

namespace twcard::pkcs11 {

namespace {

struct Need {
  CK_OBJECT_CLASS object_class;
  CK_ATTRIBUTE_TYPE permission;
};

Need need_of(CK_FLAGS use) {
  switch (use) {
  case CKF_SIGN: return {CKO_PRIVATE_KEY, CKA_SIGN};
  case CKF_SIGN_RECOVER: return {CKO_PRIVATE_KEY, CKA_SIGN_RECOVER};
  case CKF_DECRYPT: return {CKO_PRIVATE_KEY, CKA_DECRYPT};
  case CKF_VERIFY: return {CKO_PUBLIC_KEY, CKA_VERIFY};
  case CKF_VERIFY_RECOVER: return {CKO_PUBLIC_KEY, CKA_VERIFY_RECOVER};
  case CKF_ENCRYPT: return {CKO_PUBLIC_KEY, CKA_ENCRYPT};
  default: throw Failure(CKR_GENERAL_ERROR);
  }
}

void check_sizes(const Mechanism& mechanism, ByteView modulus) {
  const auto hash_size = digest_size(mechanism.scheme_hash);
  const bool fits = mechanism.scheme == Scheme::Pss
                        ? hash_size + mechanism.salt_size + 2 <= (bits_of(modulus) - 1 + 7) / 8
                        : mechanism.scheme != Scheme::Oaep || 2 * hash_size + 2 <= modulus.size();
  if (!fits) throw Failure(CKR_MECHANISM_PARAM_INVALID);
}

} // namespace

KeyOperation start_key_operation(const Session& session, const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key,
                                 CK_FLAGS use) {
  const auto need = need_of(use);
  auto parsed = Mechanism::parse(mechanism, use);
  const auto* object = session.token->find(key);
  const bool is_key =
      object != nullptr && (object->object_class() == CKO_PRIVATE_KEY || object->object_class() == CKO_PUBLIC_KEY);
  if (!is_key) throw Failure(CKR_KEY_HANDLE_INVALID);
  if (object->is_private() && !session.card->logged_in()) throw Failure(CKR_USER_NOT_LOGGED_IN);
  if (object->object_class() != need.object_class || !object->flag(need.permission))
    throw Failure(CKR_KEY_FUNCTION_NOT_PERMITTED);

  const auto& modulus = object->find(CKA_MODULUS)->value;
  check_sizes(parsed, modulus);
  KeyOperation operation{std::move(parsed), object->key_id(), modulus, std::nullopt, {}, false, std::nullopt};
  if (operation.mechanism.hash) operation.digest.emplace(*operation.mechanism.hash);
  return operation;
}

void collect(KeyOperation& operation, ByteView data, CK_RV too_long) {
  if (operation.digest) {
    operation.digest->update(data);
    return;
  }
  if (data.size() > operation.block_size() - operation.data.size()) throw Failure(too_long);
  operation.data.insert(operation.data.end(), data.begin(), data.end());
}

SecureBytes raw_block(ByteView data, const KeyOperation& operation, CK_RV too_long, CK_RV too_large) {
  if (data.size() > operation.block_size()) throw Failure(too_long);
  SecureBytes block(operation.block_size());
  std::ranges::copy(data, block.span().last(data.size()).begin());
  if (!std::ranges::lexicographical_compare(block.view(), operation.modulus)) throw Failure(too_large);
  return block;
}

} // namespace twcard::pkcs11
