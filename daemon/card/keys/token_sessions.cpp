#include "daemon/card/keys/token_sessions.hpp"

#include "daemon/card/keys/token_form.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/random.h>

namespace twcard::service {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t max_insertion_name = 64;

std::string process_name() {
  Bytes octets(8);
  if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
    throw Error(Errc::Internal, "the kernel has no random numbers");
  return to_hex(octets);
}

bool has_keys(const Snapshot& snapshot) {
  return card::has_keys(snapshot.kind);
}

const TokenCertificate& key_named(const Token& token, const std::string& key) {
  const auto& certificates = token.snapshot()->certificates;
  const auto found = std::ranges::find_if(certificates, [&key](const auto& certificate) {
    return certificate.on_card.id == key && certificate.on_card.key_reference;
  });
  if (found == certificates.end()) throw Error(Errc::BadRequest, "key: the card has none of this name");
  return *found;
}

std::string_view state_of(const Token& token) {
  if (token.reading()) return "reading";
  if (const auto* error = token.failure()) return error->code() == Errc::UnsupportedCard ? "unrecognised" : "failed";
  return has_keys(*token.snapshot()) ? "ready" : "unrecognised";
}

} // namespace

TokenSessions::TokenSessions(std::shared_ptr<TokenCache> cards, SigningService& service)
    : m_cards(std::move(cards)), m_service(service), m_process(process_name()) {}

std::string TokenSessions::name_of(const Token& token) const {
  return fmt::format("{}-{}", m_process, token.insertion);
}

json::object TokenSessions::form_of(const std::string& reader, const std::shared_ptr<const Token>& token) {
  json::object form;
  if (!token) {
    form = {{"reader", reader}, {"state", "empty"}};
    return form;
  }
  const auto state = state_of(*token);
  if (state == "ready") {
    auto& kept = m_forms[token->insertion];
    if (kept.empty()) kept = token_form(*token->snapshot());
    form = kept;
    const auto tries = m_service.tries_left(*token->snapshot());
    form["tries_left"] = tries ? json::value(*tries) : json::value();
  }
  form["reader"] = reader;
  form["state"] = state;
  form["insertion"] = name_of(*token);
  return form;
}

PublicKey TokenSessions::public_key_of(const Token& token, const TokenCertificate& certificate) {
  const auto& on_card = certificate.on_card;
  return m_public_keys[token.insertion].try_emplace(on_card.id, on_card.der).first->second;
}

std::shared_ptr<const Token> TokenSessions::token_of(const json::object& params) const {
  const auto reader = rpc::required_string(params, "reader", rpc::max_reader_name);
  const auto insertion = rpc::required_string(params, "insertion", max_insertion_name);
  for (const auto& [name, token] : m_cards->readers()) {
    if (name != reader || !token || name_of(*token) != insertion) continue;
    if (token->snapshot() == nullptr || !has_keys(*token->snapshot()))
      throw Error(Errc::UnsupportedCard, "the card in this reader has no keys");
    return token;
  }
  throw Error(Errc::CardRemoved, "this card is not in the reader any more");
}

asio::awaitable<void> TokenSessions::login(Caller caller, std::shared_ptr<const Token> token, std::optional<Pin> pin) {
  const auto connection = caller.connection;
  logout(connection, *token);
  auto use = co_await m_service.pin_for(std::move(caller), Operation::Login, token, std::move(pin));
  const auto name = ++m_last_login;
  use.login = name;
  co_await m_service.verify(token, use);
  if (!m_connections.contains(connection)) {
    token->worker->end_login(name);
    throw Error(Errc::ServiceUnavailable, "the connection has ended");
  }
  if (token->removed) throw Error(Errc::CardRemoved, "the card was removed");
  logout(connection, *token); // of a login that was made meanwhile
  auto& login = m_logins[{connection, token->insertion}];
  login = {name, std::move(token), std::move(use.pin)};
}

void TokenSessions::logout(std::uint64_t connection, const Token& token) {
  const auto login = m_logins.find({connection, token.insertion});
  if (login == m_logins.end()) return;
  token.worker->end_login(login->second.name);
  m_logins.erase(login);
}

asio::awaitable<SecureBytes> TokenSessions::private_operation(std::uint64_t connection,
                                                              std::shared_ptr<const Token> token, std::string key,
                                                              SecureBytes block) {
  const auto& certificate = key_named(*token, key);
  const auto login = m_logins.find({connection, token->insertion});
  if (login == m_logins.end()) throw Error(Errc::PinRequired, "this connection is not logged in to the card");
  const auto shared = std::make_shared<const SecureBytes>(std::move(block));
  const auto public_key = public_key_of(*token, certificate);
  // Throws for what is no block, before the card is asked.
  static_cast<void>(public_key.apply(shared->view()));
  PinUse use{login->second.pin, false, login->second.name};
  SecureBytes result;
  try {
    result = co_await m_service.private_operation(token, std::move(use), *certificate.on_card.key_reference, shared);
  } catch (...) {
    // Whether the card has seen the PIN, and what it thought of it, is not known for sure: it is not sent again.
    logout(connection, *token);
    throw;
  }
  const auto undone = public_key.apply(result.view());
  if (!std::ranges::equal(undone.view(), shared->view())) throw m_service.mismatch(*token);
  co_return result;
}

SecureBytes TokenSessions::public_operation(const Token& token, const std::string& key, ByteView block) {
  return public_key_of(token, key_named(token, key)).apply(block);
}

void TokenSessions::connection_opened(std::uint64_t connection) {
  m_connections.insert(connection);
}

void TokenSessions::connection_closed(std::uint64_t connection) {
  m_connections.erase(connection);
  std::erase_if(m_logins, [connection](const auto& login) {
    if (login.first.first != connection) return false;
    login.second.token->worker->end_login(login.second.name);
    return true;
  });
}

void TokenSessions::card_removed(const Token& token) noexcept {
  std::erase_if(m_logins, [&token](const auto& login) { return login.first.second == token.insertion; });
  m_forms.erase(token.insertion);
  m_public_keys.erase(token.insertion);
}

} // namespace twcard::service
