#include "pkcs11/operations/session_functions.hpp"

#include "pkcs11/mechanisms/padding.hpp"

#include <cstring>

namespace twcard::pkcs11 {

namespace {

SecureBytes checked_pin(const ReaderEntry& token, const CK_UTF8CHAR* pin, CK_ULONG size) {
  if (size < std::max<std::size_t>(token.min_pin, 1) || size > token.max_pin) throw Failure(CKR_PIN_INCORRECT);
  // A program that counts the end of its C string has not meant this PIN.
  if (std::memchr(pin, 0, size) != nullptr) throw Failure(CKR_PIN_INVALID);
  return SecureBytes::copy_of({pin, size});
}

bool sees(const Session& session, const Object& object) {
  return !object.is_private() || session.card->logged_in();
}

} // namespace

CK_SESSION_INFO session_info(const Session& session) {
  const bool writes = (session.flags & CKF_RW_SESSION) != 0;
  const CK_STATE open_to_all = writes ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
  const CK_STATE of_user = writes ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
  return {session.slot, session.card->logged_in() ? of_user : open_to_all, session.flags, 0};
}

void login(Session& session, CK_USER_TYPE user, const CK_UTF8CHAR* pin, CK_ULONG size) {
  if (user != CKU_USER && user != CKU_CONTEXT_SPECIFIC) throw Failure(CKR_USER_TYPE_INVALID);
  require_argument(pin != nullptr || size == 0);
  const bool again = user == CKU_CONTEXT_SPECIFIC;
  if (again && !session.sign && !session.sign_recover && !session.decrypt) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
  if (!again && session.card->logged_in()) throw Failure(CKR_USER_ALREADY_LOGGED_IN);
  std::optional<SecureBytes> entered;
  if (pin != nullptr) entered = checked_pin(session.token->entry(), pin, size);
  const auto kind = again ? CardLink::Login::Again : CardLink::Login::First;
  if (!session.card->login(std::move(entered), kind)) throw Failure(CKR_USER_ALREADY_LOGGED_IN);
}

void logout(Session& session) {
  if (!session.card->logged_in()) throw Failure(CKR_USER_NOT_LOGGED_IN);
  session.card->logout();
}

const Object& visible_object(const Session& session, CK_OBJECT_HANDLE handle) {
  const auto* object = session.token->find(handle);
  if (object == nullptr || !sees(session, *object)) throw Failure(CKR_OBJECT_HANDLE_INVALID);
  return *object;
}

void find_init(Session& session, const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  if (session.search) throw Failure(CKR_OPERATION_ACTIVE);
  const auto wanted = copy_template(attributes, count);
  Search search;
  const auto& objects = session.token->objects();
  for (std::size_t i = 0; i < objects.size(); ++i)
    if (sees(session, objects[i]) && objects[i].matches(wanted)) search.found.push_back(session.token->handle_of(i));
  session.search = std::move(search);
}

void find(Session& session, CK_OBJECT_HANDLE* objects, CK_ULONG max_count, CK_ULONG* count) {
  if (!session.search) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
  require_argument(count != nullptr && (objects != nullptr || max_count == 0));
  auto& search = *session.search;
  const auto given = std::min<std::size_t>(max_count, search.found.size() - search.given);
  std::copy_n(search.found.begin() + static_cast<std::ptrdiff_t>(search.given), given, objects);
  search.given += given;
  *count = given;
}

void find_final(Session& session) {
  if (!session.search) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
  session.search.reset();
}

void digest_init(Session& session, const CK_MECHANISM* mechanism) {
  if (may_start(session.digest, mechanism))
    session.digest = DigestOperation{Digest(*Mechanism::parse(mechanism, CKF_DIGEST).hash)};
}

void digest(Session& session, const CK_BYTE* data, CK_ULONG size, Output digest) {
  Ending operation(session.digest);
  if (operation->in_parts) throw Failure(CKR_OPERATION_NOT_INITIALIZED);
  const auto octets = input(data, size);
  if (!operation.has_room(digest, operation->digest.size())) return;
  operation->digest.update(octets);
  digest.write(operation->digest.finish());
}

void digest_update(Session& session, const CK_BYTE* part, CK_ULONG size) {
  Ending operation(session.digest);
  operation->digest.update(input(part, size));
  operation->in_parts = true;
  operation.go_on();
}

void digest_key(Session& session, CK_OBJECT_HANDLE key) {
  const Ending operation(session.digest);
  const auto* object = session.token->find(key);
  const bool is_key = object != nullptr && object->find(CKA_KEY_TYPE) != nullptr;
  throw Failure(is_key ? CKR_KEY_INDIGESTIBLE : CKR_KEY_HANDLE_INVALID); // there are no secret keys on these cards
}

void digest_final(Session& session, Output digest) {
  Ending operation(session.digest);
  if (operation.has_room(digest, operation->digest.size())) digest.write(operation->digest.finish());
}

void generate_random(Session& session, CK_BYTE* random, CK_ULONG size) {
  require_argument(random != nullptr || size == 0);
  const std::span<std::uint8_t> octets(random, size);
  padding::fill_random(octets);
  SecureBytes of_card;
  try {
    of_card = session.card->random();
  } catch (const Error&) {
    return;
  }
  // Each 64 octets are xored with a hash over the card's octets and fresh ones of the kernel: the result is no weaker
  // than the better of the two.
  SecureBytes salt(32);
  for (std::size_t start = 0; start < octets.size(); start += digest_size(Hash::Sha512)) {
    padding::fill_random(salt.span());
    Digest mix(Hash::Sha512);
    mix.update(of_card.view());
    mix.update(salt.view());
    const auto mask = mix.finish();
    const auto part = octets.subspan(start, std::min(mask.size(), octets.size() - start));
    for (std::size_t i = 0; i < part.size(); ++i) part[i] ^= mask[i];
  }
}

void cancel(Session& session, CK_FLAGS operations) {
  const auto named = [operations](CK_FLAGS flag) { return (operations & flag) != 0; };
  if (named(CKF_FIND_OBJECTS)) session.search.reset();
  if (named(CKF_DIGEST)) session.digest.reset();
  if (named(CKF_SIGN)) session.sign.reset();
  if (named(CKF_SIGN_RECOVER)) session.sign_recover.reset();
  if (named(CKF_VERIFY)) session.verify.reset();
  if (named(CKF_VERIFY_RECOVER)) session.verify_recover.reset();
  if (named(CKF_ENCRYPT)) session.encrypt.reset();
  if (named(CKF_DECRYPT)) session.decrypt.reset();
}

bool has_operation(const Session& session) {
  return session.search || session.digest || session.sign || session.sign_recover || session.verify ||
         session.verify_recover || session.encrypt || session.decrypt;
}

} // namespace twcard::pkcs11
