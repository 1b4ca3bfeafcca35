// The mechanisms: which there are, what each may be used for, and their parameters checked.
// Source: OASIS PKCS#11 Current Mechanisms 3.0, section 2.1 (RSA), 2.20 to 2.32 (digests).
#pragma once

#include "pkcs11/cryptoki/constants.hpp"
#include "pkcs11/mechanisms/digest.hpp"

#include <optional>
#include <span>

namespace twcard::pkcs11 {

enum class Scheme { Digest, Pkcs1, Raw, Pss, Oaep };

struct MechanismRow {
  CK_MECHANISM_TYPE type;
  Scheme scheme;
  std::optional<Hash> hash; // over the data, before the scheme
  CK_FLAGS uses;            // CKF_SIGN and the like
};

// All of them.
[[nodiscard]] std::span<const MechanismRow> mechanisms() noexcept;
// nullptr for one that we do not have.
[[nodiscard]] const MechanismRow* find_mechanism(CK_MECHANISM_TYPE type) noexcept;
[[nodiscard]] CK_MECHANISM_INFO info_of(const MechanismRow& row) noexcept;

// A mechanism with its parameters, owned.
struct Mechanism {
  Scheme scheme = Scheme::Digest;
  std::optional<Hash> hash;      // over the data
  Hash scheme_hash = Hash::Sha1; // PSS, OAEP
  Hash mgf_hash = Hash::Sha1;    // PSS, OAEP
  std::size_t salt_size = 0;     // PSS, at most 512
  Bytes label;                   // OAEP, at most 4096 octets

  // Throws Failure(CKR_ARGUMENTS_BAD) without a mechanism, CKR_MECHANISM_INVALID for one that has not this use,
  // CKR_MECHANISM_PARAM_INVALID.
  [[nodiscard]] static Mechanism parse(const CK_MECHANISM* mechanism, CK_FLAGS use);
};

} // namespace twcard::pkcs11
