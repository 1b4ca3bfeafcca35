// An RSA key of 2048 bits out of the simulator's pool of published test keys: none comes twice in a process.
#pragma once

#include "simulator/crypto/key_source.hpp"

#include <memory>
#include <openssl/evp.h>

namespace twcard::testing {

inline std::shared_ptr<EVP_PKEY> test_key() {
  const auto key = simulator::KeySource::of_this_process().next();
  EVP_PKEY_up_ref(key.get());
  return {key.get(), EVP_PKEY_free};
}

} // namespace twcard::testing
