#include "portal/nhi/insurer_signature.hpp"

#include "driver/crypto/digest.hpp"
#include "driver/crypto/x509.hpp"
#include "portal/verification/refusal.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdexcept>

namespace twcard::portal {
namespace {

constexpr std::size_t card_number_digits = 12;
constexpr std::size_t signed_characters = 20;
constexpr std::size_t signature_digits = 256;
constexpr std::string_view site_version = "0001";
constexpr std::size_t bound_characters = 16;

std::string member(const boost::json::object& object, std::string_view name, std::size_t size) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_string() || value->get_string().size() != size) {
    throw Refusal(Reason::ProofMalformed, std::string(name));
  }
  return {value->get_string().data(), size};
}

} // namespace

NhiProof parse_nhi_proof(const boost::json::value& json) {
  const auto* object = json.if_object();
  if (!object) throw Refusal(Reason::ProofMalformed, "proof: not an object");
  NhiProof proof{member(*object, "cardNumber", card_number_digits), member(*object, "signed", signed_characters),
                 member(*object, "signature", signature_digits)};
  if (proof.card_number.find_first_not_of("0123456789") != std::string::npos) {
    throw Refusal(Reason::ProofMalformed, "cardNumber");
  }
  return proof;
}

std::string bound_challenge(std::string_view origin, std::string_view challenge) {
  auto both = crypto::sha256(as_bytes(origin));
  const auto of_challenge = crypto::sha256(as_bytes(challenge));
  both.insert(both.end(), of_challenge.begin(), of_challenge.end());
  auto text = to_base64(crypto::sha256(both)).substr(0, bound_characters);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return std::string(site_version) + text;
}

InsurerKey::InsurerKey(const std::filesystem::path& file) {
  const crypto::Bio bio(BIO_new_file(file.c_str(), "r"));
  if (bio) m_key = {PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free};
  ERR_clear_error();
  if (!m_key) throw std::runtime_error("no public key in PEM: " + file.string());
}

void InsurerKey::verify(const NhiProof& proof) const {
  const auto octets = from_hex(proof.signature);
  const auto text = proof.card_number + proof.signed_text;
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  const bool verified =
      octets && context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_key.get()) == 1 &&
      EVP_DigestVerify(context.get(), octets->data(), octets->size(), as_bytes(text).data(), text.size()) == 1;
  ERR_clear_error();
  if (!verified) throw Refusal(Reason::SignatureInvalid);
}

} // namespace twcard::portal
