#include "driver/reader/pcsc.hpp"

#include "driver/base/secure_bytes.hpp"
#include "driver/reader/reader_names.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <fmt/format.h>
#include <iterator>
#include <mutex>
#include <utility>
#include <winscard.h>

namespace twcard::reader {

namespace {

// pcsclite's name for "a reader was added or removed" in SCardGetStatusChange.
constexpr const char* plug_and_play = R"(\\?PnP?\Notification)";
constexpr DWORD protocols = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;
// A reader may go away between the call that names it and the call that asks about it.
constexpr int max_listings = 5;
constexpr std::chrono::seconds cancel_limit{1};

[[noreturn]] void fail(LONG code, std::string_view doing) {
  throw Error(errc_of_pcsc(code), fmt::format("PC/SC: {}: {:08X}", doing, code));
}

void check(LONG code, std::string_view doing) {
  if (code != SCARD_S_SUCCESS) fail(code, doing);
}

class Context final {
public:
  Context() { check(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &m_handle), "connecting to pcscd"); }
  ~Context() { SCardReleaseContext(m_handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  [[nodiscard]] SCARDCONTEXT handle() const noexcept { return m_handle; }

private:
  SCARDCONTEXT m_handle = 0;
};

// The readers and their states, as PC/SC has them.
struct Listing {
  std::vector<char> names; // NUL after each, and one more at the end; `states` points in here
  std::vector<SCARD_READERSTATE> states;
};

SCARD_READERSTATE unaware(const char* reader) {
  SCARD_READERSTATE state{};
  state.szReader = reader;
  state.dwCurrentState = SCARD_STATE_UNAWARE;
  return state;
}

std::vector<char> reader_names(const Context& context) {
  for (int attempt = 0; attempt < max_listings; ++attempt) {
    DWORD size = 0;
    auto code = SCardListReaders(context.handle(), nullptr, nullptr, &size);
    if (code == SCARD_E_NO_READERS_AVAILABLE) return {};
    check(code, "listing the readers");
    std::vector<char> names(size);
    code = SCardListReaders(context.handle(), nullptr, names.data(), &size);
    if (code == SCARD_E_NO_READERS_AVAILABLE) return {};
    if (code == SCARD_E_INSUFFICIENT_BUFFER) continue;
    check(code, "listing the readers");
    names.resize(size);
    return names;
  }
  throw Error(Errc::NoReader, "PC/SC: the readers change faster than they can be listed");
}

// NUL after each, and one more at the end.
std::vector<std::string> names_in(const std::vector<char>& list) {
  std::vector<std::string> names;
  for (const char* name = list.data(); !list.empty() && *name != '\0'; name += names.back().size() + 1)
    names.emplace_back(name);
  return names;
}

Listing look(const Context& context) {
  for (int attempt = 0; attempt < max_listings; ++attempt) {
    Listing listing{reader_names(context), {}};
    for (const char* name = listing.names.data(); !listing.names.empty() && *name != '\0';
         name += std::strlen(name) + 1)
      listing.states.push_back(unaware(name));
    if (listing.states.empty()) return listing;
    const auto code = SCardGetStatusChange(context.handle(), 0, listing.states.data(), listing.states.size());
    if (code == SCARD_E_UNKNOWN_READER) continue;
    check(code, "reading the states of the readers");
    return listing;
  }
  throw Error(Errc::NoReader, "PC/SC: the readers change faster than they can be listed");
}

ReaderState state_of(const SCARD_READERSTATE& raw) {
  ReaderState state;
  state.present = (raw.dwEventState & SCARD_STATE_PRESENT) != 0;
  state.mute = (raw.dwEventState & SCARD_STATE_MUTE) != 0;
  state.event_counter = static_cast<std::uint32_t>(raw.dwEventState >> 16 & 0xFFFF);
  if (state.present) state.atr.assign(raw.rgbAtr, raw.rgbAtr + std::min<DWORD>(raw.cbAtr, sizeof raw.rgbAtr));
  return state;
}

std::vector<ReaderState> states_of(const Listing& listing) {
  std::vector<ReaderState> states;
  std::transform(listing.states.begin(), listing.states.end(), std::back_inserter(states), state_of);
  const auto names = shown_names(names_in(listing.names));
  for (std::size_t i = 0; i < states.size(); ++i) states[i].name = names[i];
  return states;
}

ReaderState state_of_reader(const Context& context, const std::string& reader) {
  auto raw = unaware(reader.c_str());
  check(SCardGetStatusChange(context.handle(), 0, &raw, 1), "reading the state of a reader");
  return state_of(raw);
}

// The readers when they differ from `known`; otherwise blocks until there may be something new, and gives nothing.
std::optional<std::vector<ReaderState>> wait_for_event(const Context& context, const std::vector<ReaderState>& known) {
  // Asked before the list is read: newer versions of pcsclite count reader events in its high word and then notice a
  // reader that comes between the two calls.
  auto notification = unaware(plug_and_play);
  const auto counted = SCardGetStatusChange(context.handle(), 0, &notification, 1);
  if (counted != SCARD_E_TIMEOUT) check(counted, "asking for reader events");

  auto listing = look(context);
  auto states = states_of(listing);
  if (states != known) return states;

  listing.states.push_back(notification);
  for (auto& state : listing.states) state.dwCurrentState = state.dwEventState & ~DWORD{SCARD_STATE_CHANGED};
  const auto code = SCardGetStatusChange(context.handle(), INFINITE, listing.states.data(), listing.states.size());
  if (code != SCARD_E_TIMEOUT && code != SCARD_E_UNKNOWN_READER) check(code, "waiting for reader events");
  return std::nullopt;
}

class PcscChannel final : public CardChannel {
public:
  explicit PcscChannel(const std::string& reader)
      : m_reader(name_shown_as(reader, names_in(reader_names(m_context)))), m_answer(MAX_BUFFER_SIZE_EXTENDED) {
    check(connect(), "connecting to the card");
    const auto state = state_of_reader(m_context, m_reader);
    m_atr = state.atr;
    m_event_counter = state.event_counter;
  }
  ~PcscChannel() override { disconnect(SCARD_LEAVE_CARD); }

  [[nodiscard]] Bytes atr() const override { return m_atr; }

  void begin() override {
    if (!m_connected) {
      check_card(connect(), "reconnecting to the card");
      require_same_card();
    }
    auto code = SCardBeginTransaction(m_card);
    if (code == SCARD_W_RESET_CARD) {
      check_card(SCardReconnect(m_card, SCARD_SHARE_SHARED, protocols, SCARD_LEAVE_CARD, &m_protocol),
                 "connecting to the card again");
      require_same_card();
      code = SCardBeginTransaction(m_card);
    }
    check_card(code, "beginning a transaction");
  }

  void end(Disposition disposition) noexcept override {
    const DWORD what = disposition == Disposition::Reset ? SCARD_RESET_CARD : SCARD_LEAVE_CARD;
    // A transaction that did not end would keep the card from everybody, and what a PIN has opened would stay open.
    if (SCardEndTransaction(m_card, what) != SCARD_S_SUCCESS) disconnect(what);
  }

  [[nodiscard]] Bytes transmit(ByteView command) override {
    DWORD size = m_answer.size();
    const auto* header = m_protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    check_card(SCardTransmit(m_card, header, command.data(), command.size(), nullptr, m_answer.data(), &size),
               "sending a command");
    // What the virtual reader gives when its card is pulled out in the middle.
    if (size == 0) throw Error(Errc::CardRemoved, "PC/SC: sending a command: no answer came");
    Bytes answer(m_answer.begin(), m_answer.begin() + static_cast<std::ptrdiff_t>(size));
    wipe(m_answer.data(), size);
    return answer;
  }

private:
  [[nodiscard]] LONG connect() {
    const auto code =
        SCardConnect(m_context.handle(), m_reader.c_str(), SCARD_SHARE_SHARED, protocols, &m_card, &m_protocol);
    m_connected = code == SCARD_S_SUCCESS;
    return code;
  }

  void disconnect(DWORD disposition) noexcept {
    if (std::exchange(m_connected, false)) SCardDisconnect(m_card, disposition);
  }

  // A reset does not move the counter; another card, or the same one reinserted, does.
  void require_same_card() {
    if (state_of_reader(m_context, m_reader).event_counter != m_event_counter)
      throw Error(Errc::CardRemoved, "PC/SC: another card is in the reader");
  }

  // A card that was there and is not any more has been removed.
  static void check_card(LONG code, std::string_view doing) {
    if (code == SCARD_E_NO_SMARTCARD || code == SCARD_W_UNRESPONSIVE_CARD) code = SCARD_W_REMOVED_CARD;
    check(code, doing);
  }

  Context m_context;
  std::string m_reader;
  SCARDHANDLE m_card = 0;
  bool m_connected = false;
  DWORD m_protocol = 0;
  std::uint32_t m_event_counter = 0;
  Bytes m_atr;
  ScrubbedBytes m_answer;
};

} // namespace

// The wait that is under way, if any, and whether it may go on.
struct PcscReaders::Wait {
  std::mutex mutex;
  std::condition_variable ended;
  bool cancelled = false;
  std::optional<SCARDCONTEXT> context;

  // Registers a context while it may block.
  class Entry final {
  public:
    Entry(Wait& wait, SCARDCONTEXT context) : m_wait(wait) {
      const std::lock_guard lock(m_wait.mutex);
      m_wait.context = context;
    }
    ~Entry() {
      const std::lock_guard lock(m_wait.mutex);
      m_wait.context.reset();
      m_wait.ended.notify_all();
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    [[nodiscard]] bool cancelled() const {
      const std::lock_guard lock(m_wait.mutex);
      return m_wait.cancelled;
    }

  private:
    Wait& m_wait;
  };
};

PcscReaders::PcscReaders() : m_wait(std::make_unique<Wait>()) {}

PcscReaders::~PcscReaders() = default;

std::vector<ReaderState> PcscReaders::list() {
  const Context context;
  return states_of(look(context));
}

std::unique_ptr<CardChannel> PcscReaders::open(const std::string& reader) {
  return std::make_unique<PcscChannel>(reader);
}

std::optional<std::vector<ReaderState>> PcscReaders::wait_for_change(const std::vector<ReaderState>& known) {
  const Context context;
  const Wait::Entry entry(*m_wait, context.handle());
  while (!entry.cancelled()) {
    try {
      auto states = wait_for_event(context, known);
      if (states) return states;
    } catch (const Error& error) {
      // SCardCancel may hit any call of the context, not only the one that blocks.
      if (error.code() != Errc::Cancelled) throw;
    }
  }
  return std::nullopt;
}

void PcscReaders::cancel() noexcept {
  std::unique_lock lock(m_wait->mutex);
  m_wait->cancelled = true;
  // SCardCancel is lost on a context that does not block yet, and nothing tells when it will: repeat until it is out.
  const auto deadline = std::chrono::steady_clock::now() + cancel_limit;
  while (m_wait->context && std::chrono::steady_clock::now() < deadline) {
    SCardCancel(*m_wait->context);
    m_wait->ended.wait_for(lock, std::chrono::milliseconds(10));
  }
}

Errc errc_of_pcsc(long code) {
  switch (code) {
  case SCARD_E_NO_SERVICE:
  case SCARD_E_SERVICE_STOPPED:
  case SCARD_E_SERVER_TOO_BUSY:
  case SCARD_E_SYSTEM_CANCELLED:
  case SCARD_P_SHUTDOWN:
  case SCARD_F_COMM_ERROR:     // pcsclite: the socket to pcscd broke
  case SCARD_E_INVALID_HANDLE: // pcsclite: the context died with an earlier pcscd
  case SCARD_E_NO_ACCESS:
  case SCARD_W_SECURITY_VIOLATION: // polkit refuses this user
    return Errc::NoPcsc;
  case SCARD_E_UNKNOWN_READER:
  case SCARD_E_READER_UNAVAILABLE:
  case SCARD_E_NO_READERS_AVAILABLE:
  case SCARD_E_READER_UNSUPPORTED:
  case SCARD_E_DUPLICATE_READER:
  case SCARD_E_INVALID_TARGET: return Errc::NoReader;
  case SCARD_E_NO_SMARTCARD:
  case SCARD_E_UNKNOWN_CARD: return Errc::NoCard;
  case SCARD_W_REMOVED_CARD:
  case SCARD_E_NOT_TRANSACTED: // the reader could not bring the command to the card
  case SCARD_E_COMM_DATA_LOST: return Errc::CardRemoved;
  case SCARD_W_RESET_CARD:
  case SCARD_W_UNPOWERED_CARD:
  case SCARD_E_SHARING_VIOLATION:
  case SCARD_E_NOT_READY:
  case SCARD_E_CANT_DISPOSE: return Errc::CardReset;
  case SCARD_W_UNRESPONSIVE_CARD:
  case SCARD_W_UNSUPPORTED_CARD:
  case SCARD_E_CARD_UNSUPPORTED:
  case SCARD_E_PROTO_MISMATCH:
  case SCARD_E_INVALID_ATR: return Errc::UnsupportedCard;
  case SCARD_E_TIMEOUT:
  case SCARD_F_WAITED_TOO_LONG: return Errc::Timeout;
  case SCARD_E_CANCELLED:
  case SCARD_W_CANCELLED_BY_USER: return Errc::Cancelled;
  case SCARD_E_INSUFFICIENT_BUFFER: // an answer of more than 64 KiB
  case SCARD_E_PCI_TOO_SMALL: return Errc::BadCardData;
  // What pcsclite gives only for a wrong call of ours, or for parts of PC/SC that it does not have.
  case SCARD_F_INTERNAL_ERROR:
  case SCARD_F_UNKNOWN_ERROR:
  case SCARD_E_INVALID_PARAMETER:
  case SCARD_E_INVALID_VALUE:
  case SCARD_E_NO_MEMORY:
  case SCARD_E_UNSUPPORTED_FEATURE:
  case SCARD_E_ICC_INSTALLATION:
  case SCARD_E_ICC_CREATEORDER:
  case SCARD_E_DIR_NOT_FOUND:
  case SCARD_E_FILE_NOT_FOUND:
  case SCARD_E_NO_DIR:
  case SCARD_E_NO_FILE:
  case SCARD_E_WRITE_TOO_MANY:
  case SCARD_E_BAD_SEEK:
  case SCARD_E_INVALID_CHV:
  case SCARD_E_UNKNOWN_RES_MNG:
  case SCARD_E_NO_SUCH_CERTIFICATE:
  case SCARD_E_CERTIFICATE_UNAVAILABLE:
  case SCARD_E_NO_KEY_CONTAINER:
  case SCARD_W_WRONG_CHV:
  case SCARD_W_CHV_BLOCKED:
  case SCARD_W_EOF:
  case SCARD_W_CARD_NOT_AUTHENTICATED: return Errc::Internal;
  }
  return Errc::Internal;
}

} // namespace twcard::reader
