#include "simulator/readers/control.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "simulator/readers/card_slots.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <sys/stat.h>

namespace twcard::simulator {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::local::stream_protocol;

namespace {

constexpr std::size_t max_line = 65536;
// An insertion waits for its reader: others are served meanwhile.
constexpr std::size_t threads = 4;

const json::value& member(const json::object& request, const char* name) {
  const auto* value = request.if_contains(name);
  if (value == nullptr) throw Error(Errc::BadRequest, std::string(name) + ": is missing");
  return *value;
}

std::uint64_t number(const json::object& request, const char* name) {
  const auto& value = member(request, name);
  if (!value.is_int64() || value.get_int64() < 0)
    throw Error(Errc::BadRequest, std::string(name) + ": is not a whole number from 0 on");
  return static_cast<std::uint64_t>(value.get_int64());
}

bool flag(const json::object& request, const char* name) {
  const auto* value = request.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

json::object insert(CardSlots& slots, const json::object& request) {
  const auto index = number(request, "reader");
  const auto* card = member(request, "card").if_string();
  if (card == nullptr) throw Error(Errc::BadRequest, "card: is not a path");
  slots.insert(index, card->c_str());
  slots.wait_until_powered(index);
  return {{"ok", true}};
}

json::object remove(CardSlots& slots, const json::object& request) {
  const auto index = number(request, "reader");
  if (request.contains("after"))
    slots.remove_after(index, number(request, "after"));
  else
    slots.remove(index);
  return {{"ok", true}};
}

json::object fault(CardSlots& slots, const json::object& request) {
  const auto index = number(request, "reader");
  if (const auto* plan = request.if_contains("plan")) {
    if (plan->is_null()) {
      slots.play(index, {});
    } else {
      if (!plan->is_object()) throw Error(Errc::BadRequest, "plan: neither an object nor null");
      slots.play(index, faults_from_json(plan->get_object()));
    }
  }
  return {{"ok", true}, {"waiting", slots.faults_waiting(index)}};
}

json::object counters(CardSlots& slots, const json::object& request) {
  const bool all = !request.contains("reader");
  const auto first = all ? 0 : number(request, "reader");
  const auto end = all ? slots.size() : first + 1;
  json::array readers;
  for (auto index = first; index < end; ++index) {
    readers.push_back(slots.counters(index));
    if (flag(request, "reset")) slots.reset_counters(index);
  }
  return {{"ok", true}, {"readers", readers}};
}

json::object obey(CardSlots& slots, const json::object& request) {
  const auto& command = member(request, "command");
  if (command == "insert") return insert(slots, request);
  if (command == "remove") return remove(slots, request);
  if (command == "counters") return counters(slots, request);
  if (command == "fault") return fault(slots, request);
  throw Error(Errc::BadRequest, "command: none of insert, remove, fault, counters");
}

asio::awaitable<void> converse(stream_protocol::socket socket, CardSlots& slots) {
  std::string buffer;
  try {
    for (;;) {
      const auto size =
          co_await asio::async_read_until(socket, asio::dynamic_buffer(buffer, max_line), '\n', asio::use_awaitable);
      const auto answer = json::serialize(answer_control(slots, buffer.substr(0, size))) + "\n";
      buffer.erase(0, size);
      co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // The client has gone, or its line was too long: its connection ends here.
  }
}

asio::awaitable<void> accept_clients(stream_protocol::acceptor& acceptor, CardSlots& slots) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, converse(std::move(socket), slots), asio::detached);
  }
}

bool somebody_listens(const stream_protocol::endpoint& endpoint) {
  asio::io_context context;
  stream_protocol::socket probe(context);
  boost::system::error_code error;
  probe.connect(endpoint, error);
  return !error;
}

} // namespace

json::object answer_control(CardSlots& slots, const std::string& line) noexcept {
  try {
    boost::system::error_code error;
    const auto request = json::parse(line, error);
    if (error || !request.is_object()) throw Error(Errc::BadRequest, "the request is not a JSON object");
    return obey(slots, request.get_object());
  } catch (const std::exception& fault) {
    return {{"error", fault.what()}};
  }
}

void serve_control(CardSlots& slots, const std::filesystem::path& path) {
  if (path.string().size() >= sizeof(sockaddr_un{}.sun_path))
    throw Error(Errc::BadRequest, path.string() + ": too long for a socket");
  const stream_protocol::endpoint endpoint(path.string());
  if (somebody_listens(endpoint)) throw Error(Errc::BadRequest, path.string() + ": a simulator listens there");
  std::error_code ignored;
  if (std::filesystem::is_socket(path, ignored)) std::filesystem::remove(path, ignored);

  asio::thread_pool pool(threads);
  stream_protocol::acceptor acceptor(pool);
  boost::system::error_code error;
  acceptor.open(endpoint.protocol());
  const auto mask = ::umask(0177);
  acceptor.bind(endpoint, error);
  ::umask(mask);
  if (error) throw Error(Errc::BadRequest, path.string() + ": " + error.message());
  acceptor.listen();

  asio::signal_set signals(pool, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) {
    slots.close();
    pool.stop();
  });
  asio::co_spawn(pool, accept_clients(acceptor, slots), asio::detached);
  log::info("simulator", "{} readers, control socket {}", slots.size(), path.string());
  pool.join();
  std::filesystem::remove(path, ignored);
}

json::object ask_control(const std::filesystem::path& path, const json::object& request) {
  stream_protocol::iostream stream{stream_protocol::endpoint(path.string())};
  std::string line;
  if (!stream || !(stream << json::serialize(request) + "\n" << std::flush) || !std::getline(stream, line))
    throw Error(Errc::ServiceUnavailable, "no simulator answers at " + path.string() + " (twcard-sim run --control …)");
  auto answer = json::parse(line).as_object();
  if (const auto* error = answer.if_contains("error")) throw Error(Errc::CardRefused, error->as_string().c_str());
  return answer;
}

} // namespace twcard::simulator
