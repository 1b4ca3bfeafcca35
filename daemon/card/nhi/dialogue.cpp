#include "daemon/card/nhi/dialogue.hpp"

#include "daemon/card/readers/card_worker.hpp"
#include "driver/base/error.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "rpc/wait_list.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <future>

namespace twcard::service {

namespace asio = boost::asio;

struct NhiDialogue::State {
  State(asio::any_io_executor its_executor, std::shared_ptr<const Token> its_token, std::chrono::milliseconds its_limit)
      : executor(std::move(its_executor)), token(std::move(its_token)), limit(its_limit), changed(executor) {}

  const asio::any_io_executor executor;
  const std::shared_ptr<const Token> token;
  const std::chrono::milliseconds limit;
  std::promise<Bytes> module_data; // empty octets: there will be none

  // The executor's.
  bool told = false; // module_data has its value
  bool ended = false;
  std::optional<Opening> opening;
  Bytes card_answer;
  std::exception_ptr failure;
  rpc::WaitList changed;

  void tell(Bytes data) {
    if (!std::exchange(told, true)) module_data.set_value(std::move(data));
  }
};

NhiDialogue::NhiDialogue(asio::any_io_executor executor, std::shared_ptr<const Token> token,
                         std::chrono::milliseconds limit)
    : m_state(std::make_shared<State>(std::move(executor), std::move(token), limit)) {}

NhiDialogue::~NhiDialogue() {
  m_state->tell({});
}

asio::awaitable<void> NhiDialogue::run(std::shared_ptr<State> state) {
  std::function<Bytes(reader::Transaction&, card::Card&)> prove = [state](reader::Transaction& transaction,
                                                                          card::Card& card) {
    auto& nhi = dynamic_cast<card::NhiCard&>(card);
    auto opening = nhi.begin_authentication(transaction);
    asio::post(state->executor, [state, opening = std::move(opening)]() mutable {
      state->opening = Opening{std::move(opening.card_number), std::move(opening.challenge)};
      state->changed.wake_all();
    });
    auto data = state->module_data.get_future();
    if (data.wait_for(state->limit) != std::future_status::ready)
      throw Error(Errc::Timeout, "the authentication site took too long");
    const auto octets = data.get();
    if (octets.empty()) throw Error(Errc::Cancelled, "nobody waits for the card any more");
    return nhi.authenticate(transaction, octets);
  };
  try {
    state->card_answer = co_await CardWorker::ask(state->token->worker, state->token->insertion, std::move(prove));
  } catch (...) {
    state->failure = std::current_exception();
  }
  state->ended = true;
  state->changed.wake_all();
}

asio::awaitable<CardSide::Opening> NhiDialogue::open() {
  const auto state = m_state;
  asio::co_spawn(state->executor, run(state), asio::detached);
  while (!state->opening && !state->ended) static_cast<void>(co_await state->changed.wait());
  if (state->failure) std::rethrow_exception(state->failure);
  co_return *state->opening;
}

asio::awaitable<Bytes> NhiDialogue::answer(Bytes module_data) {
  const auto state = m_state;
  state->tell(std::move(module_data));
  while (!state->ended) static_cast<void>(co_await state->changed.wait());
  if (state->failure) std::rethrow_exception(state->failure);
  co_return std::move(state->card_answer);
}

} // namespace twcard::service
