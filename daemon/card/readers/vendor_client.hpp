// Cards that only their vendor's PKCS#11 library can use: which library is for which card, and what twcard-vendor does
// with it. Source: docs/vendor.md; docs/service-protocol.md, "twcard-vendor".
//
// No transaction of ours is open meanwhile: pcscd would let the library wait for it. One strand, as everything here.
#pragma once

#include "daemon/card/readers/token.hpp"
#include "driver/card/profile/card_profile.hpp"
#include "rpc/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <filesystem>

namespace twcard::service {

class VendorClient final {
public:
  // Off without libraries.
  VendorClient(std::filesystem::path socket, std::vector<card::VendorProfile> libraries)
      : m_socket(std::move(socket)), m_libraries(std::move(libraries)) {}

  // Whether a library is configured for the card.
  [[nodiscard]] bool has_library_for(ByteView atr) const { return library_for(atr) != nullptr; }
  // What the library knows of the card in a reader: a snapshot of its own for one that no driver knows, or `known` with
  // the library's name. Throws what twcard-vendor says, NoCard when there is no certificate, BadCardData, CardRefused
  // (no twcard-vendor), Timeout.
  boost::asio::awaitable<Snapshot> read(std::string reader, Bytes atr, std::optional<Snapshot> known) const;

  // The PIN is tried once. Throws as the drivers do.
  boost::asio::awaitable<void> check_pin(std::shared_ptr<const Token> token, std::shared_ptr<const Pin> pin) const;
  // The private operation on a block for a signature (PKCS #1 type 1); BadRequest for another one. The result is not
  // checked here.
  boost::asio::awaitable<SecureBytes> sign(std::shared_ptr<const Token> token, std::shared_ptr<const Pin> pin,
                                           std::uint8_t key, std::shared_ptr<const SecureBytes> block) const;
  // The message in a block of RSAES-PKCS1-v1_5. A library takes the padding off by itself: nothing is left to check.
  boost::asio::awaitable<SecureBytes> decrypt(std::shared_ptr<const Token> token, std::shared_ptr<const Pin> pin,
                                              std::uint8_t key, std::shared_ptr<const SecureBytes> block) const;

private:
  // With the token's place, the key's certificate, and the PIN before the data.
  boost::asio::awaitable<SecureBytes> use_key(std::string method, std::shared_ptr<const Token> token, std::uint8_t key,
                                              SecureBytes blob) const;
  [[nodiscard]] const card::VendorProfile* library_for(ByteView atr) const;
  boost::asio::awaitable<rpc::Reply> ask(std::string method, boost::json::object params, SecureBytes blob) const;

  std::filesystem::path m_socket;
  std::vector<card::VendorProfile> m_libraries;
};

} // namespace twcard::service
