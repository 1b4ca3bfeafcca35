#include "daemon/card/readers/token_cache.hpp"

#include "driver/base/log.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace twcard::service {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds first_report_limit{5};
// How long a card that fits waits for others that are being read and may fit too.
constexpr std::chrono::seconds others_limit{3};
// Threads whose reader is gone and that still have not come back from PC/SC.
constexpr std::size_t max_lost_threads = 16;

// What the card's own driver says of it.
asio::awaitable<std::variant<Reading, Snapshot, Error>> state_by_driver(std::shared_ptr<const Token> token,
                                                                        std::shared_ptr<const CertificateStore> kept) {
  const auto snapshot = std::make_shared<Snapshot>();
  CardWorker::Work work = [snapshot, kept = std::move(kept)](reader::Transaction& transaction, card::Card& card) {
    *snapshot = read_snapshot(transaction, card, *kept);
  };
  try {
    co_await token->worker->open(token->insertion, std::move(work));
  } catch (const Error& error) {
    co_return error;
  } catch (const std::exception& exception) {
    log::error("card", "reading a card: {}", exception.what());
    Error fault(Errc::Internal, "unexpected fault while the card was read");
    co_return fault;
  }
  co_return std::move(*snapshot);
}

// A card that no driver knows, or whose driver lacks a profile, may have a vendor's library.
bool lacks_something(const std::variant<Reading, Snapshot, Error>& state) {
  if (const auto* snapshot = std::get_if<Snapshot>(&state)) return snapshot->missing_profile.has_value();
  const auto* error = std::get_if<Error>(&state);
  return error != nullptr && error->code() == Errc::UnsupportedCard;
}

asio::awaitable<void> read_token(std::shared_ptr<Token> token, std::shared_ptr<const CertificateStore> kept,
                                 std::shared_ptr<const VendorClient> vendor, std::function<void()> tell) {
  auto state = co_await state_by_driver(token, std::move(kept));
  if (lacks_something(state) && vendor->has_library_for(token->atr)) {
    std::optional<Snapshot> known;
    if (const auto* snapshot = std::get_if<Snapshot>(&state)) known = *snapshot;
    try {
      state = co_await vendor->read(token->reader, token->atr, std::move(known));
    } catch (const Error& error) {
      // What is known without the library stays.
      log::warning("vendor", "a card is not used through its vendor's library: {}", error.what());
    }
  }
  token->state = std::move(state);
  if (!token->removed) tell();
}

} // namespace

TokenCache::TokenCache(asio::any_io_executor executor, reader::ReaderSource& source, const card::CardRegistry& registry,
                       CardLimits limits, std::shared_ptr<const CertificateStore> kept,
                       std::shared_ptr<const VendorClient> vendor, std::function<void(const ReaderEvent&)> publish)
    : m_executor(std::move(executor)), m_source(source), m_registry(registry), m_limits(limits),
      m_kept(std::move(kept)), m_vendor(std::move(vendor)), m_publish(std::move(publish)), m_changed(m_executor) {}

TokenCache::~TokenCache() = default;

void TokenCache::take(ReaderMonitor::Report report) {
  if (auto* states = std::get_if<std::vector<reader::ReaderState>>(&report)) {
    update(std::move(*states));
  } else {
    lose(std::get<Error>(report));
  }
  m_known = true;
  m_changed.wake_all();
}

void TokenCache::lose(const Error& reason) {
  log::warning("card", "no PC/SC service: {}", reason.what());
  while (!m_readers.empty()) remove_reader(std::string(m_readers.begin()->first));
  const bool told = m_known && !m_pcsc_reachable;
  m_pcsc_reachable = false;
  if (!told) m_publish({ReaderEventType::PcscLost, {}, nullptr});
}

void TokenCache::update(std::vector<reader::ReaderState> states) {
  std::erase_if(m_retired, [](const auto& worker) { return worker->wait_until_stopped(steady_clock::now()); });
  if (m_known && !m_pcsc_reachable) m_publish({ReaderEventType::PcscBack, {}, nullptr});
  m_pcsc_reachable = true;

  std::vector<std::string> gone;
  for (const auto& [name, reader] : m_readers) {
    const bool still_there =
        std::any_of(states.begin(), states.end(), [&name = name](const auto& state) { return state.name == name; });
    if (!still_there) gone.push_back(name);
  }
  for (const auto& name : gone) remove_reader(name);

  for (auto& state : states) {
    if (!m_readers.contains(state.name) && m_retired.size() >= max_lost_threads) {
      log::error("card", "a reader is left out: {} others were lost without an answer", m_retired.size());
      continue;
    }
    auto& reader = m_readers[state.name];
    if (!reader.worker) {
      auto came_back = [weak = weak_from_this(), name = state.name] {
        if (const auto self = weak.lock()) self->reader_came_back(name);
      };
      reader.worker =
          std::make_shared<CardWorker>(m_executor, m_source, m_registry, state.name, m_limits, std::move(came_back));
      m_publish({ReaderEventType::ReaderAdded, state.name, nullptr});
    }
    // Another counter is another insertion, even when the card was out for so short a time that nobody saw it. A reset
    // may bring another answer to reset (ISO/IEC 7816-3 section 6.3.1): that is still the same card.
    const bool same_card = state.present && reader.token && state.event_counter == reader.state.event_counter;
    reader.state = std::move(state);
    if (same_card) continue;
    if (reader.token) remove_card(reader);
    if (reader.state.present) insert(reader);
  }
}

void TokenCache::insert(Reader& reader) {
  auto token = std::make_shared<Token>();
  token->insertion = ++m_last_insertion;
  token->reader = reader.state.name;
  token->atr = reader.state.atr;
  token->worker = reader.worker;
  reader.token = token;
  m_publish({ReaderEventType::CardInserted, reader.state.name, token});
  read(std::move(token));
}

void TokenCache::read(std::shared_ptr<Token> token) {
  std::optional<Errc> failed_before;
  if (token->failure() != nullptr) failed_before = token->failure()->code();
  token->state = Reading{};
  auto tell = [self = shared_from_this(), token, failed_before] {
    const bool failed = token->failure() != nullptr;
    if (failed) log::info("card", "a card could not be read: {}", name_of(token->failure()->code()));
    const bool nothing_new = failed && failed_before == token->failure()->code();
    if (!nothing_new)
      self->m_publish({failed ? ReaderEventType::CardFailed : ReaderEventType::CardReady, token->reader, token});
    self->m_changed.wake_all();
  };
  asio::co_spawn(m_executor, read_token(token, m_kept, m_vendor, std::move(tell)), asio::detached);
}

void TokenCache::reader_came_back(const std::string& name) {
  const auto found = m_readers.find(name);
  if (found == m_readers.end() || !found->second.token) return;
  if (found->second.token->failure() != nullptr) read(found->second.token);
}

void TokenCache::remove_card(Reader& reader) {
  const auto token = std::move(reader.token);
  reader.token.reset();
  token->removed = true;
  reader.worker->close();
  m_publish({ReaderEventType::CardRemoved, token->reader, token});
}

void TokenCache::remove_reader(const std::string& name) {
  const auto found = m_readers.find(name);
  if (found->second.token) remove_card(found->second);
  found->second.worker->stop();
  m_retired.push_back(std::move(found->second.worker));
  m_readers.erase(found);
  m_publish({ReaderEventType::ReaderRemoved, name, nullptr});
}

void TokenCache::forget_kept(const Token& token) const {
  m_kept->forget(token.snapshot()->card_number_hash);
}

asio::awaitable<void> TokenCache::known() {
  const auto self = shared_from_this();
  const auto deadline = steady_clock::now() + first_report_limit;
  while (!m_known)
    if (!co_await m_changed.wait(deadline)) co_return;
}

asio::awaitable<void> TokenCache::settled() {
  const auto self = shared_from_this();
  const auto deadline = steady_clock::now() + m_limits.operation;
  co_await known();
  const auto being_read = [](const auto& token) { return token->reading(); };
  while (std::ranges::any_of(cards_in(std::nullopt), being_read))
    if (!co_await m_changed.wait(deadline)) co_return;
}

std::vector<TokenCache::ReaderEntry> TokenCache::readers() const {
  std::vector<ReaderEntry> entries;
  for (const auto& [name, reader] : m_readers) entries.push_back({name, reader.token});
  return entries;
}

std::vector<std::shared_ptr<Token>> TokenCache::cards_in(const std::optional<std::string>& reader) const {
  std::vector<std::shared_ptr<Token>> tokens;
  for (const auto& [name, entry] : m_readers)
    if (entry.token && (!reader || *reader == name)) tokens.push_back(entry.token);
  return tokens;
}

TokenCache::Tokens TokenCache::fitting(const std::optional<std::string>& reader, const Fits& fits) const {
  Tokens tokens;
  for (const auto& token : cards_in(reader))
    if (token->snapshot() != nullptr && fits(*token->snapshot())) tokens.push_back(token);
  return tokens;
}

asio::awaitable<TokenCache::Tokens> TokenCache::find(std::optional<std::string> reader, Fits fits) {
  const auto self = shared_from_this();
  const auto deadline = steady_clock::now() + m_limits.operation;
  const auto others_until = steady_clock::now() + others_limit;
  bool tried_again = false;
  co_await known();
  for (;;) {
    if (!m_pcsc_reachable) throw Error(Errc::NoPcsc, "the PC/SC service cannot be reached");
    if (m_readers.empty()) throw Error(Errc::NoReader, "no reader is connected");
    if (reader && !m_readers.contains(*reader)) throw Error(Errc::NoReader, "reader: no reader of this name");

    const auto cards = cards_in(reader);
    auto found = fitting(reader, fits);
    if (found.empty() && !std::exchange(tried_again, true))
      for (const auto& token : cards)
        if (token->failure() != nullptr) read(token);
    const bool being_read = std::any_of(cards.begin(), cards.end(), [](const auto& token) { return token->reading(); });
    if (being_read) {
      const bool changed = co_await m_changed.wait(found.empty() ? deadline : std::min(deadline, others_until));
      if (changed) continue;
      if (cards.size() == 1) throw Error(Errc::Timeout, "the card takes too long to read");
    }
    if (!found.empty()) co_return found;
    if (cards.size() == 1 && cards.front()->failure() != nullptr) throw Error(*cards.front()->failure());
    if (cards.empty()) throw Error(Errc::NoCard, "no card is in a reader");
    throw Error(Errc::NoCard, "the card in the reader is of another kind");
  }
}

asio::awaitable<void> TokenCache::other_than(std::shared_ptr<TokenCache> cache, std::optional<std::string> reader,
                                             Fits fits, Tokens known) {
  while (cache->fitting(reader, fits) == known) static_cast<void>(co_await cache->m_changed.wait());
}

asio::awaitable<void> TokenCache::removed(std::shared_ptr<TokenCache> cache, std::shared_ptr<const Token> token) {
  while (!token->removed) static_cast<void>(co_await cache->m_changed.wait());
}

bool TokenCache::stop(steady_clock::time_point deadline) {
  for (const auto& [name, reader] : m_readers) {
    reader.worker->stop();
    m_retired.push_back(reader.worker);
  }
  return std::all_of(m_retired.begin(), m_retired.end(),
                     [deadline](const auto& worker) { return worker->wait_until_stopped(deadline); });
}

} // namespace twcard::service
