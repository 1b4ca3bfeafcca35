#include "tests/cli/fake_service.hpp"

#include "rpc/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace twcard::cli::testing {

namespace {

class ScriptedHandler final : public rpc::Handler {
public:
  void opened(const std::shared_ptr<rpc::Session>& session) override { m_sessions.insert(session); }
  void closed(const std::shared_ptr<rpc::Session>& session) override { m_sessions.erase(session); }

  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session>, rpc::Request request) override {
    const SeenRequest seen{request.method, request.params, to_bytes(request.blob.view())};
    FakeService::Answer answer;
    {
      const std::lock_guard lock(m_mutex);
      m_requests.push_back(seen);
      const auto found = m_answers.find(seen.method);
      if (found == m_answers.end()) throw Error(Errc::BadRequest, "unknown method");
      answer = found->second;
    }
    co_return answer(seen);
  }

  void set(const std::string& method, FakeService::Answer answer) {
    const std::lock_guard lock(m_mutex);
    m_answers[method] = std::move(answer);
  }

  std::vector<SeenRequest> requests() {
    const std::lock_guard lock(m_mutex);
    return m_requests;
  }

  void notify_all(const boost::json::object& params) {
    for (const auto& session : m_sessions) session->notify({"event", params});
  }

private:
  std::mutex m_mutex;
  std::map<std::string, FakeService::Answer> m_answers;
  std::vector<SeenRequest> m_requests;
  std::set<std::shared_ptr<rpc::Session>> m_sessions; // of the service's thread
};

} // namespace

struct FakeService::Impl {
  PrivateFolder folder;
  boost::asio::io_context context;
  ScriptedHandler handler;
  rpc::Server server{rpc::listen_at(context.get_executor(), folder.path() / "card.sock"), handler};
  std::thread thread{[this] { context.run(); }};
};

FakeService::FakeService() : m_impl(std::make_unique<Impl>()) {
  on("hello", R"({"service": "twcardd", "version": "9.8.7", "protocol": 1})");
}

FakeService::~FakeService() {
  stop();
}

void FakeService::stop() {
  if (!m_impl->thread.joinable()) return;
  boost::asio::post(m_impl->context, [this] { m_impl->server.stop(); });
  m_impl->thread.join();
}

void FakeService::on(const std::string& method, Answer answer) {
  m_impl->handler.set(method, std::move(answer));
}

void FakeService::on(const std::string& method, const std::string& json) {
  on(method, [result = json_of(json)](const SeenRequest&) { return rpc::Reply{result, {}}; });
}

void FakeService::fail(const std::string& method, Error error) {
  on(method, [error = std::move(error)](const SeenRequest&) -> rpc::Reply { throw Error(error); });
}

void FakeService::notify(const std::string& json) {
  boost::asio::post(m_impl->context, [this, event = json_of(json)] { m_impl->handler.notify_all(event); });
}

Environment FakeService::environment() const {
  return {{"TWCARD_SOCKET", (m_impl->folder.path() / "card.sock").string()},
          {"TWCARD_PROMPT_SOCKET", (m_impl->folder.path() / "prompt.sock").string()}};
}

Outcome FakeService::run(const std::vector<std::string>& arguments, const Environment& more) const {
  auto variables = environment();
  variables.insert(more.begin(), more.end());
  return run_twcard(arguments, variables);
}

const PrivateFolder& FakeService::folder() const {
  return m_impl->folder;
}

std::vector<SeenRequest> FakeService::requests() const {
  return m_impl->handler.requests();
}

SeenRequest FakeService::request(const std::string& method) const {
  const auto all = requests();
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const auto& seen) { return seen.method == method; });
  BOOST_REQUIRE_MESSAGE(found != all.rend(), "no request " + method);
  return *found;
}

boost::json::object json_of(const std::string& text) {
  boost::system::error_code fault;
  auto value = boost::json::parse(text, fault);
  BOOST_REQUIRE_MESSAGE(!fault && value.is_object(), "no JSON object: " + text);
  return std::move(value.as_object());
}

} // namespace twcard::cli::testing
