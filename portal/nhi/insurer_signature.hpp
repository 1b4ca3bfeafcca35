// What an NHI card's sign-in proves: the insurer's site has seen the card, and has signed for this site and this
// challenge (docs/protocol.md, "The NHI card").
//
// How the insurer lets a relying site check its signatures is not public. InsurerKey checks those of the simulated site
// (docs/simulator.md, "The authentication site"); it is what another way of checking has to replace.
#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace twcard::portal {

struct NhiProof {
  std::string card_number; // 12 digits
  std::string signed_text; // 20 characters
  std::string signature;   // 256 hexadecimal digits
};

// Members cardNumber, signed, signature. Throws Refusal(ProofMalformed) with the member's name as its detail.
[[nodiscard]] NhiProof parse_nhi_proof(const boost::json::value& json);

// The 20 characters that twcardd has signed for a page of this origin with this challenge.
[[nodiscard]] std::string bound_challenge(std::string_view origin, std::string_view challenge);

class InsurerKey final {
public:
  // A public key in PEM. Throws std::runtime_error.
  explicit InsurerKey(const std::filesystem::path& file);

  // Throws Refusal(SignatureInvalid) when the site has not signed these 20 characters for this card.
  void verify(const NhiProof& proof) const;

private:
  std::shared_ptr<evp_pkey_st> m_key;
};

} // namespace twcard::portal
