// Owners of OpenSSL objects, for the portal's own sources.
#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace twcard::portal {

template <auto free_function>
struct OpensslDeleter {
  template <typename T>
  void operator()(T* object) const noexcept {
    free_function(object);
  }
};

using BioHandle = std::unique_ptr<BIO, OpensslDeleter<BIO_free_all>>;
using CrlHandle = std::unique_ptr<X509_CRL, OpensslDeleter<X509_CRL_free>>;
using DigestHandle = std::unique_ptr<EVP_MD_CTX, OpensslDeleter<EVP_MD_CTX_free>>;
using StoreHandle = std::unique_ptr<X509_STORE, OpensslDeleter<X509_STORE_free>>;
using StoreContextHandle = std::unique_ptr<X509_STORE_CTX, OpensslDeleter<X509_STORE_CTX_free>>;

} // namespace twcard::portal
