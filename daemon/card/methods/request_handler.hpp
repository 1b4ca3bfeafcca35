// The service protocol of twcardd on top of the use cases: parameters are checked here, before anybody is asked
// anything, and results become JSON. Source: docs/service-protocol.md, "twcardd".
#pragma once

#include "daemon/card/keys/signing_service.hpp"
#include "daemon/card/keys/token_sessions.hpp"
#include "daemon/card/methods/grant_methods.hpp"
#include "daemon/card/methods/legacy_methods.hpp"
#include "daemon/card/nhi/signing.hpp"
#include "daemon/card/readers/json_forms.hpp"
#include "rpc/server.hpp"

namespace twcard::service {

class RequestHandler final : public rpc::Handler {
public:
  RequestHandler(std::shared_ptr<TokenCache> cards, CardChoices& choices, SigningService& service,
                 NhiSigning& nhi_signing, TokenSessions& sessions, LegacyMethods& legacy, GrantMethods& grants,
                 ReadConsents& read_consents, EventHub& events, std::vector<card::ProfileFault> profile_faults);

  void opened(const std::shared_ptr<rpc::Session>& session) override;
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>& session) override;

private:
  using Method = boost::asio::awaitable<rpc::Reply> (RequestHandler::*)(std::shared_ptr<rpc::Session>, rpc::Request);
  static Method method_named(std::string_view name);
  [[nodiscard]] TriesOf tries_of() const;

  boost::asio::awaitable<rpc::Reply> hello(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> status(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> certificates(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> read_nhi(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> authenticate_nhi(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> authenticate(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> sign(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> random(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> list_tokens(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> login(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> logout(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> use_private_key(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> use_public_key(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> legacy(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> list_grants(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> revoke_grants(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> subscribe(std::shared_ptr<rpc::Session> session, rpc::Request request);

  std::shared_ptr<TokenCache> m_cards;
  CardChoices& m_choices;
  SigningService& m_service;
  NhiSigning& m_nhi_signing;
  TokenSessions& m_sessions;
  LegacyMethods& m_legacy;
  GrantMethods& m_grants;
  ReadConsents& m_read_consents;
  EventHub& m_events;
  std::vector<card::ProfileFault> m_profile_faults;
  std::uint64_t m_last_connection = 0;
};

} // namespace twcard::service
