#include "daemon/card/readers/card_worker.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "rpc/wait_list.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace twcard::service {

namespace asio = boost::asio;
using std::chrono::steady_clock;

struct CardWorker::Job {
  enum class Kind { Open, Use, EndLogin, Reset, Close };

  Job(Kind its_kind, std::uint64_t its_insertion, Work its_work, std::optional<Login> its_login, const State& state);

  Kind kind;
  steady_clock::time_point deadline;
  std::uint64_t insertion;
  std::optional<Login> login;
  Work work;                                // of whoever took the job out of the queue
  std::atomic<bool> waits_its_turn = false; // until another program ends its transaction
  std::exception_ptr failure;               // the thread's until `done`
  bool done = false;                        // the executor's
  rpc::WaitList ended;                      // the executor's
};

// A transaction that is open between two jobs of a login.
struct CardWorker::Burst {
  Burst(reader::CardChannel& channel, std::optional<Login> its_login, steady_clock::time_point deadline)
      : transaction(channel, deadline), login(its_login) {}

  reader::Transaction transaction;
  const std::optional<Login> login;
  const steady_clock::time_point begun = steady_clock::now();
  steady_clock::time_point last_used = begun;
};

struct CardWorker::State : std::enable_shared_from_this<State> {
  State(asio::any_io_executor its_executor, reader::ReaderSource& its_source, const card::CardRegistry& its_registry,
        std::string its_reader, CardLimits its_limits, std::function<void()> when_back)
      : executor(std::move(its_executor)), source(its_source), registry(its_registry), reader(std::move(its_reader)),
        limits(its_limits), came_back(std::move(when_back)) {}

  const asio::any_io_executor executor;
  reader::ReaderSource& source;
  const card::CardRegistry& registry;
  const std::string reader;
  const CardLimits limits;

  // The executor's.
  const std::function<void()> came_back;
  std::shared_ptr<Job> holder; // the job that has passed its deadline and has not returned

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<Job>> queue;
  std::shared_ptr<Job> running;
  bool stopping = false;
  bool stopped = false;

  // The thread's own.
  std::unique_ptr<reader::CardChannel> channel;
  std::unique_ptr<card::Card> card;
  std::uint64_t insertion = 0;
  std::optional<Burst> burst; // uses the channel

  void add(std::shared_ptr<Job> job) {
    const std::lock_guard lock(mutex);
    if (stopping) {
      job->failure = removed();
      hand_back(std::move(job));
      return;
    }
    // Cards that come and go in a reader that is held leave nothing behind.
    if (job->kind == Job::Kind::Close && !queue.empty() && queue.back()->kind == Job::Kind::Close) return;
    queue.push_back(std::move(job));
    changed.notify_all();
  }

  // Takes the job out of the queue, with what its work holds, if it has not begun; else nobody may go on with what it
  // leaves behind.
  void abandon(const std::shared_ptr<Job>& job) {
    {
      const std::lock_guard lock(mutex);
      if (std::erase(queue, job) != 0) {
        job->work = nullptr;
        return;
      }
    }
    if (job->login) add(std::make_shared<Job>(Job::Kind::EndLogin, 0, nullptr, job->login, *this));
  }

  // The deadline of a job has passed. Nobody knows when the reader will answer the one that runs: the jobs behind it do
  // not wait for that.
  void pass_deadline() {
    const std::lock_guard lock(mutex);
    if (!running || steady_clock::now() < running->deadline) return;
    holder = running;
    log::warning("card", "{}: a reader's jobs fail until that ends", no_answer(*running).what());
    std::erase_if(queue, [this](const auto& waiting) {
      if (waiting->kind != Job::Kind::Open && waiting->kind != Job::Kind::Use) return false;
      end(waiting, std::make_exception_ptr(no_answer(*running)));
      return true;
    });
  }

  static std::exception_ptr removed() {
    return std::make_exception_ptr(Error(Errc::CardRemoved, "the card was removed from the reader"));
  }
  // What is to be said of a job that does not return.
  static Error no_answer(const Job& job) {
    if (job.waits_its_turn) return {Errc::CardReset, "another program holds the card"};
    return {Errc::Timeout, "the reader does not answer"};
  }
  // Of a job that has passed its deadline: it runs, or waits for the one that does.
  Error late() {
    const std::lock_guard lock(mutex);
    return running ? no_answer(*running) : Error(Errc::Timeout, "the card took too long");
  }

  // Without having begun.
  void end(const std::shared_ptr<Job>& job, std::exception_ptr why) {
    job->work = nullptr;
    job->failure = std::move(why);
    hand_back(job);
  }

  // The executor gets the last reference: timers inside the job belong to it.
  void hand_back(std::shared_ptr<Job> job) {
    asio::post(executor, [self = shared_from_this(), job = std::move(job)] {
      job->done = true;
      job->ended.wake_all();
      if (self->holder != job) return;
      self->holder.reset();
      log::info("card", "a reader answers again");
      self->came_back();
    });
  }

  std::shared_ptr<Job> next() {
    std::unique_lock lock(mutex);
    const auto something_to_do = [this] { return stopping || !queue.empty(); };
    if (burst && !changed.wait_until(lock, burst->last_used + limits.pause, something_to_do)) {
      // It may hold the thread like a job that somebody has asked for.
      running = std::make_shared<Job>(Job::Kind::EndLogin, 0, nullptr, burst->login, *this);
      lock.unlock();
      burst.reset();
      lock.lock();
      hand_back(std::exchange(running, nullptr));
    }
    changed.wait(lock, something_to_do);
    if (stopping) return nullptr;
    running = std::move(queue.front());
    queue.pop_front();
    return running;
  }

  void disconnect() {
    burst.reset();
    card.reset();
    channel.reset();
    insertion = 0;
  }

  void connect_and_do(Job& job) {
    disconnect();
    auto opened = source.open(reader);
    job.waits_its_turn = true;
    reader::Transaction transaction(*opened, job.deadline);
    job.waits_its_turn = false;
    auto recognised = registry.recognise(transaction);
    job.work(transaction, *recognised);
    channel = std::move(opened);
    card = std::move(recognised);
    insertion = job.insertion;
  }

  void use(Job& job) {
    const bool goes_on =
        burst && job.login && burst->login == job.login && steady_clock::now() < burst->begun + limits.length;
    if (!goes_on) burst.reset();
    if (!card || insertion != job.insertion) std::rethrow_exception(removed());
    if (goes_on) {
      burst->transaction.set_deadline(job.deadline);
    } else {
      job.waits_its_turn = true;
      burst.emplace(*channel, job.login, job.deadline);
      job.waits_its_turn = false;
    }
    try {
      job.work(burst->transaction, *card);
    } catch (...) {
      burst.reset();
      throw;
    }
    burst->last_used = steady_clock::now();
    if (!job.login || !burst->transaction.logged_in()) burst.reset();
  }

  void reset_card(const Job& job) {
    burst.reset();
    const auto opened = channel ? nullptr : source.open(reader);
    reader::Transaction transaction(channel ? *channel : *opened, job.deadline);
    transaction.pin_follows();
  }

  void carry_out(Job& job) {
    switch (job.kind) {
    case Job::Kind::Open: connect_and_do(job); return;
    case Job::Kind::Use: use(job); return;
    case Job::Kind::EndLogin:
      if (burst && burst->login == job.login) burst.reset();
      return;
    case Job::Kind::Reset: reset_card(job); return;
    case Job::Kind::Close: disconnect(); return;
    }
  }

  void run() {
    while (auto job = next()) {
      try {
        carry_out(*job);
      } catch (...) {
        job->failure = std::current_exception();
      }
      job->work = nullptr;
      {
        const std::lock_guard lock(mutex);
        running.reset();
      }
      hand_back(std::move(job));
    }
    disconnect();
    const std::lock_guard lock(mutex);
    for (const auto& job : queue) end(job, removed());
    queue.clear();
    stopped = true;
    changed.notify_all();
  }
};

CardWorker::Job::Job(Kind its_kind, std::uint64_t its_insertion, Work its_work, std::optional<Login> its_login,
                     const State& state)
    : kind(its_kind), deadline(steady_clock::now() + state.limits.operation), insertion(its_insertion),
      login(its_login), work(std::move(its_work)), ended(state.executor) {}

CardWorker::CardWorker(asio::any_io_executor executor, reader::ReaderSource& source, const card::CardRegistry& registry,
                       std::string reader, CardLimits limits, std::function<void()> came_back)
    : m_state(std::make_shared<State>(std::move(executor), source, registry, std::move(reader), limits,
                                      std::move(came_back))) {
  // Detached, because a thread that a reader holds forever could never be joined.
  std::thread([state = m_state] { state->run(); }).detach();
}

CardWorker::~CardWorker() {
  stop();
}

asio::awaitable<void> CardWorker::carry_out(std::shared_ptr<State> state, std::shared_ptr<Job> job) {
  if (state->holder) throw State::no_answer(*state->holder);
  const auto deadline = job->deadline;
  state->add(job);
  try {
    while (!job->done) {
      const bool ended = co_await job->ended.wait(deadline);
      if (ended) continue;
      const auto why = state->late();
      state->pass_deadline();
      throw Error(why);
    }
  } catch (...) {
    state->abandon(job);
    throw;
  }
  if (job->failure) std::rethrow_exception(job->failure);
}

asio::awaitable<void> CardWorker::open(std::uint64_t insertion, Work work) {
  const auto state = m_state;
  const auto job = std::make_shared<Job>(Job::Kind::Open, insertion, std::move(work), std::nullopt, *state);
  co_await carry_out(state, job);
}

asio::awaitable<void> CardWorker::use(std::uint64_t insertion, Work work, std::optional<Login> login) {
  const auto state = m_state;
  const auto job = std::make_shared<Job>(Job::Kind::Use, insertion, std::move(work), login, *state);
  co_await carry_out(state, job);
}

void CardWorker::end_login(Login login) {
  m_state->add(std::make_shared<Job>(Job::Kind::EndLogin, 0, nullptr, login, *m_state));
}

void CardWorker::reset_card() {
  m_state->add(std::make_shared<Job>(Job::Kind::Reset, 0, nullptr, std::nullopt, *m_state));
}

asio::awaitable<void> CardWorker::earlier_jobs() {
  const auto state = m_state;
  const auto last = std::make_shared<Job>(Job::Kind::EndLogin, 0, nullptr, std::nullopt, *state);
  co_await carry_out(state, last);
}

void CardWorker::close() {
  m_state->add(std::make_shared<Job>(Job::Kind::Close, 0, nullptr, std::nullopt, *m_state));
}

void CardWorker::stop() noexcept {
  const std::lock_guard lock(m_state->mutex);
  m_state->stopping = true;
  m_state->changed.notify_all();
}

bool CardWorker::wait_until_stopped(std::chrono::steady_clock::time_point deadline) const {
  std::unique_lock lock(m_state->mutex);
  return m_state->changed.wait_until(lock, deadline, [this] { return m_state->stopped; });
}

} // namespace twcard::service
