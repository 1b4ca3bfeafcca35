// A PC/SC library that fails on demand: preloaded (LD_PRELOAD) before libpcsclite, it returns a code or blocks
// instead of one call (control.hpp) and passes everything else on.
//
// SCardReleaseContext and SCardDisconnect are carried out before they fail: nobody could clean up after them, and pcscd
// would run out of contexts in the course of a test. Every other call fails without having done anything.
#include "tests/faults/control.hpp"

#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <optional>
#include <sys/mman.h>
#include <unistd.h>
#include <winscard.h>

namespace {

using twcard::tests::FaultControl;
using twcard::tests::PcscCall;

FaultControl* map_control() {
  const char* path = std::getenv(twcard::tests::control_variable);
  if (path == nullptr) return nullptr;
  const int file = ::open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* mapped = ::mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<FaultControl*>(mapped);
}

FaultControl* control() {
  static FaultControl* const mapped = map_control();
  return mapped;
}

bool take_one(std::atomic<std::uint32_t>& left) {
  auto seen = left.load();
  while (seen > 0)
    if (left.compare_exchange_weak(seen, seen - 1)) return true;
  return false;
}

// What this call is to return instead of being made. Blocks when it is to block.
std::optional<LONG> failure(PcscCall call) {
  auto* const told = control();
  if (told == nullptr || told->call != call) return std::nullopt;
  if (take_one(told->passing) || !take_one(told->times)) return std::nullopt;
  ++told->hits;
  const auto code = told->code.load();
  if (code != FaultControl::block) return static_cast<LONG>(code);
  const auto before = told->releases.load();
  const timespec moment{0, 2'000'000};
  while (told->releases == before) ::nanosleep(&moment, nullptr);
  return std::nullopt;
}

// The same function of the next library, which is the real one.
template <typename Function>
Function* real(Function*, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

#define PASS_ON(function, ...)                                                                                         \
  static auto* const next = real(&function, #function);                                                                \
  return next(__VA_ARGS__)

#define FAIL_OR_PASS_ON(call, function, ...)                                                                           \
  if (const auto code = failure(PcscCall::call)) return *code;                                                         \
  PASS_ON(function, __VA_ARGS__)

#define DO_AND_FAIL(call, function, ...)                                                                               \
  static auto* const next = real(&function, #function);                                                                \
  const auto code = failure(PcscCall::call);                                                                           \
  const auto done = next(__VA_ARGS__);                                                                                 \
  return code ? *code : done

extern "C" {

#pragma GCC visibility push(default)

LONG SCardEstablishContext(DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context) {
  FAIL_OR_PASS_ON(EstablishContext, SCardEstablishContext, scope, reserved1, reserved2, context);
}

LONG SCardReleaseContext(SCARDCONTEXT context) {
  DO_AND_FAIL(ReleaseContext, SCardReleaseContext, context);
}

LONG SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD size) {
  FAIL_OR_PASS_ON(ListReaders, SCardListReaders, context, groups, readers, size);
}

LONG SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE* states, DWORD count) {
  FAIL_OR_PASS_ON(GetStatusChange, SCardGetStatusChange, context, timeout, states, count);
}

LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols, LPSCARDHANDLE card,
                  LPDWORD protocol) {
  FAIL_OR_PASS_ON(Connect, SCardConnect, context, reader, mode, protocols, card, protocol);
}

LONG SCardReconnect(SCARDHANDLE card, DWORD mode, DWORD protocols, DWORD initialization, LPDWORD protocol) {
  FAIL_OR_PASS_ON(Reconnect, SCardReconnect, card, mode, protocols, initialization, protocol);
}

LONG SCardDisconnect(SCARDHANDLE card, DWORD disposition) {
  DO_AND_FAIL(Disconnect, SCardDisconnect, card, disposition);
}

LONG SCardBeginTransaction(SCARDHANDLE card) {
  FAIL_OR_PASS_ON(BeginTransaction, SCardBeginTransaction, card);
}

LONG SCardEndTransaction(SCARDHANDLE card, DWORD disposition) {
  FAIL_OR_PASS_ON(EndTransaction, SCardEndTransaction, card, disposition);
}

LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST* send_header, LPCBYTE command, DWORD size,
                   SCARD_IO_REQUEST* receive_header, LPBYTE answer, LPDWORD answer_size) {
  FAIL_OR_PASS_ON(Transmit, SCardTransmit, card, send_header, command, size, receive_header, answer, answer_size);
}

LONG SCardCancel(SCARDCONTEXT context) {
  FAIL_OR_PASS_ON(Cancel, SCardCancel, context);
}

#pragma GCC visibility pop

} // extern "C"
