// Which of a card's certificates logs in, which signs and which decrypts: the one rule for pages, programs, PKCS#11 and
// the old interfaces. Pure.
//
// A certificate is for a use if it has an RSA key on the card, is no authority's, and its key usage allows it (RFC 5280
// section 4.2.1.3; without that extension every use is allowed): a login wants digitalSignature, the signature of a
// document takes nonRepudiation as well, decryption wants keyEncipherment or dataEncipherment. Of several, one that is
// valid now comes before others, then one with digitalSignature, then the first in the card's order.
#pragma once

#include "daemon/card/readers/token.hpp"

#include <optional>
#include <string_view>

namespace twcard::service {

enum class KeyUse { Login, Signing, Decryption };

[[nodiscard]] bool is_for(const TokenCertificate& certificate, KeyUse use);
// Whether the card does that with the key, whatever the certificate says.
[[nodiscard]] bool is_able(const Snapshot& snapshot, const TokenCertificate& certificate, KeyUse use);

// The certificate for a use whose key can do it; only the one of this name, if one is named. nullptr without one.
// `now` is a time as in card::CertificateInfo.
[[nodiscard]] const TokenCertificate* key_for(const Snapshot& snapshot, KeyUse use, std::string_view now,
                                              const std::optional<std::string>& id = std::nullopt);

} // namespace twcard::service
