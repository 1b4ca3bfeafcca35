#include "daemon/card/methods/request_handler.hpp"

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
constexpr std::size_t max_certificate_octets = card::max_certificate_octets;

// What is kept of a connection: Session::state.
struct Connection {
  std::uint64_t number = 0;
  rpc::Surface surface;
};

Connection& connection_of(const std::shared_ptr<Session>& session) {
  return *std::any_cast<std::shared_ptr<Connection>>(session->state);
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

Asking asking_of(const std::shared_ptr<Session>& session, const json::object& params) {
  const auto& connection = connection_of(session);
  Asking asking;
  asking.caller.connection = connection.number;
  asking.caller.origin = rpc::origin_in(params);
  asking.caller.pid = session->peer().pid;
  if (!asking.caller.origin) asking.caller.program = program_of(asking.caller.pid);
  asking.caller.surface = connection.surface;
  asking.reader = reader_of(params);
  return asking;
}

// Opcode, outcome and duration, and nothing of what was asked or answered (control C28).
void log_outcome(std::string_view method, std::string_view outcome, steady_clock::time_point started) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - started);
  log::info("service", "{}: {} in {} ms", method, outcome, took.count());
}

} // namespace

RequestHandler::RequestHandler(std::shared_ptr<TokenCache> cards, CardChoices& choices, SigningService& service,
                               NhiSigning& nhi_signing, TokenSessions& sessions, LegacyMethods& legacy,
                               GrantMethods& grants, ReadConsents& read_consents, EventHub& events,
                               std::vector<card::ProfileFault> profile_faults)
    : m_cards(std::move(cards)), m_choices(choices), m_service(service), m_nhi_signing(nhi_signing),
      m_sessions(sessions), m_legacy(legacy), m_grants(grants), m_read_consents(read_consents), m_events(events),
      m_profile_faults(std::move(profile_faults)) {}

void RequestHandler::opened(const std::shared_ptr<Session>& session) {
  session->state = std::make_shared<Connection>(Connection{++m_last_connection, {}});
  m_sessions.connection_opened(m_last_connection);
}

void RequestHandler::closed(const std::shared_ptr<Session>& session) {
  m_sessions.connection_closed(connection_of(session).number);
  m_choices.connection_closed(connection_of(session).number);
  m_read_consents.connection_closed(connection_of(session).number);
  m_events.connection_closed(connection_of(session).number);
}

RequestHandler::Method RequestHandler::method_named(std::string_view name) {
  static const std::map<std::string_view, Method> methods = {{"hello", &RequestHandler::hello},
                                                             {"status", &RequestHandler::status},
                                                             {"certificates", &RequestHandler::certificates},
                                                             {"nhi.read", &RequestHandler::read_nhi},
                                                             {"nhi.authenticate", &RequestHandler::authenticate_nhi},
                                                             {"authenticate", &RequestHandler::authenticate},
                                                             {"sign", &RequestHandler::sign},
                                                             {"token.random", &RequestHandler::random},
                                                             {"token.list", &RequestHandler::list_tokens},
                                                             {"token.login", &RequestHandler::login},
                                                             {"token.logout", &RequestHandler::logout},
                                                             {"token.sign", &RequestHandler::use_private_key},
                                                             {"token.decrypt", &RequestHandler::use_private_key},
                                                             {"token.public", &RequestHandler::use_public_key},
                                                             {"legacy.nhi_basic", &RequestHandler::legacy},
                                                             {"legacy.nhi_encrypt_password", &RequestHandler::legacy},
                                                             {"legacy.nhi_encrypt_basic", &RequestHandler::legacy},
                                                             {"legacy.nhi_sign", &RequestHandler::legacy},
                                                             {"legacy.tokens", &RequestHandler::legacy},
                                                             {"legacy.sign", &RequestHandler::legacy},
                                                             {"legacy.decrypt", &RequestHandler::legacy},
                                                             {"grants.list", &RequestHandler::list_grants},
                                                             {"grants.revoke", &RequestHandler::revoke_grants},
                                                             {"events.subscribe", &RequestHandler::subscribe}};
  const auto found = methods.find(name);
  if (found == methods.end()) throw Error(Errc::BadRequest, "method: unknown method");
  return found->second;
}

asio::awaitable<Reply> RequestHandler::handle(std::shared_ptr<Session> session, Request request) {
  const auto started = steady_clock::now();
  const auto method = method_named(request.method);
  const auto name = request.method;
  try {
    auto reply = co_await (this->*method)(std::move(session), std::move(request));
    log_outcome(name, "ok", started);
    co_return reply;
  } catch (const Error& error) {
    log_outcome(name, twcard::name_of(error.code()), started);
    throw;
  }
}

TriesOf RequestHandler::tries_of() const {
  return [&service = m_service](const Snapshot& snapshot) { return service.tries_left(snapshot); };
}

asio::awaitable<Reply> RequestHandler::hello(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"client", "version", "ui"});
  static_cast<void>(rpc::optional_string(request.params, "client", max_client_name));
  static_cast<void>(rpc::optional_string(request.params, "version", max_client_name));
  connection_of(session).surface = surface_of(request.params);
  json::object result{{"service", "twcardd"}, {"version", TWCARD_VERSION}, {"protocol", protocol_version}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::status(std::shared_ptr<Session>, Request request) {
  rpc::only_members(request.params, {});
  co_await m_cards->known();
  json::object result{{"pcsc", m_cards->pcsc_reachable() ? "ok" : "no_pcsc"},
                      {"readers", readers_form(*m_cards, tries_of())},
                      {"profile_faults", faults_form(m_profile_faults)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::certificates(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin", "reader"});
  auto asking = asking_of(session, request.params);
  const bool for_site = asking.caller.origin.has_value();
  const auto token = co_await m_service.certificates(std::move(asking));
  json::object result{{"reader", token->reader},
                      {"card", card_form(*token, tries_of())},
                      {"certificates", certificates_form(*token->snapshot(), for_site)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::read_nhi(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "fields"});
  auto asking = asking_of(session, request.params);
  const auto fields = fields_of(request.params);
  const auto reading = co_await m_service.read_nhi(std::move(asking), fields);
  auto result = nhi_form(reading.record, fields);
  result["reader"] = reading.reader;
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::authenticate_nhi(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "challenge"});
  auto asking = asking_of(session, request.params);
  if (!asking.caller.origin) throw Error(Errc::BadRequest, "origin: missing");
  auto challenge = nonce_of(request.params, "challenge");
  const auto signature = co_await m_nhi_signing.authenticate(std::move(asking), std::move(challenge));
  json::object result{{"card_number", signature.of_site.card_number},
                      {"signed", signature.to_sign},
                      {"signature", signature.of_site.text}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::authenticate(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "nonce"});
  auto asking = asking_of(session, request.params);
  if (!asking.caller.origin) throw Error(Errc::BadRequest, "origin: missing");
  auto nonce = nonce_of(request.params, "nonce");
  auto login = co_await m_service.authenticate(std::move(asking), std::move(nonce));
  json::object result{{"certificate", to_base64(login.certificate)}, {"algorithm", "RS256"}};
  co_return Reply{std::move(result), std::move(login.signature)};
}

asio::awaitable<Reply> RequestHandler::sign(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin", "reader", "certificate", "hash_function"});
  auto asking = asking_of(session, request.params);
  auto certificate = rpc::required_base64(request.params, "certificate", max_certificate_octets);
  auto to_sign = hash_of(request);
  auto signature = co_await m_service.sign(std::move(asking), std::move(certificate), to_sign.function,
                                           std::move(to_sign.name), std::move(to_sign.hash));
  json::object result{{"algorithm", to_sign.algorithm}};
  co_return Reply{std::move(result), std::move(signature)};
}

asio::awaitable<Reply> RequestHandler::random(std::shared_ptr<Session>, Request request) {
  rpc::only_members(request.params, {"reader"});
  const auto octets = co_await m_service.random(reader_of(request.params));
  co_return Reply{{}, SecureBytes::copy_of(octets)};
}

asio::awaitable<Reply> RequestHandler::list_tokens(std::shared_ptr<Session>, Request request) {
  rpc::only_members(request.params, {});
  co_await m_cards->known();
  json::array readers;
  for (const auto& [name, token] : m_cards->readers()) readers.push_back(m_sessions.form_of(name, token));
  json::object result{{"readers", std::move(readers)}};
  co_return Reply{std::move(result), {}};
}

asio::awaitable<Reply> RequestHandler::login(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion", "prompt"});
  const auto token = m_sessions.token_of(request.params);
  const bool prompt = rpc::optional_flag(request.params, "prompt");
  std::optional<Pin> pin;
  if (!prompt) pin = Pin::take(std::move(request.blob));
  auto asking = asking_of(session, {});
  co_await m_sessions.login(std::move(asking.caller), token, std::move(pin));
  co_return Reply{};
}

asio::awaitable<Reply> RequestHandler::logout(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion"});
  m_sessions.logout(connection_of(session).number, *m_sessions.token_of(request.params));
  co_return Reply{};
}

asio::awaitable<Reply> RequestHandler::use_private_key(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"reader", "insertion", "key"});
  const auto token = m_sessions.token_of(request.params);
  const auto key = rpc::required_string(request.params, "key", max_key_name);
  auto result =
      co_await m_sessions.private_operation(connection_of(session).number, token, key, std::move(request.blob));
  co_return Reply{{}, std::move(result)};
}

asio::awaitable<Reply> RequestHandler::use_public_key(std::shared_ptr<Session>, Request request) {
  rpc::only_members(request.params, {"reader", "insertion", "key"});
  const auto token = m_sessions.token_of(request.params);
  const auto key = rpc::required_string(request.params, "key", max_key_name);
  co_return Reply{{}, m_sessions.public_operation(*token, key, request.blob.view())};
}

asio::awaitable<Reply> RequestHandler::legacy(std::shared_ptr<Session> session, Request request) {
  auto asking = asking_of(session, request.params);
  return m_legacy.handle(std::move(asking), std::move(request));
}

asio::awaitable<Reply> RequestHandler::list_grants(std::shared_ptr<Session>, Request request) {
  co_return m_grants.list(request.params);
}

asio::awaitable<Reply> RequestHandler::revoke_grants(std::shared_ptr<Session>, Request request) {
  co_return m_grants.revoke(request.params);
}

asio::awaitable<Reply> RequestHandler::subscribe(std::shared_ptr<Session> session, Request request) {
  rpc::only_members(request.params, {"origin"});
  const auto origin = rpc::origin_in(request.params);
  co_await m_cards->known();
  // Weak: the connection owns the subscription, not the other way round.
  const std::weak_ptr<Session> weak = session;
  m_events.subscribe(connection_of(session).number, origin, [weak, tries = tries_of()](const ReaderEvent& event) {
    if (const auto alive = weak.lock()) alive->notify({"event", event_form(event, tries)});
  });
  json::object result{{"readers", origin ? json::array() : readers_form(*m_cards, tries_of())}};
  co_return Reply{std::move(result), {}};
}

} // namespace twcard::service
