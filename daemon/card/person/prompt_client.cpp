#include "daemon/card/person/prompt_client.hpp"

#include "driver/base/error.hpp"
#include "rpc/async_client.hpp"
#include "rpc/wait_list.hpp"

#include <boost/json/array.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

namespace twcard::service {

namespace asio = boost::asio;
namespace json = boost::json;
using std::chrono::steady_clock;

namespace {

// twcard-prompt gives up after 120 s; this is for a prompt that does not even do that.
constexpr std::chrono::seconds answer_limit{125};

// Nothing when the person could not be asked.
std::optional<PromptOutcome> outcome_of(Errc code) {
  if (code == Errc::Cancelled) return PromptOutcome::Refused;
  if (code == Errc::Timeout) return PromptOutcome::Unanswered;
  return std::nullopt;
}

// Notes what came of a question, also when nobody waits for its answer any more.
class Noted final {
public:
  Noted(std::shared_ptr<PromptRate> rate, std::string origin) : m_rate(std::move(rate)), m_origin(std::move(origin)) {}
  ~Noted() {
    if (outcome) m_rate->note(m_origin, *outcome, steady_clock::now());
  }
  Noted(const Noted&) = delete;
  Noted& operator=(const Noted&) = delete;

  std::optional<PromptOutcome> outcome = PromptOutcome::Unanswered;

private:
  std::shared_ptr<PromptRate> m_rate; // a question may outlive the client
  std::string m_origin;
};

} // namespace

class PromptClient::Queue final {
public:
  explicit Queue(const asio::any_io_executor& executor) : waiting(executor) {}
  rpc::WaitList waiting;
  bool busy = false;
};

// The right to show a prompt; handed to the next one at the end, so that nobody can slip in between.
class PromptClient::Turn final {
public:
  static asio::awaitable<Turn> take(std::shared_ptr<Queue> queue) {
    if (queue->busy) static_cast<void>(co_await queue->waiting.wait());
    queue->busy = true;
    co_return Turn(std::move(queue));
  }
  Turn(Turn&& other) noexcept : m_queue(std::exchange(other.m_queue, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (m_queue && !m_queue->waiting.wake_one()) m_queue->busy = false;
  }

private:
  explicit Turn(std::shared_ptr<Queue> queue) : m_queue(std::move(queue)) {}
  std::shared_ptr<Queue> m_queue;
};

PromptClient::PromptClient(const asio::any_io_executor& executor, std::filesystem::path socket)
    : m_socket(std::move(socket)), m_queue(std::make_shared<Queue>(executor)) {}

PromptClient::~PromptClient() = default;

asio::awaitable<rpc::Reply> PromptClient::ask(std::string method, json::object params) {
  const auto turn = co_await Turn::take(m_queue);
  co_return co_await show(std::move(method), std::move(params));
}

asio::awaitable<rpc::Reply> PromptClient::show(std::string method, json::object params) {
  try {
    co_return co_await rpc::call_once(m_socket, answer_limit, std::move(method), std::move(params));
  } catch (const Error& error) {
    if (error.code() == Errc::ServiceUnavailable) throw Error(Errc::PromptUnavailable, error.what());
    if (error.code() == Errc::BadRequest) throw Error(Errc::Internal, std::string("prompt: ") + error.what());
    throw;
  }
}

bool PromptClient::may_be_asked(const std::string& origin) const {
  return m_rate->may_ask(origin, steady_clock::now());
}

asio::awaitable<Consent> PromptClient::approves(ConsentQuestion question) {
  json::object params{{"caller", rpc::form_of(question.caller)},
                      {"operation", name_of(question.operation)},
                      {"card", nullptr},
                      {"ui", rpc::form_of(question.caller.surface)}};
  if (question.operation == Operation::NhiRead)
    params["fields"] = json::array(question.fields.begin(), question.fields.end());
  if (question.card) params["card"] = rpc::form_of(*question.card);
  if (!question.hash.empty()) {
    params["hash"] = to_hex(question.hash);
    params["hash_function"] = question.hash_function;
  }
  if (question.may_be_remembered) params["remember"] = true;
  // Looked at in its turn: an origin that is refused now may have more questions in the queue.
  const auto turn = co_await Turn::take(m_queue);
  if (!question.caller.origin) {
    const auto reply = co_await show("prompt.consent", std::move(params));
    co_return rpc::consent_in(reply.result);
  }
  require_rate(*question.caller.origin);
  Noted noted(m_rate, *question.caller.origin);
  try {
    const auto reply = co_await show("prompt.consent", std::move(params));
    const auto consent = rpc::consent_in(reply.result);
    noted.outcome = consent == Consent::Refused ? PromptOutcome::Refused : PromptOutcome::Agreed;
    co_return consent;
  } catch (const Error& error) {
    noted.outcome = outcome_of(error.code());
    throw;
  }
}

void PromptClient::require_rate(const std::string& origin) const {
  if (!may_be_asked(origin))
    throw Error(Errc::ConsentDenied, "origin: it was refused, or asked in vain, too often; wait some minutes");
}

asio::awaitable<std::size_t> PromptClient::chooses_card(CardQuestion question) {
  const auto& origin = question.caller.origin.value();
  json::array cards;
  for (const auto& card : question.cards) cards.push_back(rpc::form_of(card));
  json::object params{{"caller", rpc::form_of(question.caller)},
                      {"cards", std::move(cards)},
                      {"ui", rpc::form_of(question.caller.surface)}};
  const auto turn = co_await Turn::take(m_queue);
  require_rate(origin);
  Noted noted(m_rate, origin);
  try {
    const auto reply = co_await show("prompt.card", std::move(params));
    noted.outcome.reset(); // a choice is no consent
    const auto* chosen = reply.result.if_contains("chosen");
    const auto count = static_cast<std::int64_t>(question.cards.size());
    if (chosen == nullptr || !chosen->is_int64() || chosen->get_int64() < 0 || chosen->get_int64() >= count)
      throw Error(Errc::Internal, "prompt.card: the answer is not one of the cards");
    co_return static_cast<std::size_t>(chosen->get_int64());
  } catch (const Error& error) {
    noted.outcome = outcome_of(error.code());
    throw;
  } catch (const boost::system::system_error&) {
    if (question.outdated()) noted.outcome.reset();
    throw;
  }
}

asio::awaitable<bool> PromptClient::risks_last_try(PinQuestion question) {
  json::object params{{"caller", rpc::form_of(question.caller)},
                      {"card", rpc::form_of(question.card)},
                      {"ui", rpc::form_of(question.caller.surface)}};
  const auto reply = co_await ask("prompt.last_try", std::move(params));
  co_return rpc::consent_in(reply.result) != Consent::Refused;
}

asio::awaitable<Pin> PromptClient::enters_pin(PinQuestion question) {
  json::object params{{"caller", rpc::form_of(question.caller)},  {"operation", name_of(question.operation)},
                      {"card", rpc::form_of(question.card)},      {"min_length", question.policy.min_length},
                      {"max_length", question.policy.max_length}, {"ui", rpc::form_of(question.caller.surface)}};
  if (question.tries_left) {
    params["tries_left"] = *question.tries_left;
  } else {
    params["tries_left"] = nullptr;
  }
  auto reply = co_await ask("prompt.pin", std::move(params));
  co_return Pin::take(std::move(reply.blob));
}

} // namespace twcard::service
