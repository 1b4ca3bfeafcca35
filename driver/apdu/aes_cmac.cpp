#include "driver/apdu/aes_cmac.hpp"

#include "driver/base/error.hpp"

#include <openssl/evp.h>

namespace twcard::apdu {

ScrubbedBytes aes_cmac(ByteView key, ByteView message) {
  ScrubbedBytes mac(aes_block_size);
  std::size_t size = 0;
  if (key.size() != aes_key_size ||
      EVP_Q_mac(nullptr, "CMAC", nullptr, "AES-128-CBC", nullptr, key.data(), key.size(), message.data(),
                message.size(), mac.data(), mac.size(), &size) == nullptr ||
      size != mac.size())
    throw Error(Errc::Internal, "AES-CMAC is not available in OpenSSL");
  return mac;
}

} // namespace twcard::apdu
