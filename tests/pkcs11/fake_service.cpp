#include "tests/pkcs11/fake_service.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <future>

namespace twcard::tests {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

std::string text(const json::object& params, std::string_view name) {
  const auto& value = params.at(name).as_string();
  return {value.data(), value.size()};
}

void run_in_service(asio::io_context& context, const std::function<void()>& action) {
  std::promise<void> done;
  asio::post(context, [&] {
    action();
    done.set_value();
  });
  done.get_future().wait();
}

} // namespace

FakeService::FakeService() {
  std::string folder = "/tmp/twcard-pkcs11-test-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("mkdtemp");
  m_socket = std::filesystem::path(folder) / "card.sock";
  ::setenv("TWCARD_SOCKET", m_socket.c_str(), 1);
  static_cast<void>(card());
  start();
}

FakeService::~FakeService() {
  stop();
  std::filesystem::remove_all(m_socket.parent_path());
}

const SoftwareCard& FakeService::card() {
  static const SoftwareCard card;
  return card;
}

void FakeService::start() {
  m_context = std::make_unique<asio::io_context>();
  m_server = std::make_unique<rpc::Server>(rpc::listen_at(m_context->get_executor(), m_socket), *this);
  m_thread = std::thread([this] { m_context->run(); });
}

void FakeService::stop() {
  if (!m_thread.joinable()) return;
  m_held = false;
  asio::post(*m_context, [this] { m_server->stop(); });
  m_thread.join();
  m_server.reset();
  m_context.reset();
  m_sessions.clear();
  m_subscribers.clear();
  m_logged_in.clear();
}

void FakeService::do_and_wait(const std::function<void()>& action) {
  run_in_service(*m_context, action);
  // A frame is written when the one before it has been, which takes a turn of the service each.
  for (int frame = 0; frame < 6; ++frame) run_in_service(*m_context, [] {});
}

void FakeService::tell(const std::string& type, const std::string& reader) {
  for (const auto& session : m_subscribers) session->notify({"event", {{"type", type}, {"reader", reader}}});
}

void FakeService::add_reader(const std::string& reader) {
  do_and_wait([&] {
    m_readers[reader];
    tell("reader_added", reader);
  });
}

void FakeService::remove_reader(const std::string& reader) {
  do_and_wait([&] {
    m_readers.erase(reader);
    tell("reader_removed", reader);
  });
}

void FakeService::insert(const std::string& reader, const std::string& state) {
  do_and_wait([&] {
    m_readers[reader] = {state, "test-" + std::to_string(++m_last_insertion)};
    tell("card_inserted", reader);
    if (state != "reading") tell("card_ready", reader);
  });
}

void FakeService::finish_reading(const std::string& reader) {
  do_and_wait([&] {
    m_readers[reader].state = "ready";
    tell("card_ready", reader);
  });
}

void FakeService::remove(const std::string& reader) {
  do_and_wait([&] {
    m_readers[reader] = {};
    m_logged_in.clear();
    tell("card_removed", reader);
  });
}

void FakeService::set_tries_left(std::optional<int> tries) {
  do_and_wait([&] {
    m_tries_left = tries;
    for (const auto& [name, reader] : m_readers) tell("card_ready", name);
  });
}

void FakeService::set_label(std::string label) {
  do_and_wait([&] { m_label = std::move(label); });
}

void FakeService::forget_logins() {
  do_and_wait([&] { m_logged_in.clear(); });
}

int FakeService::calls(const std::string& method) {
  int count = 0;
  do_and_wait([&] { count = m_calls[method]; });
  return count;
}

std::string FakeService::last_pin() {
  std::string pin;
  do_and_wait([&] { pin = m_last_pin; });
  return pin;
}

std::size_t FakeService::connections() {
  std::size_t count = 0;
  do_and_wait([&] { count = m_sessions.size(); });
  return count;
}

std::size_t FakeService::logins() {
  std::size_t count = 0;
  do_and_wait([&] { count = m_logged_in.size(); });
  return count;
}

void FakeService::opened(const std::shared_ptr<rpc::Session>& session) {
  m_sessions.insert(session);
}

void FakeService::closed(const std::shared_ptr<rpc::Session>& session) {
  m_sessions.erase(session);
  m_subscribers.erase(session);
  m_logged_in.erase(session);
}

json::object FakeService::listing() const {
  json::array readers;
  for (const auto& [name, reader] : m_readers) {
    json::object entry = reader.state == "ready" ? card().entry() : json::object();
    if (m_label && entry.contains("label")) entry["label"] = *m_label;
    entry["reader"] = name;
    entry["state"] = reader.state;
    if (reader.state != "empty") entry["insertion"] = reader.insertion;
    entry["tries_left"] = m_tries_left ? json::value(*m_tries_left) : json::value();
    readers.push_back(std::move(entry));
  }
  return {{"readers", std::move(readers)}};
}

void FakeService::require_insertion(const json::object& params) const {
  const auto found = m_readers.find(text(params, "reader"));
  if (found == m_readers.end() || found->second.insertion != text(params, "insertion"))
    throw Error(Errc::CardRemoved, "another card");
}

rpc::Reply FakeService::login(const std::shared_ptr<rpc::Session>& session, rpc::Request& request) {
  if (request.params.contains("prompt")) {
    if (!m_person_enters) throw Error(Errc::Cancelled, "closed");
  } else {
    m_last_pin = as_text(request.blob.view());
    if (m_last_pin != SoftwareCard::pin) throw Error(Errc::PinIncorrect, "wrong", 2);
  }
  m_logged_in.insert(session);
  return {};
}

asio::awaitable<void> FakeService::while_held() {
  asio::steady_timer timer(*m_context);
  while (m_held) {
    timer.expires_after(std::chrono::milliseconds(5));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<rpc::Reply> FakeService::handle(std::shared_ptr<rpc::Session> session, rpc::Request request) {
  ++m_calls[request.method];
  const auto& method = request.method;
  if (method == "hello") co_return rpc::Reply{{{"service", "twcardd"}, {"protocol", 1}}, {}};
  if (method == "events.subscribe") {
    m_subscribers.insert(session);
    co_return rpc::Reply{{{"readers", json::array()}}, {}};
  }
  if (method == "token.list") co_return rpc::Reply{listing(), {}};
  if (method == "token.random") co_return rpc::Reply{{}, SecureBytes::copy_of(as_bytes("8 octets"))};
  require_insertion(request.params);
  if (method == "token.login") co_return login(session, request);
  if (method == "token.logout") {
    m_logged_in.erase(session);
    co_return rpc::Reply{};
  }
  const auto key = text(request.params, "key");
  if (method == "token.public") co_return rpc::Reply{{}, card().public_operation(key, request.blob.view())};
  co_await while_held();
  if (!m_logged_in.contains(session)) throw Error(Errc::PinRequired, "no login");
  require_insertion(request.params);
  co_return rpc::Reply{{}, card().private_operation(key, request.blob.view())};
}

} // namespace twcard::tests
