// Many processes with many threads use the module at once, while the card is pulled and put back. Inside
// scripts/with-stack:
//
//   module_stress [--processes N] [--threads N] [--seconds N] [--seed N]        (8, 4, 6; the seed is printed)
//
// Exit status 1 when a process crashes or hangs, a signature or plain text is wrong, a function answers what nothing
// explains, somebody waits more than 30 s, or a PIN try is lost.
#include "tests/stress/worker.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <fmt/format.h>
#include <new>
#include <random>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace twcard;
using namespace twcard::stress;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t longest_wait_ms = 30'000;
constexpr std::chrono::seconds end_limit{60}; // after the time is over
constexpr std::chrono::milliseconds card_stays{2000};
constexpr std::chrono::milliseconds card_is_away{300};

struct Options {
  int processes = 8;
  int threads = 4;
  int seconds = 6;
  unsigned seed = std::random_device()();
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const auto value = std::stoul(argv[i + 1]);
    if (name == "--processes")
      options.processes = static_cast<int>(value);
    else if (name == "--threads")
      options.threads = static_cast<int>(value);
    else if (name == "--seconds")
      options.seconds = static_cast<int>(value);
    else if (name == "--seed")
      options.seed = static_cast<unsigned>(value);
    else
      throw std::runtime_error(fmt::format("unknown option {}", name));
  }
  return options;
}

PublicKey key_of(std::string_view id) {
  auto client = tests::service();
  return PublicKey(*from_base64(tests::certificate(client, id)));
}

Counts& shared_counts() {
  void* memory = ::mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return *new (memory) Counts;
}

std::uint64_t failed_verifies() {
  const auto counters = boost::json::parse(tests::run("twcard-sim counters 0 --json"));
  return counters.at("total").at("failed_verifies").to_number<std::uint64_t>();
}

// The reader looks for a card now and then, on a machine that has much else to do: it may take more than one try.
void put_back_card() {
  const auto command = fmt::format("twcard-sim insert 0 '{}'", tests::stack_file("hicos.json"));
  for (int tries = 3; tries > 0; --tries) try {
      tests::run(command);
      return;
    } catch (const std::runtime_error&) {
      if (tries == 1) throw;
    }
}

// Waits for all of them; who does not end is killed, with a core. How many did not end well.
int wait_for(std::vector<pid_t> processes, Clock::time_point deadline) {
  int bad = 0;
  while (!processes.empty()) {
    std::erase_if(processes, [&bad](pid_t process) {
      int status = 0;
      if (::waitpid(process, &status, WNOHANG) != process) return false;
      if (status != 0) {
        ++bad;
        fmt::print(stderr, "process {} ended with status 0x{:x}\n", process, static_cast<unsigned>(status));
      }
      return true;
    });
    if (Clock::now() > deadline) {
      for (const auto process : processes) {
        fmt::print(stderr, "process {} hangs\n", process);
        ::kill(process, SIGABRT);
      }
      deadline = Clock::time_point::max();
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return bad;
}

int run_all(const Options& options) {
  auto& counts = shared_counts();
  Plan plan{tests::stack_variable("TWCARD_PKCS11_MODULE"),
            tests::stack_variable("TWCARD_TEST_PIN"),
            options.threads,
            Clock::now() + std::chrono::seconds(options.seconds),
            options.seed,
            key_of("SIGN"),
            key_of("KEYX")};
  std::vector<pid_t> processes;
  for (int i = 0; i < options.processes; ++i) {
    const auto process = ::fork();
    if (process < 0) throw std::runtime_error("fork");
    if (process == 0) ::_exit(run_worker(plan, counts));
    processes.push_back(process);
    plan.seed += static_cast<unsigned>(options.threads);
  }
  int pulled = 0;
  while (Clock::now() + card_stays + card_is_away < plan.end) {
    std::this_thread::sleep_for(card_stays);
    tests::run("twcard-sim remove 0");
    std::this_thread::sleep_for(card_is_away);
    put_back_card();
    ++pulled;
  }
  const auto bad = wait_for(std::move(processes), plan.end + end_limit);

  for (std::size_t i = 0; i < work_names.size(); ++i)
    fmt::print("{:<11}{:>9} times, longest {} ms\n", work_names[i], counts.work[i].done.load(),
               counts.work[i].longest_ms.load());
  const auto lost = failed_verifies();
  fmt::print("{} processes, {} threads each, seed {}: {} signatures and {} decryptions right, {} wrong; card pulled {} "
             "times; {} bad ends, {} broken children, {} unexpected codes, {} PIN tries lost, longest wait {} ms\n",
             options.processes, options.threads, options.seed, counts.signatures.load(), counts.decryptions.load(),
             counts.wrong_results.load(), pulled, bad, counts.broken_children.load(), counts.unexpected_codes.load(),
             lost, counts.longest_ms());
  const bool good = bad == 0 && counts.broken_children == 0 && counts.wrong_results == 0 &&
                    counts.unexpected_codes == 0 && lost == 0 && counts.longest_ms() <= longest_wait_ms &&
                    counts.signatures > 0 && pulled > 0;
  return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run_all(parse(argc, argv));
  } catch (const std::exception& error) {
    fmt::print(stderr, "module_stress: {}\n", error.what());
    return 2;
  }
}
