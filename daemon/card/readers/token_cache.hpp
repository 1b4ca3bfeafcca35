// Readers and their cards as the service knows them: what was read once an insertion is served from here, without a
// word to the card. One strand: everything is used from the executor that it was made with.
#pragma once

#include "daemon/card/readers/reader_monitor.hpp"
#include "daemon/card/readers/token.hpp"
#include "daemon/card/readers/vendor_client.hpp"
#include "rpc/wait_list.hpp"

#include <functional>
#include <map>

namespace twcard::service {

class Permission;
class Permit;

enum class ReaderEventType {
  ReaderAdded,
  ReaderRemoved,
  CardInserted,
  CardReady,
  CardFailed,
  CardRemoved,
  PcscLost,
  PcscBack
};

struct ReaderEvent {
  ReaderEventType type = ReaderEventType::ReaderAdded;
  std::string reader;                 // empty for the PC/SC events
  std::shared_ptr<const Token> token; // the card events
};

class TokenCache final : public std::enable_shared_from_this<TokenCache> {
public:
  // Whether a card is one that the caller can use.
  using Fits = std::function<bool(const Snapshot&)>;
  using Tokens = std::vector<std::shared_ptr<const Token>>; // in the order of the readers' names
  struct ReaderEntry {
    std::string name;
    std::shared_ptr<const Token> token; // null: no card
  };

  // `limits.operation` is also for finding a card.
  TokenCache(boost::asio::any_io_executor executor, reader::ReaderSource& source, const card::CardRegistry& registry,
             CardLimits limits, std::shared_ptr<const CertificateStore> kept,
             std::shared_ptr<const VendorClient> vendor, std::function<void(const ReaderEvent&)> publish);
  ~TokenCache();
  TokenCache(const TokenCache&) = delete;
  TokenCache& operator=(const TokenCache&) = delete;

  // What the monitor said.
  void take(ReaderMonitor::Report report);

  // Waits for the first report, for 5 s at most: without one PC/SC counts as not reachable.
  boost::asio::awaitable<void> known();
  // Waits until no card is being read, for `limits.operation` at most.
  boost::asio::awaitable<void> settled();
  [[nodiscard]] bool pcsc_reachable() const noexcept { return m_pcsc_reachable; }
  // Its certificates are read from the card at the next insertion. The token has a snapshot.
  void forget_kept(const Token& token) const;
  // Returns when other cards fit than these.
  static boost::asio::awaitable<void> other_than(std::shared_ptr<TokenCache> cache, std::optional<std::string> reader,
                                                 Fits fits, Tokens known);
  // Returns when the card has been removed.
  static boost::asio::awaitable<void> removed(std::shared_ptr<TokenCache> cache, std::shared_ptr<const Token> token);

  // Ends the readers' threads; false when one is held by its reader at the deadline.
  [[nodiscard]] bool stop(std::chrono::steady_clock::time_point deadline);

private:
  // The only ones who are given cards: everybody else asks them (docs/decisions/010).
  friend class Permission;
  friend class Permit;

  [[nodiscard]] std::vector<ReaderEntry> readers() const;
  // The card in `reader`, or all that fit, at least one; cards that are being read are waited for, and those that could
  // not be read are read once more. Throws NoPcsc, NoReader, NoCard, Timeout, and, where the only card could not be
  // read, why.
  boost::asio::awaitable<Tokens> find(std::optional<std::string> reader, Fits fits);
  // Those that fit now.
  [[nodiscard]] Tokens fitting(const std::optional<std::string>& reader, const Fits& fits) const;

  struct Reader {
    reader::ReaderState state;
    std::shared_ptr<CardWorker> worker;
    std::shared_ptr<Token> token;
  };

  void update(std::vector<reader::ReaderState> states);
  void lose(const Error& reason);
  void insert(Reader& reader);
  void remove_card(Reader& reader);
  void remove_reader(const std::string& name);
  void read(std::shared_ptr<Token> token);
  void reader_came_back(const std::string& name);
  [[nodiscard]] std::vector<std::shared_ptr<Token>> cards_in(const std::optional<std::string>& reader) const;

  boost::asio::any_io_executor m_executor;
  reader::ReaderSource& m_source;
  const card::CardRegistry& m_registry;
  CardLimits m_limits;
  std::shared_ptr<const CertificateStore> m_kept;
  std::shared_ptr<const VendorClient> m_vendor;
  std::function<void(const ReaderEvent&)> m_publish;
  rpc::WaitList m_changed;
  std::map<std::string, Reader> m_readers;
  std::vector<std::shared_ptr<CardWorker>> m_retired; // of readers that are gone, until their threads have ended
  std::uint64_t m_last_insertion = 0;
  bool m_known = false;
  bool m_pcsc_reachable = false;
};

} // namespace twcard::service
