// A PC/SC client for the guest's tests, apart from the project's own one.
//
//   pcsc_exercise list                            a line per reader: name, then `card` or `empty`
//   pcsc_exercise run READER ROUNDS APDU…         sends the APDUs in hexadecimal, ROUNDS times over, to the first
//   reader
//                                                 whose name contains READER, and prints what came and how long it took
// `run` prints `digest` (FNV-1a over the responses of one round; the same for the same responses), `differing` (rounds
// whose responses were others), `octets`, `median_us` and `p99_us` of one APDU. Exit status 0; 1 when PC/SC reports an
// error, with its number in hexadecimal; 2 for wrong usage.
#include "driver/base/bytes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>
#include <winscard.h>

namespace {

using twcard::Bytes;

struct Failed {
  const char* what;
  LONG code;
};

void require(LONG code, const char* what) {
  if (code != SCARD_S_SUCCESS) throw Failed{what, code};
}

class Context {
public:
  Context() { require(SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &m_handle), "context"); }
  ~Context() { SCardReleaseContext(m_handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  [[nodiscard]] SCARDCONTEXT get() const { return m_handle; }

private:
  SCARDCONTEXT m_handle = 0;
};

std::vector<std::string> readers(const Context& context) {
  DWORD size = 0;
  const LONG code = SCardListReaders(context.get(), nullptr, nullptr, &size);
  if (code == SCARD_E_NO_READERS_AVAILABLE) return {};
  require(code, "readers");
  std::string names(size, '\0');
  require(SCardListReaders(context.get(), nullptr, names.data(), &size), "readers");
  std::vector<std::string> list;
  for (std::size_t at = 0; at < names.size() && names[at] != '\0'; at += list.back().size() + 1)
    list.emplace_back(names.c_str() + at);
  return list;
}

int list() {
  const Context context;
  for (const std::string& name : readers(context)) {
    SCARD_READERSTATE state{};
    state.szReader = name.c_str();
    require(SCardGetStatusChange(context.get(), 0, &state, 1), "state");
    std::printf("%s: %s\n", name.c_str(), (state.dwEventState & SCARD_STATE_PRESENT) != 0 ? "card" : "empty");
  }
  return 0;
}

std::uint64_t fnv(std::uint64_t digest, const Bytes& octets) {
  for (const std::uint8_t octet : octets) digest = (digest ^ octet) * 0x100000001B3ULL;
  return digest;
}

int run(const std::string& wanted, unsigned rounds, const std::vector<Bytes>& commands) {
  const Context context;
  const auto names = readers(context);
  const auto name = std::find_if(names.begin(), names.end(),
                                 [&](const std::string& one) { return one.find(wanted) != std::string::npos; });
  if (name == names.end()) throw Failed{"no such reader", SCARD_E_UNKNOWN_READER};
  SCARDHANDLE card = 0;
  DWORD protocol = 0;
  require(SCardConnect(context.get(), name->c_str(), SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1,
                       &card, &protocol),
          "connect");
  std::vector<double> times;
  std::uint64_t first = 0;
  unsigned differing = 0;
  std::size_t octets = 0;
  for (unsigned round = 0; round < rounds; ++round) {
    std::uint64_t digest = 0xCBF29CE484222325ULL;
    for (const Bytes& command : commands) {
      Bytes response(MAX_BUFFER_SIZE_EXTENDED);
      DWORD length = response.size();
      const SCARD_IO_REQUEST request{protocol, sizeof(SCARD_IO_REQUEST)};
      const auto start = std::chrono::steady_clock::now();
      require(SCardTransmit(card, &request, command.data(), command.size(), nullptr, response.data(), &length),
              "transmit");
      times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
      response.resize(length);
      octets += command.size() + length;
      digest = fnv(digest, response);
    }
    if (round == 0) first = digest;
    differing += digest != first ? 1 : 0;
  }
  SCardDisconnect(card, SCARD_RESET_CARD);
  std::sort(times.begin(), times.end());
  double total = 0;
  for (const double time : times) total += time;
  std::printf("reader %s\nprotocol T=%d\ndigest %016llx\ndiffering %u\noctets %zu\nmedian_us %.0f\np99_us %.0f\n"
              "octets_per_s %.0f\n",
              name->c_str(), protocol == SCARD_PROTOCOL_T1 ? 1 : 0, static_cast<unsigned long long>(first), differing,
              octets, times[times.size() / 2], times[times.size() * 99 / 100],
              static_cast<double>(octets) / total * 1e6);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 1 && words[0] == "list") return list();
    if (words.size() >= 4 && words[0] == "run") {
      std::vector<Bytes> commands;
      for (std::size_t index = 3; index < words.size(); ++index)
        commands.push_back(twcard::from_hex(words[index]).value());
      return run(words[1], static_cast<unsigned>(std::stoul(words[2])), commands);
    }
  } catch (const Failed& failed) {
    std::printf("failed %s %08lX\n", failed.what, static_cast<unsigned long>(failed.code) & 0xFFFFFFFFUL);
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "pcsc_exercise: %s\n", error.what());
  }
  std::fprintf(stderr, "pcsc_exercise list | run READER ROUNDS APDU...\n");
  return 2;
}
