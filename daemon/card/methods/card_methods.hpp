// The methods of the service protocol that use a card, but for `token.*` of logins (token_sessions.hpp). Each has an
// operation, by whose policy (permission/policy.hpp) it gets to the card, and a reply that has had the last look.
// legacy_methods.cpp has those that twcard-web calls for the sites of the old local protocols. Source:
// docs/service-protocol.md, "twcardd" and "Old local protocols".
#pragma once

#include "daemon/card/keys/legacy_keys.hpp"
#include "daemon/card/keys/signing_requests.hpp"
#include "daemon/card/nhi/legacy_nhi.hpp"
#include "daemon/card/nhi/signing.hpp"
#include "rpc/message.hpp"

#include <map>
#include <string_view>

namespace twcard::service {

class CardMethods final {
public:
  using Answer = boost::asio::awaitable<Released<rpc::Reply>>;
  struct Method {
    Operation operation;
    // Throws BadRequest for parameters before anybody is asked anything.
    Answer (CardMethods::*carry_out)(CardRequest, rpc::Request);
  };

  CardMethods(Permission& permission, KeyEngine& keys, const card::CardProfiles& profiles, SiteLimits limits)
      : m_permission(permission), m_keys(keys), m_signing(permission, keys), m_legacy_keys(permission, keys),
        m_nhi_signing(permission, profiles, limits), m_legacy_nhi(permission, profiles) {}

  [[nodiscard]] static const std::map<std::string_view, Method>& table();

private:
  Answer certificates(CardRequest request, rpc::Request call);
  Answer read_nhi(CardRequest request, rpc::Request call);
  Answer authenticate_nhi(CardRequest request, rpc::Request call);
  Answer authenticate(CardRequest request, rpc::Request call);
  Answer sign(CardRequest request, rpc::Request call);
  Answer random(CardRequest request, rpc::Request call);

  Answer legacy_basic(CardRequest request, rpc::Request call);
  Answer legacy_encrypt_password(CardRequest request, rpc::Request call);
  Answer legacy_encrypt_basic(CardRequest request, rpc::Request call);
  Answer legacy_sign_nhi(CardRequest request, rpc::Request call);
  Answer legacy_tokens(CardRequest request, rpc::Request call);
  Answer legacy_sign(CardRequest request, rpc::Request call);
  Answer legacy_decrypt(CardRequest request, rpc::Request call);

  Permission& m_permission;
  const KeyEngine& m_keys;
  SigningRequests m_signing;
  LegacyKeys m_legacy_keys;
  NhiSigning m_nhi_signing;
  LegacyNhi m_legacy_nhi;
};

} // namespace twcard::service
