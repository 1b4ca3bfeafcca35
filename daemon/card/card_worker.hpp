// The thread of one reader: everything that is said to a card in that reader is said from here, one job at a time.
//
// Coroutines hand in jobs and wait for their end, for 30 s at most (docs/service-protocol.md, "Deadlines"). A job that
// never returns costs this thread and nothing else: its caller gets Timeout, and so do the jobs behind it.
// A cancelled or timed-out job that has not begun never begins; one that runs is finished and its result dropped.
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

class CardWorker final {
public:
  using Work = std::function<void(reader::Transaction&, card::Card&)>;

  // `source` and `registry` outlive the thread: see wait_until_stopped().
  CardWorker(boost::asio::any_io_executor executor, reader::ReaderSource& source, const card::CardRegistry& registry,
             std::string reader);
  ~CardWorker(); // stop(); the thread ends by itself
  CardWorker(const CardWorker&) = delete;
  CardWorker& operator=(const CardWorker&) = delete;

  // Connects to the card that is now in the reader, recognises it, and does `work` in the same transaction.
  // `insertion` is the name by which later jobs mean this card. Throws what ReaderSource::open, Transaction,
  // CardRegistry::recognise and `work` throw; Timeout.
  boost::asio::awaitable<void> open(std::uint64_t insertion, Work work);
  // Does `work` in a transaction with the card of that insertion. Throws CardRemoved when it is no longer the card
  // that open() was called for, and as above.
  boost::asio::awaitable<void> use(std::uint64_t insertion, Work work);
  // The card has gone: the channel is closed after the job that runs.
  void close();

  // use() for work that has a result.
  template <typename Result>
  static boost::asio::awaitable<Result> ask(std::shared_ptr<CardWorker> worker, std::uint64_t insertion,
                                            std::function<Result(reader::Transaction&, card::Card&)> question) {
    const auto answer = std::make_shared<std::optional<Result>>();
    Work work = [answer, question = std::move(question)](reader::Transaction& transaction, card::Card& card) {
      answer->emplace(question(transaction, card));
    };
    co_await worker->use(insertion, std::move(work));
    co_return std::move(**answer);
  }

  // The job that runs is the last one; the ones behind it end with CardRemoved.
  void stop() noexcept;
  // Blocks until the thread has ended, false when it has not by then.
  [[nodiscard]] bool wait_until_stopped(std::chrono::steady_clock::time_point deadline) const;

private:
  struct Job;
  struct State;
  static boost::asio::awaitable<void> finished(std::shared_ptr<State> state, std::shared_ptr<Job> job);

  std::shared_ptr<State> m_state;
};

} // namespace twcard::service
