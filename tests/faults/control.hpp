// What a test tells the faulty PC/SC library (faulty_pcsc.cpp) in another process, through a file that both have
// mapped.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace twcard::tests {

// The calls of PC/SC that the card service makes.
enum class PcscCall : std::uint32_t {
  None,
  EstablishContext,
  ReleaseContext,
  ListReaders,
  GetStatusChange,
  Connect,
  Reconnect,
  Disconnect,
  BeginTransaction,
  EndTransaction,
  Transmit,
  Cancel
};

inline constexpr std::array all_calls{
    PcscCall::EstablishContext, PcscCall::ReleaseContext, PcscCall::ListReaders, PcscCall::GetStatusChange,
    PcscCall::Connect,          PcscCall::Reconnect,      PcscCall::Disconnect,  PcscCall::BeginTransaction,
    PcscCall::EndTransaction,   PcscCall::Transmit,       PcscCall::Cancel};

inline constexpr std::array<std::string_view, 12> call_names{"none",
                                                             "SCardEstablishContext",
                                                             "SCardReleaseContext",
                                                             "SCardListReaders",
                                                             "SCardGetStatusChange",
                                                             "SCardConnect",
                                                             "SCardReconnect",
                                                             "SCardDisconnect",
                                                             "SCardBeginTransaction",
                                                             "SCardEndTransaction",
                                                             "SCardTransmit",
                                                             "SCardCancel"};

struct FaultControl {
  static constexpr std::int64_t block = -1; // as a code: the call does not return before `releases` changes

  std::atomic<PcscCall> call;         // the one that fails; None: all are passed on
  std::atomic<std::uint32_t> passing; // so many of them are passed on first
  std::atomic<std::int64_t> code;     // what it returns, or `block`
  std::atomic<std::uint32_t> times;   // so many fail or block then, the ones behind them are passed on again
  std::atomic<std::uint32_t> hits;    // how often it has failed or blocked
  std::atomic<std::uint32_t> releases;
};

static_assert(std::atomic<PcscCall>::is_always_lock_free && std::atomic<std::int64_t>::is_always_lock_free);

// Environment variable with the path of the file.
inline constexpr const char* control_variable = "TWCARD_FAULTY_PCSC";

} // namespace twcard::tests
