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

const TokenCertificate& key_named(const ApprovedCard& card, const std::string& key) {
  const auto& certificates = card.snapshot().certificates;
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

TokenSessions::TokenSessions(Permission& permission, KeyEngine& keys)
    : m_permission(permission), m_keys(keys), m_process(process_name()) {}

std::string TokenSessions::name_of(const Token& token) const {
  return fmt::format("{}-{}", m_process, token.insertion);
}

json::object TokenSessions::form_of(const ApprovedReader& reader) {
  json::object form;
  if (!reader.card) {
    form = {{"reader", reader.name}, {"state", "empty"}};
    return form;
  }
  const auto& card = *reader.card;
  const auto state = state_of(*card);
  if (state == "ready") {
    auto& kept = m_forms[card->insertion];
    if (kept.empty()) kept = token_form(card.snapshot());
    form = kept;
    const auto tries = m_keys.tries_left(card.snapshot());
    form["tries_left"] = tries ? json::value(*tries) : json::value();
  }
  form["reader"] = reader.name;
  form["state"] = state;
  form["insertion"] = name_of(*card);
  return form;
}

PublicKey TokenSessions::public_key_of(const ApprovedCard& card, const TokenCertificate& certificate) {
  const auto& on_card = certificate.on_card;
  return m_public_keys[card->insertion].try_emplace(on_card.id, on_card.der).first->second;
}

ApprovedCard TokenSessions::card_of(const Caller& caller, const json::object& params) const {
  const auto reader = rpc::required_string(params, "reader", rpc::max_reader_name);
  const auto insertion = rpc::required_string(params, "insertion", max_insertion_name);
  for (const auto& [name, card] : m_permission.list_for_program(caller)) {
    if (name != reader || !card || name_of(**card) != insertion) continue;
    if ((*card)->snapshot() == nullptr || !has_keys(card->snapshot()))
      throw Error(Errc::UnsupportedCard, "the card in this reader has no keys");
    return *card;
  }
  throw Error(Errc::CardRemoved, "this card is not in the reader any more");
}

asio::awaitable<void> TokenSessions::login(Caller caller, ApprovedCard card, std::optional<Pin> pin) {
  const auto connection = caller.connection;
  logout(connection, card);
  auto use = co_await m_keys.pin_for(std::move(caller), Operation::Login, card, std::move(pin));
  const auto name = ++m_last_login;
  use.login = name;
  static_cast<void>(co_await m_keys.carry_out(card, use, KeyTask()));
  if (!m_connections.contains(connection)) {
    card->worker->end_login(name);
    throw Error(Errc::ServiceUnavailable, "the connection has ended");
  }
  if (card->removed) throw Error(Errc::CardRemoved, "the card was removed");
  logout(connection, card); // of a login that was made meanwhile
  const std::pair key(connection, card->insertion);
  m_logins.insert_or_assign(key, Login{name, std::move(card), std::move(use.pin)});
}

void TokenSessions::logout(std::uint64_t connection, const ApprovedCard& card) {
  const auto login = m_logins.find({connection, card->insertion});
  if (login == m_logins.end()) return;
  card->worker->end_login(login->second.name);
  m_logins.erase(login);
}

asio::awaitable<SecureBytes> TokenSessions::private_operation(std::uint64_t connection, ApprovedCard card,
                                                              std::string key, SecureBytes block) {
  const auto& certificate = key_named(card, key);
  const auto login = m_logins.find({connection, card->insertion});
  if (login == m_logins.end()) throw Error(Errc::PinRequired, "this connection is not logged in to the card");
  const auto shared = std::make_shared<const SecureBytes>(std::move(block));
  const auto public_key = public_key_of(card, certificate);
  // Throws for what is not a block of this key, before the card is asked.
  static_cast<void>(public_key.apply(shared->view()));
  PinUse use{login->second.pin, false, login->second.name};
  KeyTask task{KeyTask::Kind::PrivateOperation, *certificate.on_card.key_reference, shared};
  SecureBytes result;
  try {
    result = co_await m_keys.carry_out(card, std::move(use), std::move(task));
  } catch (...) {
    // Whether the card has seen the PIN, and what it thought of it, is not known for sure: it is not sent again.
    logout(connection, card);
    throw;
  }
  const auto undone = public_key.apply(result.view());
  if (!std::ranges::equal(undone.view(), shared->view())) throw m_keys.mismatch(card);
  co_return result;
}

SecureBytes TokenSessions::public_operation(const ApprovedCard& card, const std::string& key, ByteView block) {
  return public_key_of(card, key_named(card, key)).apply(block);
}

void TokenSessions::connection_opened(std::uint64_t connection) {
  m_connections.insert(connection);
}

void TokenSessions::connection_closed(std::uint64_t connection) {
  m_connections.erase(connection);
  std::erase_if(m_logins, [connection](const auto& login) {
    if (login.first.first != connection) return false;
    login.second.card->worker->end_login(login.second.name);
    return true;
  });
}

void TokenSessions::card_removed(const Token& token) noexcept {
  std::erase_if(m_logins, [&token](const auto& login) { return login.first.second == token.insertion; });
  m_forms.erase(token.insertion);
  m_public_keys.erase(token.insertion);
}

} // namespace twcard::service
