#include "tests/daemon/card/person/scripted_prompt.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace twcard::service::testing {

namespace asio = boost::asio;

ScriptedPrompt::ScriptedPrompt(const std::filesystem::path& socket)
    : m_release(m_context, asio::steady_timer::time_point::max()),
      m_server(rpc::listen_at(m_context.get_executor(), socket), *this), m_thread([this] { m_context.run(); }) {}

ScriptedPrompt::~ScriptedPrompt() {
  asio::post(m_context, [this] { m_server.stop(); });
  m_thread.join();
}

void ScriptedPrompt::answer(Answer answer) {
  const std::lock_guard lock(m_mutex);
  m_answers.push_back(std::move(answer));
}

std::vector<ScriptedPrompt::Question> ScriptedPrompt::questions() const {
  const std::lock_guard lock(m_mutex);
  return m_questions;
}

bool ScriptedPrompt::wait_for_questions(std::size_t count) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, std::chrono::seconds(10), [&] { return m_questions.size() >= count; });
}

bool ScriptedPrompt::wait_for_closed(std::size_t count) {
  std::unique_lock lock(m_mutex);
  return m_changed.wait_for(lock, std::chrono::seconds(10), [&] { return m_closed >= count; });
}

void ScriptedPrompt::release() {
  asio::post(m_context, [this] { m_release.cancel(); });
}

std::size_t ScriptedPrompt::most_open_at_once() const {
  const std::lock_guard lock(m_mutex);
  return m_most_open;
}

ScriptedPrompt::Answer ScriptedPrompt::note(const rpc::Request& request) {
  const std::lock_guard lock(m_mutex);
  m_questions.push_back({request.method, request.params});
  m_most_open = std::max(m_most_open, ++m_open);
  m_changed.notify_all();
  if (m_answers.empty()) return request.method == "prompt.pin" ? Answer(Enter{right_pin}) : Answer(Approve{});
  auto next = m_answers.front();
  m_answers.pop_front();
  return next;
}

asio::awaitable<void> ScriptedPrompt::stay_open() {
  boost::system::error_code ended;
  co_await m_release.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() == asio::cancellation_type::none) co_return;
  const std::lock_guard lock(m_mutex);
  ++m_closed;
  --m_open;
  m_changed.notify_all();
  throw boost::system::system_error(ended);
}

asio::awaitable<rpc::Reply> ScriptedPrompt::handle(std::shared_ptr<rpc::Session>, rpc::Request request) {
  auto answer = note(request);
  if (std::holds_alternative<LeaveOpen>(answer)) {
    co_await stay_open();
    answer = request.method == "prompt.pin" ? Answer(Enter{right_pin}) : Answer(Approve{});
  }
  {
    const std::lock_guard lock(m_mutex);
    --m_open;
  }
  if (const auto* fail = std::get_if<Fail>(&answer)) throw Error(fail->code, "as the test wants it");
  if (const auto* enter = std::get_if<Enter>(&answer))
    co_return rpc::Reply{{}, SecureBytes::copy_of(as_bytes(enter->pin))};
  if (request.method == "prompt.card") {
    const auto* choose = std::get_if<Choose>(&answer);
    co_return rpc::Reply{{{"chosen", choose != nullptr ? choose->place : 0}}, {}};
  }
  if (std::holds_alternative<Always>(answer)) co_return rpc::Reply{{{"approved", true}, {"remember", true}}, {}};
  co_return rpc::Reply{{{"approved", std::holds_alternative<Approve>(answer)}}, {}};
}

} // namespace twcard::service::testing
