#include "pkcs11/mechanisms/mechanism.hpp"

#include "pkcs11/cryptoki/rv.hpp"

#include <algorithm>
#include <array>

namespace twcard::pkcs11 {

namespace {

constexpr CK_ULONG min_key_bits = 1024;
constexpr CK_ULONG max_key_bits = 4096;
constexpr std::size_t max_salt_size = max_key_bits / 8;
constexpr std::size_t max_label_size = 4096;

constexpr CK_FLAGS signing = CKF_SIGN | CKF_VERIFY;
constexpr CK_FLAGS everything = signing | CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER | CKF_ENCRYPT | CKF_DECRYPT;

constexpr std::array rows = {
    MechanismRow{CKM_RSA_PKCS, Scheme::Pkcs1, std::nullopt, everything},
    MechanismRow{CKM_RSA_X_509, Scheme::Raw, std::nullopt, everything},
    MechanismRow{CKM_SHA1_RSA_PKCS, Scheme::Pkcs1, Hash::Sha1, signing},
    MechanismRow{CKM_RSA_PKCS_OAEP, Scheme::Oaep, std::nullopt, CKF_ENCRYPT | CKF_DECRYPT},
    MechanismRow{CKM_RSA_PKCS_PSS, Scheme::Pss, std::nullopt, signing},
    MechanismRow{CKM_SHA1_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha1, signing},
    MechanismRow{CKM_SHA256_RSA_PKCS, Scheme::Pkcs1, Hash::Sha256, signing},
    MechanismRow{CKM_SHA384_RSA_PKCS, Scheme::Pkcs1, Hash::Sha384, signing},
    MechanismRow{CKM_SHA512_RSA_PKCS, Scheme::Pkcs1, Hash::Sha512, signing},
    MechanismRow{CKM_SHA256_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha256, signing},
    MechanismRow{CKM_SHA384_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha384, signing},
    MechanismRow{CKM_SHA512_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha512, signing},
    MechanismRow{CKM_SHA224_RSA_PKCS, Scheme::Pkcs1, Hash::Sha224, signing},
    MechanismRow{CKM_SHA224_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha224, signing},
    MechanismRow{CKM_SHA3_256_RSA_PKCS, Scheme::Pkcs1, Hash::Sha3_256, signing},
    MechanismRow{CKM_SHA3_384_RSA_PKCS, Scheme::Pkcs1, Hash::Sha3_384, signing},
    MechanismRow{CKM_SHA3_512_RSA_PKCS, Scheme::Pkcs1, Hash::Sha3_512, signing},
    MechanismRow{CKM_SHA3_256_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha3_256, signing},
    MechanismRow{CKM_SHA3_384_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha3_384, signing},
    MechanismRow{CKM_SHA3_512_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha3_512, signing},
    MechanismRow{CKM_SHA3_224_RSA_PKCS, Scheme::Pkcs1, Hash::Sha3_224, signing},
    MechanismRow{CKM_SHA3_224_RSA_PKCS_PSS, Scheme::Pss, Hash::Sha3_224, signing},
    MechanismRow{CKM_SHA_1, Scheme::Digest, Hash::Sha1, CKF_DIGEST},
    MechanismRow{CKM_SHA256, Scheme::Digest, Hash::Sha256, CKF_DIGEST},
    MechanismRow{CKM_SHA224, Scheme::Digest, Hash::Sha224, CKF_DIGEST},
    MechanismRow{CKM_SHA384, Scheme::Digest, Hash::Sha384, CKF_DIGEST},
    MechanismRow{CKM_SHA512, Scheme::Digest, Hash::Sha512, CKF_DIGEST},
    MechanismRow{CKM_SHA3_256, Scheme::Digest, Hash::Sha3_256, CKF_DIGEST},
    MechanismRow{CKM_SHA3_224, Scheme::Digest, Hash::Sha3_224, CKF_DIGEST},
    MechanismRow{CKM_SHA3_384, Scheme::Digest, Hash::Sha3_384, CKF_DIGEST},
    MechanismRow{CKM_SHA3_512, Scheme::Digest, Hash::Sha3_512, CKF_DIGEST},
};

[[noreturn]] void refuse_parameter() {
  throw Failure(CKR_MECHANISM_PARAM_INVALID);
}

Hash hash_of_digest(CK_MECHANISM_TYPE type) {
  const auto* row = find_mechanism(type);
  if (row == nullptr || row->scheme != Scheme::Digest) refuse_parameter();
  return *row->hash;
}

Hash hash_of_mgf(CK_RSA_PKCS_MGF_TYPE type) {
  switch (type) {
  case CKG_MGF1_SHA1: return Hash::Sha1;
  case CKG_MGF1_SHA224: return Hash::Sha224;
  case CKG_MGF1_SHA256: return Hash::Sha256;
  case CKG_MGF1_SHA384: return Hash::Sha384;
  case CKG_MGF1_SHA512: return Hash::Sha512;
  case CKG_MGF1_SHA3_224: return Hash::Sha3_224;
  case CKG_MGF1_SHA3_256: return Hash::Sha3_256;
  case CKG_MGF1_SHA3_384: return Hash::Sha3_384;
  case CKG_MGF1_SHA3_512: return Hash::Sha3_512;
  default: refuse_parameter();
  }
}

template <typename Parameters>
const Parameters& parameters_of(const CK_MECHANISM& mechanism) {
  if (mechanism.pParameter == nullptr || mechanism.ulParameterLen != sizeof(Parameters)) refuse_parameter();
  return *static_cast<const Parameters*>(mechanism.pParameter);
}

void parse_pss(const CK_MECHANISM& mechanism, Mechanism& parsed) {
  const auto& parameters = parameters_of<CK_RSA_PKCS_PSS_PARAMS>(mechanism);
  parsed.scheme_hash = hash_of_digest(parameters.hashAlg);
  parsed.mgf_hash = hash_of_mgf(parameters.mgf);
  if (parsed.hash && *parsed.hash != parsed.scheme_hash) refuse_parameter();
  if (parameters.sLen > max_salt_size) refuse_parameter();
  parsed.salt_size = parameters.sLen;
}

void parse_oaep(const CK_MECHANISM& mechanism, Mechanism& parsed) {
  const auto& parameters = parameters_of<CK_RSA_PKCS_OAEP_PARAMS>(mechanism);
  parsed.scheme_hash = hash_of_digest(parameters.hashAlg);
  parsed.mgf_hash = hash_of_mgf(parameters.mgf);
  // Programs that have no label often leave the source at zero.
  const bool none = parameters.source == 0 && parameters.ulSourceDataLen == 0;
  if (!none && parameters.source != CKZ_DATA_SPECIFIED) refuse_parameter();
  if (parameters.ulSourceDataLen > max_label_size) refuse_parameter();
  if (parameters.ulSourceDataLen == 0) return;
  if (parameters.pSourceData == nullptr) refuse_parameter();
  parsed.label = to_bytes({static_cast<const std::uint8_t*>(parameters.pSourceData), parameters.ulSourceDataLen});
}

} // namespace

std::span<const MechanismRow> mechanisms() noexcept {
  return rows;
}

const MechanismRow* find_mechanism(CK_MECHANISM_TYPE type) noexcept {
  const auto* found = std::ranges::find(rows, type, &MechanismRow::type);
  return found == rows.end() ? nullptr : found;
}

CK_MECHANISM_INFO info_of(const MechanismRow& row) noexcept {
  // Digests and padding are the host's work, the RSA operation is the card's.
  if (row.scheme == Scheme::Digest) return {0, 0, row.uses};
  return {min_key_bits, max_key_bits, row.uses | CKF_HW};
}

Mechanism Mechanism::parse(const CK_MECHANISM* mechanism, CK_FLAGS use) {
  require_argument(mechanism != nullptr);
  const auto* row = find_mechanism(mechanism->mechanism);
  if (row == nullptr || (row->uses & use) == 0) throw Failure(CKR_MECHANISM_INVALID);
  Mechanism parsed;
  parsed.scheme = row->scheme;
  parsed.hash = row->hash;
  switch (row->scheme) {
  case Scheme::Pss: parse_pss(*mechanism, parsed); break;
  case Scheme::Oaep: parse_oaep(*mechanism, parsed); break;
  case Scheme::Digest:
  case Scheme::Pkcs1:
  case Scheme::Raw:
    if (mechanism->ulParameterLen != 0) refuse_parameter();
    break;
  }
  return parsed;
}

} // namespace twcard::pkcs11
