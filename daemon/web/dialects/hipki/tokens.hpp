// The cards that the service has listed for a page, and which of them a request means. Source:
// docs/service-protocol.md, `legacy.tokens`. What stands in a certificate beside what the service tells is read here,
// by OpenSSL.
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/json/object.hpp>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace twcard::web::hipki {

struct KeyCertificate {
  std::string id;
  std::string label;
  Bytes der;
  std::string serial_number; // hexadecimal
  std::vector<std::string> usage;
  std::time_t not_before = 0;
  std::time_t not_after = 0;
  bool has_key = false;
};

struct Card {
  std::string serial_number;
  std::vector<KeyCertificate> certificates;
};

struct Reader {
  std::string name;
  bool unknown_card = false;
  std::optional<Card> card;
};

// Throws Error(Internal) when it is not what the service sends.
[[nodiscard]] std::vector<Reader> readers_of(const boost::json::object& result);

struct Choice {
  const Reader& reader;
  const KeyCertificate& certificate;
};

// The certificate with this ID, or the one for digital signatures, of the card in this reader, or of the only card.
// nullopt when that card has none such. Throws NoCard and SeveralCards.
[[nodiscard]] std::optional<Choice> signing_certificate(const std::vector<Reader>& readers,
                                                        const std::optional<std::string>& reader,
                                                        const std::optional<std::string>& key);

// As pages take them apart: RFC 2253 text in the certificate's own order, the holder's serialNumber last, UTF-8. All
// empty for what is no certificate.
struct CertificateNames {
  std::string subject;
  std::string issuer;
  std::string common_name; // the subject's first CN
};
[[nodiscard]] CertificateNames names_of(ByteView certificate);
// The last four characters of the holder's national ID, which MOICA writes as an attribute (2.16.886.1.100.2.51) of the
// subject directory attributes (RFC 5280 section 4.2.1.8); empty when it is not there, or is nothing like that.
[[nodiscard]] std::string last_four_of(ByteView certificate);
// The subject's RSAPublicKey (RFC 8017 appendix A.1.1) in DER; empty when there is none.
[[nodiscard]] Bytes public_key_of(ByteView certificate);

} // namespace twcard::web::hipki
