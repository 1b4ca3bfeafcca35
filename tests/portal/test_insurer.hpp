// The insurer's site for tests: a key of its own, and proofs that it has signed for a card.
#pragma once

#include "tests/portal/verification/test_authority.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace twcard::portal::test {

struct TestInsurer {
  KeyPair key{EVP_RSA_gen(1024), &EVP_PKEY_free};

  // A file with the public key in PEM.
  [[nodiscard]] std::filesystem::path write_to(const TemporaryFolder& folder) const {
    auto path = folder.file("insurer.pem");
    std::FILE* file = std::fopen(path.c_str(), "w");
    BOOST_REQUIRE(file != nullptr);
    BOOST_REQUIRE(PEM_write_PUBKEY(file, key.get()) == 1);
    std::fclose(file);
    return path;
  }

  [[nodiscard]] boost::json::object proof(const std::string& card_number, const std::string& signed_text) const {
    const auto text = card_number + signed_text;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Bytes signature(128);
    std::size_t size = signature.size();
    BOOST_REQUIRE(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key.get()) == 1);
    BOOST_REQUIRE(EVP_DigestSign(context, signature.data(), &size, as_bytes(text).data(), text.size()) == 1);
    EVP_MD_CTX_free(context);
    return {{"cardNumber", card_number}, {"signed", signed_text}, {"signature", to_hex(signature)}};
  }
};

} // namespace twcard::portal::test
