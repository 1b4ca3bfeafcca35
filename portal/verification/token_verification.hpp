// Verification of a login token, with no HTTP inside: what a site copies, or reads, to accept these cards.
//
// The token is the Web eID authentication token, version 1.0 (docs/protocol.md): the card holder's certificate and a
// signature over SHA-256(origin) || SHA-256(nonce). A site that puts its own origin and its own single-use nonce in
// accepts nothing that was signed for another site or at another time.
#pragma once

#include "driver/base/bytes.hpp"
#include "portal/verification/certificate.hpp"
#include "portal/verification/trust_store.hpp"

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace twcard::portal {

struct LoginToken {
  Certificate certificate;
  Bytes signature; // 256 to 1024 octets
};

// Format web-eid:1.0, algorithm RS256, strict base64 within bounds. Members that are not known are ignored, as the
// format asks. Throws Refusal(TokenMalformed, TokenFormat, TokenAlgorithm, CertificateMalformed).
[[nodiscard]] LoginToken parse_login_token(const boost::json::value& json);
// The same from JSON text of at most 32 KiB, as a page sent it. What is no JSON is TokenMalformed.
[[nodiscard]] LoginToken parse_login_token_text(std::string_view text);

// What this login has to be about. The nonce is the text that was sent to the page.
struct LoginExpectation {
  std::string_view origin;
  std::string_view nonce;
  std::string_view id_number; // as typed, upper case
  Time now;
};

struct CardHolder {
  std::string name;          // from the certificate
  std::string serial_number; // stable identifier of the holder, never empty
  bool simulated = false;    // the anchor is a simulated card's
};

// Checks, in this order: usage, chain with revocation and dates, signature over origin and nonce, the profile of a
// citizen certificate, and the last four characters of the ID number. Throws Refusal with a reason of its own for each.
[[nodiscard]] CardHolder verify_login(const LoginToken& token, const LoginExpectation& expectation, TrustStore& trust);

} // namespace twcard::portal
