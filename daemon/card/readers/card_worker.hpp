// The thread of one reader: everything that is said to a card in that reader is said from here, one job at a time.
//
// Coroutines hand in jobs and wait for their end until a limit (docs/service-protocol.md, "Deadlines"). A call into
// PC/SC cannot be broken off, so a job that never returns costs this thread and nothing else: from its deadline on the
// reader counts as held, its caller, the jobs behind it and every later one get Timeout at once. When the call returns
// after all, the reader is used again. A cancelled or timed-out job that has not begun never begins; one that runs
// sends no further command to the card, and its result is dropped.
//
// A transaction that a login has been used in, and that is still logged in, stays open for the next job of the same
// login: a burst. It ends, with the card reset, when no such job has come for a pause, before a job of anybody else,
// when a job fails, and when the login or the insertion ends. So a PIN is sent once per transaction (control C24).
#pragma once

#include "driver/card/card_registry.hpp"
#include "driver/reader/reader_source.hpp"
#include "driver/reader/transaction.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace twcard::service {

inline constexpr std::chrono::seconds card_operation_limit{30};

struct CardLimits {
  // Between two operations. 100 ms are promised (docs/service-protocol.md, "Token sessions"); the reset needs some.
  std::chrono::milliseconds pause{90};
  // Other programs of this machine wait for the card while a burst lasts: one that is older takes no more operations.
  std::chrono::milliseconds length{5000};
  // Of one job, its time in the queue included.
  std::chrono::milliseconds operation = card_operation_limit;
};

class CardWorker final {
public:
  using Work = std::function<void(reader::Transaction&, card::Card&)>;
  using Login = std::uint64_t; // a name for it, never used for another one

  // `source` and `registry` outlive the thread: see wait_until_stopped(). `came_back` is called on the executor when a
  // reader that was held answers again.
  CardWorker(boost::asio::any_io_executor executor, reader::ReaderSource& source, const card::CardRegistry& registry,
             std::string reader, CardLimits limits, std::function<void()> came_back);
  ~CardWorker(); // stop(); the thread ends by itself
  CardWorker(const CardWorker&) = delete;
  CardWorker& operator=(const CardWorker&) = delete;

  // Connects to the card that is now in the reader, recognises it, and does `work` in the same transaction.
  // `insertion` is the name by which later jobs mean this card. Throws what ReaderSource::open, Transaction,
  // CardRegistry::recognise and `work` throw; Timeout.
  boost::asio::awaitable<void> open(std::uint64_t insertion, Work work);
  // Does `work` in a transaction with the card of that insertion. Throws CardRemoved when it is no longer the card
  // that open() was called for, and as above.
  // With a login, the transaction may be one that an earlier job of this login has left logged in, and is left open.
  boost::asio::awaitable<void> use(std::uint64_t insertion, Work work, std::optional<Login> login = std::nullopt);
  // The login has ended: so does its burst, after the job that runs.
  void end_login(Login login);
  // Resets the card that is in the reader, whoever has logged in to it, after the job that runs.
  void reset_card();
  // Until the jobs that were given before have ended, resets too. Throws as open() for a reader that does not answer.
  boost::asio::awaitable<void> earlier_jobs();
  // The card has gone: the channel is closed after the job that runs.
  void close();

  // use() for work that has a result.
  template <typename Result>
  static boost::asio::awaitable<Result> ask(std::shared_ptr<CardWorker> worker, std::uint64_t insertion,
                                            std::function<Result(reader::Transaction&, card::Card&)> question,
                                            std::optional<Login> login = std::nullopt) {
    const auto answer = std::make_shared<std::optional<Result>>();
    Work work = [answer, question = std::move(question)](reader::Transaction& transaction, card::Card& card) {
      answer->emplace(question(transaction, card));
    };
    co_await worker->use(insertion, std::move(work), login);
    co_return std::move(**answer);
  }

  // The job that runs is the last one; the ones behind it end with CardRemoved.
  void stop() noexcept;
  // Blocks until the thread has ended, false when it has not by then.
  [[nodiscard]] bool wait_until_stopped(std::chrono::steady_clock::time_point deadline) const;

private:
  struct Job;
  struct Burst;
  struct State;
  static boost::asio::awaitable<void> carry_out(std::shared_ptr<State> state, std::shared_ptr<Job> job);

  std::shared_ptr<State> m_state;
};

} // namespace twcard::service
