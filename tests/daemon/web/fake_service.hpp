// A stand-in for twcardd: gives scripted answers, keeps the requests, and never answers those that it is to hold.
#pragma once

#include "rpc/server.hpp"

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace twcard::web {

struct Call {
  std::string method;
  boost::json::object params;
  std::string blob;
};

class FakeService final : public rpc::Handler {
public:
  // Any thread.
  void answer(const std::string& method, boost::json::object result, std::string blob = {});
  void fail(const std::string& method, Error error);
  void hold(const std::string& method);
  void notify(boost::asio::io_context& io, boost::json::object event);

  // Wait at most 10 s; false or throw then.
  [[nodiscard]] Call next_call(); // "hello" is left out
  [[nodiscard]] bool had_connections(std::size_t opened, std::size_t closed);
  [[nodiscard]] bool had_cancelled(std::size_t calls); // of those that it holds
  [[nodiscard]] std::vector<Call> hellos();
  [[nodiscard]] std::size_t calls();

  void opened(const std::shared_ptr<rpc::Session>& session) override;
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>& session) override;

private:
  struct Scripted {
    boost::json::object result;
    std::string blob;
    std::optional<Error> error;
    bool held = false;
  };

  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::map<std::string, Scripted> m_script;
  std::vector<Call> m_calls;
  std::vector<Call> m_hellos;
  std::size_t m_seen = 0;
  std::size_t m_opened = 0;
  std::size_t m_closed = 0;
  std::size_t m_cancelled = 0;
  std::set<std::shared_ptr<rpc::Session>> m_sessions; // of the service's thread
};

} // namespace twcard::web
