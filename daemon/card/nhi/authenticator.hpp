// Proves an NHI card to the insurer's authentication site, which makes the signature (docs/nhi-authentication.md).
//
// The one file of the product that opens an outgoing connection, and only to the address of the card profile
// (control C27). A site that hangs, lies or sends without end costs the caller of this one signature its limits.
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace twcard::service {

class SiteKeyPair;

struct SiteAddress {
  std::string host; // a name or an address
  std::uint16_t port = 0;
  Bytes link_key;
};

struct SiteLimits {
  std::chrono::milliseconds step{5000};   // connecting, or waiting for an answer
  std::chrono::milliseconds whole{15000}; // of all that is said to the site for one signature
};

// What the site needs to know about the card, and what it asks of it.
class CardSide {
public:
  struct Opening {
    std::string number; // 12 digits
    Bytes challenge;    // 8 octets
  };
  virtual ~CardSide() = default;
  [[nodiscard]] virtual boost::asio::awaitable<Opening> open() = 0;
  // The card's 16 octets for the module's 32.
  [[nodiscard]] virtual boost::asio::awaitable<Bytes> answer(Bytes module_data) = 0;
};

struct SiteSignature {
  std::string card_number; // 12 digits
  std::string text;        // 256 characters
};

// One signature of the site, in two parts: the caller finds the card between them. Used once, by one coroutine.
class NhiAuthenticator final {
public:
  NhiAuthenticator(boost::asio::any_io_executor executor, SiteAddress address, SiteLimits limits);
  ~NhiAuthenticator();
  NhiAuthenticator(const NhiAuthenticator&) = delete;
  NhiAuthenticator& operator=(const NhiAuthenticator&) = delete;

  // Over a connection of its own. A site that answers that it does not work passes, with a line in the log. Throws
  // SiteUnreachable, SiteFailed at the step "health_check".
  [[nodiscard]] boost::asio::awaitable<void> check_health();
  // The site's signature of `to_sign` (20 characters) for this card, which is asked for nothing before the site has
  // answered the hello. Throws SiteUnreachable; SiteFailed with the step that failed: "hello", "challenge" or
  // "signature"; and what `card` throws. `card` outlives the call.
  [[nodiscard]] boost::asio::awaitable<SiteSignature> sign(std::string to_sign, CardSide& card);

private:
  class Budget;

  boost::asio::any_io_executor m_executor;
  SiteAddress m_address;
  SiteLimits m_limits; // of `whole`: what is left
  std::unique_ptr<const SiteKeyPair> m_key_pair;
};

} // namespace twcard::service
