// A card as the service would describe and use it, made of OpenSSL: keys SIGN and KEYX with certificates, an issuing CA
// certificate without a key.
#pragma once

#include "driver/base/secure_bytes.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>

namespace twcard::tests {

using Key = std::shared_ptr<EVP_PKEY>;

class SoftwareCard final {
public:
  static constexpr const char* pin = "135790";

  SoftwareCard();

  // The reader's entry in token.list, but for the reader's own members.
  [[nodiscard]] const boost::json::object& entry() const noexcept { return m_entry; }
  [[nodiscard]] Key key(const std::string& id) const { return m_keys.at(id); }
  [[nodiscard]] Bytes certificate(const std::string& id) const { return m_certificates.at(id); }
  // Raw RSA on a block.
  [[nodiscard]] SecureBytes private_operation(const std::string& id, ByteView block) const;
  [[nodiscard]] SecureBytes public_operation(const std::string& id, ByteView block) const;

private:
  boost::json::object certificate_form(const std::string& id, const std::string& label, const Key& key, bool authority);

  std::map<std::string, Key> m_keys;
  std::map<std::string, Bytes> m_certificates;
  boost::json::object m_entry;
};

} // namespace twcard::tests
