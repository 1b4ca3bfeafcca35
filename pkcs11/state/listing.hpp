// What the service says about readers and tokens (docs/service-protocol.md, "Token sessions"), as values.
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace twcard::pkcs11 {

enum class CardState { Empty, Reading, Ready, Unrecognised, Failed };

// All in DER or as the standard wants them in an attribute: nothing of a card is parsed in here.
struct CertificateEntry {
  std::string id; // what the service calls it
  std::string label;
  Bytes identifier; // CKA_ID
  Bytes der;
  Bytes subject;
  Bytes issuer;
  Bytes serial_number;
  std::string not_before; // YYYYMMDD
  std::string not_after;
  Bytes public_key_info;
  Bytes key_hash;        // SHA-1 of the subject's public key
  Bytes issuer_key_hash; // of the issuer's; empty when the issuer is not on the card
  Bytes modulus;
  Bytes public_exponent;
  bool authority = false;
  bool has_key = false;
  bool signs = false;
  bool decrypts = false;
};

struct ReaderEntry {
  std::string reader;
  CardState state = CardState::Empty;
  std::string insertion; // names this insertion of the card; empty without a card
  std::string label;
  std::string manufacturer;
  std::string model;
  std::string serial_number;
  std::size_t min_pin = 0;
  std::size_t max_pin = 0;
  std::optional<int> tries_left; // as far as known
  std::vector<CertificateEntry> certificates;
};

// Throws Error(Internal) for what does not have the documented form.
[[nodiscard]] std::vector<ReaderEntry> parse_listing(const boost::json::object& result);

} // namespace twcard::pkcs11
