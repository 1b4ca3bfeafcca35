// What the insurer's authentication site computes, and the test keys that it shares with simulated NHI cards and the
// test profile. The octets of the keys are ASCII text, so that nobody takes them for others. All by OpenSSL.
#pragma once

#include "driver/base/bytes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace twcard::simulator {

inline constexpr std::string_view hello_key = "twcard-sim link key 0 ..";    // three-key triple DES
inline constexpr std::string_view password_key = "twcard-sim link key 1 .."; // of EnCrypt
inline constexpr std::string_view password_suffix = "test";                  // the end of EnCrypt's other key

// Triple DES in ECB mode without padding; key of 24 octets, whole blocks of 8.
[[nodiscard]] Bytes des3_ecb_encrypt(ByteView key, ByteView plain);
[[nodiscard]] Bytes des3_ecb_decrypt(ByteView key, ByteView cipher);

// What the security module says to a card, and what the card answers: how real ones do it is not public.
// The module's 32 octets are eight of its own choice and 24 that only a holder of the module's key can make for this
// card number (12 digits) and challenge (8 octets).
[[nodiscard]] Bytes module_data(ByteView own_choice, ByteView card_number, ByteView challenge);
[[nodiscard]] bool is_module_data(ByteView data, ByteView card_number, ByteView challenge);
[[nodiscard]] Bytes card_answer(ByteView module_data, ByteView card_number); // 16 octets

// An RSA key pair of 1024 bits.
class SiteKey final {
public:
  SiteKey();
  [[nodiscard]] std::string public_pem() const;
  [[nodiscard]] std::optional<Bytes> decrypt(ByteView cipher) const;
  // RSASSA-PKCS1-v1_5 with SHA-256, 128 octets.
  [[nodiscard]] Bytes sign(ByteView text) const;

private:
  std::shared_ptr<evp_pkey_st> m_key;
};

// RSAES-PKCS1-v1_5 to a public key in PEM; nullopt when it is not a key of 1024 bits.
[[nodiscard]] std::optional<Bytes> encrypt_to(const std::string& public_pem, ByteView text);

} // namespace twcard::simulator
