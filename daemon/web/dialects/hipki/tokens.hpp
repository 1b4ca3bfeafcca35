// The cards that the service has listed for a page, and which of them a request means. Source:
// docs/service-protocol.md, `legacy.tokens`: twcardd has taken the certificates apart, nothing is parsed here.
#pragma once

#include <boost/json/object.hpp>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

namespace twcard::web::hipki {

struct KeyCertificate {
  std::string id;
  std::string label;
  std::string der;     // base64
  std::string subject; // in the certificate's own order, like the issuer
  std::string issuer;
  std::string common_name;
  std::string last_four;
  std::string public_key;    // base64
  std::string serial_number; // hexadecimal
  std::vector<std::string> usage;
  std::time_t not_before = 0;
  std::time_t not_after = 0;
  bool has_key = false;
  bool signs_by_default = false; // twcardd takes it for a signature that names none
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

// The certificate with this ID, or the one that twcardd would sign with, of the card in this reader, or of the only
// card. nullopt when that card has none such. Throws NoCard and SeveralCards.
[[nodiscard]] std::optional<Choice> signing_certificate(const std::vector<Reader>& readers,
                                                        const std::optional<std::string>& reader,
                                                        const std::optional<std::string>& key);

} // namespace twcard::web::hipki
