// A session of the application: which card it is with, and the operations that are under way in it.
#pragma once

#include "pkcs11/line/card_link.hpp"
#include "pkcs11/mechanisms/mechanism.hpp"
#include "pkcs11/state/token.hpp"

#include <memory>
#include <mutex>

namespace twcard::pkcs11 {

// Searching: the handles that were found and are not yet given out.
struct Search {
  std::vector<CK_OBJECT_HANDLE> found;
  std::size_t given = 0;
};

struct DigestOperation {
  Digest digest;
  bool in_parts = false; // an Update was called
};

// An operation with a key: C_SignInit to C_Sign or C_SignFinal, and the like.
struct KeyOperation {
  Mechanism mechanism;
  std::string key_id; // of the key on the card
  Bytes modulus;
  std::optional<Digest> digest;      // of the data so far, for mechanisms that hash
  ScrubbedBytes data;                // the data so far, for those that do not
  bool in_parts = false;             // an Update was called
  std::optional<SecureBytes> result; // decrypted, and too large for the buffer that was offered

  [[nodiscard]] std::size_t block_size() const noexcept { return modulus.size(); }
};

struct Session {
  CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;
  CK_SLOT_ID slot = 0;
  CK_FLAGS flags = 0;
  std::shared_ptr<const Token> token;
  std::shared_ptr<CardLink> card;

  std::mutex mutex; // held during a call on the session; below are the operations under way
  std::optional<Search> search;
  std::optional<DigestOperation> digest;
  std::optional<KeyOperation> sign;
  std::optional<KeyOperation> sign_recover;
  std::optional<KeyOperation> verify;
  std::optional<KeyOperation> verify_recover;
  std::optional<KeyOperation> encrypt;
  std::optional<KeyOperation> decrypt;
};

} // namespace twcard::pkcs11
