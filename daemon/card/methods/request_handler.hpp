// The service protocol of twcardd on top of the use cases: parameters are checked here, before anybody is asked
// anything, and results become JSON. Source: docs/service-protocol.md, "twcardd".
#pragma once

#include "daemon/card/keys/token_sessions.hpp"
#include "daemon/card/methods/card_methods.hpp"
#include "daemon/card/methods/event_hub.hpp"
#include "daemon/card/methods/json_forms.hpp"
#include "rpc/server.hpp"

namespace twcard::service {

class RequestHandler final : public rpc::Handler {
public:
  RequestHandler(std::shared_ptr<TokenCache> cards, Permission& permission, const KeyEngine& keys,
                 CardMethods& card_methods, TokenSessions& sessions, EventHub& events,
                 std::vector<card::ProfileFault> profile_faults);

  void opened(const std::shared_ptr<rpc::Session>& session) override;
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>& session) override;

private:
  // Everything but card methods. They reach no card, or are for programs of this user alone: `origin` is not taken.
  using Method = boost::asio::awaitable<rpc::Reply> (RequestHandler::*)(std::shared_ptr<rpc::Session>, rpc::Request);
  static const std::map<std::string_view, Method>& methods();
  boost::asio::awaitable<rpc::Reply> carry_out(std::shared_ptr<rpc::Session> session, rpc::Request request);
  [[nodiscard]] TriesOf tries_of() const;
  [[nodiscard]] boost::json::array readers_form(const Caller& caller) const;

  boost::asio::awaitable<rpc::Reply> hello(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> status(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> list_tokens(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> login(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> logout(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> use_private_key(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> use_public_key(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> list_grants(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> revoke_grants(std::shared_ptr<rpc::Session> session, rpc::Request request);
  boost::asio::awaitable<rpc::Reply> subscribe(std::shared_ptr<rpc::Session> session, rpc::Request request);

  std::shared_ptr<TokenCache> m_cards;
  Permission& m_permission;
  const KeyEngine& m_keys;
  CardMethods& m_card_methods;
  TokenSessions& m_sessions;
  EventHub& m_events;
  std::vector<card::ProfileFault> m_profile_faults;
  std::uint64_t m_last_connection = 0;
};

} // namespace twcard::service
