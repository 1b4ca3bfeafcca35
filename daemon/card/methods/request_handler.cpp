#include "daemon/card/methods/request_handler.hpp"

#include "daemon/card/methods/grant_methods.hpp"
#include "daemon/card/methods/request_params.hpp"
#include "driver/base/log.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/prompt_forms.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace twcard::service {

namespace asio = boost::asio;
namespace json = boost::json;
using rpc::Reply;
using rpc::Request;
using rpc::Session;
using std::chrono::steady_clock;

namespace {

constexpr int protocol_version = 1;
constexpr std::size_t max_client_name = 80;
constexpr std::size_t max_key_name = 32;

// What is kept of a connection: a caller without an origin, and without the path of its program.
Caller& caller_of(const std::shared_ptr<Session>& session) {
  return *std::any_cast<std::shared_ptr<Caller>>(session->state);
}

// The path of a program. From inside a user namespace (PrivateUsers= of the unit) that of a program outside cannot be
// read; its name can.
std::string program_of(pid_t pid) {
  std::error_code failure;
  const auto path = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), failure);
  if (!failure) return path.string();
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(file, name);
  return name.empty() ? std::string("(unknown program)") : name;
}

CardRequest request_of(const std::shared_ptr<Session>& session, const json::object& params, Operation operation) {
  CardRequest request;
  request.question.operation = operation;
  auto& caller = request.question.caller;
  caller = caller_of(session);
  caller.origin = rpc::origin_in(params);
  require_caller(policy_of(operation), caller);
  if (!caller.origin) caller.program = program_of(caller.pid);
  request.reader = reader_of(params);
  return request;
}

// Opcode, outcome and duration, and nothing of what was asked or answered (control C28).
void log_outcome(std::string_view method, std::string_view outcome, steady_clock::time_point started) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - started);
  log::info("service", "{}: {} in {} ms", method, outcome, took.count());
}

} // namespace

RequestHandler::RequestHandler(std::shared_ptr<TokenCache> cards, Permission& permission, const KeyEngine& keys,
                               CardMethods& card_methods, TokenSessions& sessions, EventHub& events,
                               std::vector<card::ProfileFault> profile_faults)
    : m_cards(std::move(cards)), m_permission(permission), m_keys(keys), m_card_methods(card_methods),
      m_sessions(sessions), m_events(events), m_profile_faults(std::move(profile_faults)) {}

void RequestHandler::opened(const std::shared_ptr<Session>& session) {
  const auto caller = std::make_shared<Caller>();
  caller->connection = ++m_last_connection;
  caller->pid = session->peer().pid;
  session->state = caller;
  m_sessions.connection_opened(m_last_connection);
}

void RequestHandler::closed(const std::shared_ptr<Session>& session) {
  const auto connection = caller_of(session).connection;
  m_sessions.connection_closed(connection);
  m_permission.connection_closed(connection);
  m_events.connection_closed(connection);
}

const std::map<std::string_view, RequestHandler::Method>& RequestHandler::methods() {
  static const std::map<std::string_view, Method> methods = {{"hello", &RequestHandler::hello},
                                                             {"status", &RequestHandler::status},
                                                             {"token.list", &RequestHandler::list_tokens},
                                                             {"token.login", &RequestHandler::login},
                                                             {"token.logout", &RequestHandler::logout},
                                                             {"token.sign", &RequestHandler::use_private_key},
                                                             {"token.decrypt", &RequestHandler::use_private_key},
                                                             {"token.public", &RequestHandler::use_public_key},
                                                             {"grants.list", &RequestHandler::list_grants},
                                                             {"grants.revoke", &RequestHandler::revoke_grants},
                                                             {"events.subscribe", &RequestHandler::subscribe}};
  return methods;
}

asio::awaitable<Reply> RequestHandler::handle(std::shared_ptr<Session> session, Request request) {
  const auto started = steady_clock::now();
  const auto name = request.method;
  if (!methods().contains(name) && !CardMethods::table().contains(name))
    throw Error(Errc::BadRequest, "method: unknown method");
  try {
    auto reply = co_await carry_out(std::move(session), std::move(request));
    log_outcome(name, "ok", started);
    co_return reply;
  } catch (const Error& error) {
    log_outcome(name, twcard::name_of(error.code()), started);
    throw;
  }
}

asio::awaitable<Reply> RequestHandler::carry_out(std::shared_ptr<Session> session, Request request) {
  const auto found = CardMethods::table().find(request.method);
  if (found == CardMethods::table().end()) {
    const auto method = methods().at(request.method);
    co_return co_await (this->*method)(std::move(session), std::move(request));
  }
  const auto& [operation, method] = found->second;
  auto card_request = request_of(session, request.params, operation);
  auto answer = co_await (m_card_methods.*method)(std::move(card_request), std::move(request));
  co_return std::move(*answer);
}

TriesOf RequestHandler::tries_of() const {
  return [&keys = m_keys](const Snapshot& snapshot) { return keys.tries_left(snapshot); };
}

json::array RequestHandler::readers_form(const Caller& caller) const {
  json::array readers;
  for (const auto& [name, card] : m_permission.list_for_program(caller)) {
    json::object reader{{"name", name}, {"card", nullptr}};
    if (card) reader["card"] = card_form(**card, tries_of());
    readers.push_back(std::move(reader));
  }
  return readers;
}

asio::awaitable<Reply> RequestHandler::hello(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"client", "version", "ui"});
  static_cast<void>(rpc::optional_string(request.params, "client", max_client_name));
  static_cast<void>(rpc::optional_string(request.params, "version", max_client_name));
  caller_of(session).surface = rpc::surface_in(request.params);
  json::object result{{"service", "twcardd"}, {"version", TWCARD_VERSION}, {"protocol", protocol_version}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::status(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {});
  co_await m_cards->known();
  json::object result{{"pcsc", m_cards->pcsc_reachable() ? "ok" : "no_pcsc"},
                      {"readers", readers_form(caller_of(session))},
                      {"profile_faults", faults_form(m_profile_faults)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::list_tokens(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {});
  co_await m_cards->known();
  json::array readers;
  for (const auto& reader : m_permission.list_for_program(caller_of(session)))
    readers.push_back(m_sessions.form_of(reader));
  json::object result{{"readers", std::move(readers)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::login(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion", "prompt"});
  auto caller = caller_of(session);
  auto card = m_sessions.card_of(caller, request.params);
  caller.program = program_of(caller.pid);
  const bool prompt = rpc::optional_flag(request.params, "prompt");
  std::optional<Pin> pin;
  if (!prompt) pin = Pin::take(std::move(request.blob));
  co_await m_sessions.login(std::move(caller), std::move(card), std::move(pin));
  co_return Reply{};
}

asio::awaitable<Reply> RequestHandler::logout(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion"});
  const auto caller = caller_of(session);
  m_sessions.logout(caller.connection, m_sessions.card_of(caller, request.params));
  co_return Reply{};
}

asio::awaitable<Reply> RequestHandler::use_private_key(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion", "key"});
  const auto caller = caller_of(session);
  const auto card = m_sessions.card_of(caller, request.params);
  const auto key = rpc::required_string(request.params, "key", max_key_name);
  auto result = co_await m_sessions.private_operation(caller.connection, card, key, std::move(request.blob));
  co_return Reply{{}, std::move(result)};
}

asio::awaitable<Reply> RequestHandler::use_public_key(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion", "key"});
  const auto card = m_sessions.card_of(caller_of(session), request.params);
  const auto key = rpc::required_string(request.params, "key", max_key_name);
  co_return Reply{{}, m_sessions.public_operation(card, key, request.blob.view())};
}

asio::awaitable<Reply> RequestHandler::list_grants(std::shared_ptr<Session> session, Request request) {
  co_return service::list_grants(m_permission, caller_of(session), request.params);
}

asio::awaitable<Reply> RequestHandler::revoke_grants(std::shared_ptr<Session>, Request request) {
  co_return service::revoke_grants(m_permission, request.params);
}

asio::awaitable<Reply> RequestHandler::subscribe(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin"});
  const auto origin = rpc::origin_in(request.params);
  co_await m_cards->known();
  // Weak: the connection owns the subscription, not the other way round.
  const std::weak_ptr<Session> weak = session;
  m_events.subscribe(caller_of(session).connection, origin, [weak, tries = tries_of()](const ReaderEvent& event) {
    if (const auto alive = weak.lock()) alive->notify({"event", event_form(event, tries)});
  });
  json::object result{{"readers", origin ? json::array() : readers_form(caller_of(session))}};
  co_return Reply{std::move(result), {}};
}

} // namespace twcard::service
