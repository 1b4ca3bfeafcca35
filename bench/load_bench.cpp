// `certificates` by 1, 10 and 100 clients at once on a running stack (scripts/with-stack --cards hicos); prints rows of
// the table of docs/performance.md. The card has been read before, so that every answer comes from the service's
// memory.
#include "rpc/client.hpp"
#include "rpc/socket_path.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using namespace twcard;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::array<int, 3> client_counts{1, 10, 100};
constexpr std::chrono::seconds warm_up{1};
constexpr std::chrono::seconds measured{5};

rpc::Client connect() {
  auto client = rpc::Client::connect(rpc::card_socket());
  (void)client.call("hello", {{"client", "load_bench"}, {"version", TWCARD_VERSION}});
  return client;
}

// Asks again as soon as it is answered, from `begin` to `end`; the times of the answers.
std::vector<Milliseconds> ask(rpc::Client& client, Clock::time_point begin, Clock::time_point end) {
  std::vector<Milliseconds> times;
  for (auto start = Clock::now(); start < end; start = Clock::now()) {
    const auto reply = client.call("certificates");
    if (reply.result.at("certificates").as_array().empty()) throw std::runtime_error("no certificates are listed");
    if (start >= begin) times.emplace_back(Clock::now() - start);
  }
  return times;
}

std::vector<Milliseconds> ask_at_once(int count) {
  std::vector<rpc::Client> clients;
  for (int i = 0; i < count; ++i) clients.push_back(connect());
  std::vector<std::vector<Milliseconds>> times(clients.size());
  std::atomic<bool> failed = false;
  const auto begin = Clock::now() + warm_up;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i)
      threads.emplace_back([&, i] {
        try {
          times[i] = ask(clients[i], begin, begin + measured);
        } catch (const std::exception& error) {
          if (!failed.exchange(true)) fmt::print(stderr, "load_bench: {}\n", error.what());
        }
      });
  }
  if (failed) throw std::runtime_error("a client was not answered");
  std::vector<Milliseconds> all;
  for (const auto& of_client : times) all.insert(all.end(), of_client.begin(), of_client.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) throw std::runtime_error("no answer in the measured time");
  return all;
}

void print_row(int count) {
  const auto times = ask_at_once(count);
  const auto at = [&](std::size_t percent) { return times[times.size() * percent / 100].count(); };
  const double seconds = std::chrono::duration<double>(measured).count();
  fmt::print("| `certificates`, {} client{} at once | {:.0f} answers/s, median {:.2f} ms, p99 {:.2f} ms |  |  |\n",
             count, count == 1 ? "" : "s", static_cast<double>(times.size()) / seconds, at(50), at(99));
}

} // namespace

int main() {
  try {
    for (const int count : client_counts) print_row(count);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "load_bench: {}\n", error.what());
    return 2;
  }
}
