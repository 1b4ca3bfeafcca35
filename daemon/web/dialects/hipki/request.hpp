// What a page of the HiPKI interface asks for. Source: docs/dialects/protocol.md, "HiPKI: requests". Pure: text in,
// values out.
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "driver/crypto/digest.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace twcard::web::hipki {

enum class Function { UserCertificates, Environment, MakeSignature, DecryptData };

enum class SignatureType {
  Pkcs1, // RSASSA-PKCS1-v1_5
  Pkcs7, // CMS SignedData, the content in it
  Raw,   // of a DigestInfo that the page has made
};

struct SignRequest {
  SignatureType type = SignatureType::Pkcs1;
  Bytes content; // SignatureType::Raw: the DigestInfo
  crypto::HashFunction hash_function = crypto::HashFunction::Sha256;
  Bytes nonce; // empty: none
  bool with_card_number = false;
  bool with_certificate = true;
  bool with_signing_time = false;
  bool check_validity = false;
};

struct DecryptRequest {
  Bytes cipher;
  bool plain_as_base64 = false;
};

// The members of the page's message: strings, percent-decoded, "__NotExistedTag__" and the empty text being as good as
// absent. Members that are not known are ignored, as the old component did.
class Message final {
public:
  // nullopt for what is not a JSON object (depth 8, 64 KiB).
  [[nodiscard]] static std::optional<Message> parse(std::string_view json);
  // The form field that /sign and /decrypt take: `tbsPackage=` and JSON, form-encoded or as it is.
  [[nodiscard]] static std::optional<Message> parse_form(std::string_view body);

  [[nodiscard]] std::string function_name() const;
  // nullopt for a function that is not known.
  [[nodiscard]] std::optional<Function> function() const;
  // All of these throw Error(BadRequest) that names the member.
  [[nodiscard]] SignRequest sign_request() const;
  [[nodiscard]] DecryptRequest decrypt_request() const;
  [[nodiscard]] std::optional<std::string> reader() const; // slotDescription
  // keyidb64, as the base64 text that pkcs11info gave, or as the ID itself.
  [[nodiscard]] std::optional<std::string> key() const;
  // The PIN in the message; to be looked at only for a site whose page may hold it.
  [[nodiscard]] SecureBytes pin() const;

private:
  explicit Message(boost::json::object members) : m_members(std::move(members)) {}
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
  [[nodiscard]] bool flag(std::string_view name, bool otherwise = false) const;

  boost::json::object m_members;
};

} // namespace twcard::web::hipki
