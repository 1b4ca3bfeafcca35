// twcard-prompt as the tests want it: it records the questions and gives scripted answers.
#pragma once

#include "rpc/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace twcard::service::testing {

class ScriptedPrompt final : private rpc::Handler {
public:
  struct Question {
    std::string method;
    boost::json::object params;
  };
  // The next answers, in order; without any, consent is given, the PIN is `right_pin`, and the first card is
  // chosen.
  struct Approve {};
  struct Always {}; // permanently, whether that was offered or not
  struct Refuse {};
  struct Enter {
    std::string pin;
  };
  struct Fail {
    Errc code;
  };
  struct Choose {
    std::size_t place;
  };
  struct LeaveOpen {}; // until release(), or until the connection ends
  using Answer = std::variant<Approve, Always, Refuse, Enter, Fail, Choose, LeaveOpen>;

  static constexpr const char* right_pin = "246810";

  explicit ScriptedPrompt(const std::filesystem::path& socket);
  ~ScriptedPrompt() override;

  void answer(Answer answer);
  [[nodiscard]] std::vector<Question> questions() const;
  // Both are false after 10 s.
  [[nodiscard]] bool wait_for_questions(std::size_t count);
  [[nodiscard]] bool wait_for_closed(std::size_t count); // dialogs that ended because the connection did
  // Answers the dialogs that were left open as if the person had agreed.
  void release();
  [[nodiscard]] std::size_t most_open_at_once() const;

private:
  void opened(const std::shared_ptr<rpc::Session>&) override {}
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>&) override {}

  Answer note(const rpc::Request& request);
  boost::asio::awaitable<void> stay_open();

  mutable std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Question> m_questions;
  std::deque<Answer> m_answers;
  std::size_t m_closed = 0;
  std::size_t m_open = 0;
  std::size_t m_most_open = 0;

  boost::asio::io_context m_context;
  boost::asio::steady_timer m_release;
  rpc::Server m_server;
  std::thread m_thread;
};

} // namespace twcard::service::testing
