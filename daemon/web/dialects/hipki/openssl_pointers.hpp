// OpenSSL's objects as owners of themselves.
#pragma once

#include <memory>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

namespace twcard::web::hipki {

template <auto Function>
struct Free {
  template <typename T>
  void operator()(T* object) const noexcept {
    Function(object);
  }
};

using AttributePointer = std::unique_ptr<X509_ATTRIBUTE, Free<&X509_ATTRIBUTE_free>>;
using Pkcs7Pointer = std::unique_ptr<PKCS7, Free<&PKCS7_free>>;
using SignerInfoPointer = std::unique_ptr<PKCS7_SIGNER_INFO, Free<&PKCS7_SIGNER_INFO_free>>;
using X509Pointer = std::unique_ptr<X509, Free<&X509_free>>;

} // namespace twcard::web::hipki
