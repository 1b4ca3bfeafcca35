// The NHIICC dialect on a running stack (scripts/with-stack --cards nhi --site --legacy nhiicc --allow
// https://page.test:8443); prints rows of the table of docs/performance.md. The goals are the figures of the official
// component, measured with a simulated card on the same kind of machine; GetVersion, which is hardly more than the way
// there and back, is also measured beside that way alone.
//
//   legacy_bench [--check]: exit status 1 when the goal for memory is missed
#include "bench/process_figures.hpp"
#include "bench/table.hpp"
#include "bench/tls_echo.hpp"
#include "tests/daemon/web/front/raw_web_socket.hpp"

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sched.h>
#include <stdexcept>
#include <unistd.h>

namespace {

using namespace twcard;
using namespace twcard::bench;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t port = 7777;
constexpr int warm_up_rounds = 20;
constexpr std::uint64_t resident_goal_kib = 16 * 1024;

struct Measured {
  const char* what;
  const char* request;
  const char* reply; // what it begins with
  int rounds;
  double official_ms;
};

constexpr Measured get_version = {"NHIICC `GetVersion`", "GetVersion", "GetVersion:", 2000, 0.04};

constexpr Measured commands[] = {
    get_version,
    {"NHIICC `GetBasic`", "GetBasic", "GetBasic:", 1000, 0.94},
    {"NHIICC `EnCrypt`", "EnCrypt?Pwd=secret78", "EnCrypt:", 1000, 0.99},
    {"NHIICC `H_Sign`, the person's answer with it", "H_Sign?Random=00011234567890123456", "H_Sign:", 50, 120},
};

std::filesystem::path legacy_file(const char* name) {
  return std::filesystem::path(std::getenv("XDG_CONFIG_HOME")) / "twcard/legacy" / name;
}

std::unique_ptr<web::RawWebSocket> connect() {
  auto page = std::make_unique<web::RawWebSocket>(port);
  page->start_tls();
  if (page->request("GET /echo HTTP/1.1", web::browser_headers("localhost:7777", "https://page.test:8443")) != 101)
    throw std::runtime_error("the page is not connected");
  return page;
}

void ask(web::RawWebSocket& page, const Measured& command) {
  page.send_text(command.request);
  if (!page.receive_text().starts_with(command.reply)) throw std::runtime_error(fmt::format("no {}", command.reply));
}

Row row_of(std::string what, int rounds, std::optional<double> official_ms, const std::function<void()>& once) {
  std::vector<std::chrono::nanoseconds> times;
  for (int i = 0; i < warm_up_rounds + rounds; ++i) {
    const auto start = Clock::now();
    once();
    if (i >= warm_up_rounds) times.push_back(Clock::now() - start);
  }
  const auto measured = times_of(std::move(times));
  Row row{std::move(what), text_of(measured)};
  if (!official_ms) return row;
  row.goal = fmt::format("at most {} ms", *official_ms);
  row.reached = measured.median_ms <= *official_ms;
  return row;
}

pid_t web_process() {
  pid_t process = 0;
  std::ifstream(std::string(std::getenv("TWCARD_STACK_DIR")) + "/twcard-web.pid") >> process;
  return process;
}

// This process, and twcard-web: what is measured is work then, and not how long another core takes to wake up.
class OnOneCore final {
public:
  OnOneCore() {
    ::sched_getaffinity(0, sizeof m_before, &m_before);
    cpu_set_t core;
    CPU_ZERO(&core);
    CPU_SET(::sched_getcpu(), &core);
    place(core);
  }
  ~OnOneCore() { place(m_before); }
  OnOneCore(const OnOneCore&) = delete;
  OnOneCore& operator=(const OnOneCore&) = delete;

private:
  static void place(const cpu_set_t& cores) {
    for (const pid_t process : {::getpid(), web_process()}) ::sched_setaffinity(process, sizeof cores, &cores);
  }
  cpu_set_t m_before{};
};

Row bare_row() {
  const TlsEcho echo(legacy_file("certificate.pem"), legacy_file("key.pem"), "\x81\x0fGetVersion:0001");
  web::RawWebSocket page(echo.port());
  page.start_tls();
  const auto once = [&] { ask(page, get_version); };
  return row_of("NHIICC: the octets of `GetVersion`, two programs of OpenSSL alone on one core", get_version.rounds, {},
                once);
}

Row memory_row() {
  const auto process = web_process();
  const auto resident = resident_kib(process);
  const auto mib = [](std::uint64_t kib) { return static_cast<double>(kib) / 1024.0; };
  return {"resident memory of twcard-web with the NHIICC ports",
          fmt::format("{:.1f} MiB, {:.1f} MiB of it its own data", mib(resident), mib(anonymous_kib(process))),
          fmt::format("at most {} MiB", resident_goal_kib / 1024), true, resident <= resident_goal_kib};
}

} // namespace

int main(int argc, char** argv) {
  try {
    std::vector<Row> rows;
    rows.push_back(row_of("NHIICC: TLS connection to first answer", 300, 4, [] { ask(*connect(), get_version); }));
    const auto page = connect();
    {
      const OnOneCore placed;
      rows.push_back(bare_row());
      rows.push_back(row_of("NHIICC `GetVersion`, on one core", get_version.rounds, get_version.official_ms,
                            [&] { ask(*page, get_version); }));
    }
    for (const auto& command : commands)
      rows.push_back(row_of(command.what, command.rounds, command.official_ms, [&] { ask(*page, command); }));
    rows.push_back(memory_row());
    print(rows);
    return argc > 1 && std::string_view(argv[1]) == "--check" && missed(rows) ? 1 : 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "legacy_bench: {}\n", error.what());
    return 2;
  }
}
