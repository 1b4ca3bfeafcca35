// The methods `legacy.*` of the service protocol: what twcard-web asks for the sites that speak the old local
// protocols. Source: docs/service-protocol.md, "Old local protocols".
#pragma once

#include "daemon/card/keys/legacy_keys.hpp"
#include "daemon/card/nhi/legacy_nhi.hpp"
#include "daemon/card/nhi/signing.hpp"
#include "rpc/message.hpp"

namespace twcard::service {

class LegacyMethods final {
public:
  LegacyMethods(LegacyNhi& nhi, NhiSigning& nhi_signing, LegacyKeys& keys)
      : m_nhi(nhi), m_nhi_signing(nhi_signing), m_keys(keys) {}

  // `asking` is made of the request's `origin` and `reader`. Throws BadRequest for a name that is no method, and for
  // parameters, before anybody is asked anything.
  boost::asio::awaitable<rpc::Reply> handle(Asking asking, rpc::Request request);

private:
  boost::asio::awaitable<rpc::Reply> basic(Asking asking, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> encrypt_password(Asking asking, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> encrypt_basic(Asking asking, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> sign_nhi(Asking asking, rpc::Request request);

  boost::asio::awaitable<rpc::Reply> tokens(Asking asking, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> sign(Asking asking, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> decrypt(Asking asking, rpc::Request request);

  LegacyNhi& m_nhi;
  NhiSigning& m_nhi_signing;
  LegacyKeys& m_keys;
};

} // namespace twcard::service
