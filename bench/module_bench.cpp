// Measures what a program pays that uses the card through PKCS#11, beside OpenSC and SoftHSM, on a running stack with a
// generation 1 card in the first reader, and prints rows for the table of docs/performance.md.
//
//   module_bench [--check]
//
// TWCARD_OPENSC names OpenSC's module; TWCARD_REMOTE p11-kit's client module, behind which p11-kit's server holds a
// SoftHSM token with an RSA key and the card's PIN (bench/with-softhsm).
#include "bench/module_user.hpp"
#include "bench/process_figures.hpp"
#include "bench/raw_signer.hpp"
#include "bench/simulated_reader.hpp"
#include "bench/table.hpp"
#include "driver/apdu/hicos_pin_block.hpp"
#include "simulator/cards/transport_keys.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace twcard;
using namespace twcard::bench;
using Nanoseconds = std::vector<std::chrono::nanoseconds>;

constexpr double listing_goal_ms = 2.0;
constexpr std::uint64_t added_memory_goal_kib = std::uint64_t{3} * 1024;
constexpr double overhead_goal_ms = 0.3;
constexpr int cold_rounds = 40;
constexpr int bursts = 10;
constexpr int burst_size = 50;
constexpr std::chrono::milliseconds burst_is_over{200};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(fmt::format("{} is not set; run bench/run", name));
  return value;
}

// What a process of its own grows by doing `work`.
std::uint64_t added_memory_kib(const std::function<void()>& work) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("pipe");
  const auto child = ::fork();
  if (child == 0) {
    try {
      const auto before = resident_kib(::getpid());
      work();
      const std::uint64_t added = resident_kib(::getpid()) - before;
      ::_exit(::write(pipe[1], &added, sizeof added) == sizeof added ? 0 : 1);
    } catch (const std::exception& error) {
      fmt::print(stderr, "module_bench: {}\n", error.what());
      ::_exit(1);
    }
  }
  ::close(pipe[1]);
  std::uint64_t added = 0;
  const bool told = ::read(pipe[0], &added, sizeof added) == sizeof added;
  ::close(pipe[0]);
  int status = 1;
  ::waitpid(child, &status, 0);
  if (!told || status != 0) throw std::runtime_error("the process whose memory is measured failed");
  return added;
}

// Before this process has loaded anything itself.
void add_memory_rows(std::vector<Row>& rows, const std::string& pin) {
  const auto row = [&rows](const std::string& who, std::uint64_t added) {
    rows.push_back(
        {"a program's memory grows by: " + who, fmt::format("{:.1f} MiB", static_cast<double>(added) / 1024.0)});
  };
  const auto use = [&pin](const std::string& module) {
    const ModuleSigner signer(module, pin);
    signer.digest();
    (void)signer.sign();
  };
  const auto added = added_memory_kib([&] { use(environment("TWCARD_PKCS11_MODULE")); });
  row("twcard-pkcs11.so loaded, login, digest, signature", added);
  rows.back().goal = fmt::format("at most {} MiB", added_memory_goal_kib / 1024);
  rows.back().counted = true;
  rows.back().reached = added <= added_memory_goal_kib;
  row("OpenSC loaded, a listing",
      added_memory_kib([] { (void)list_all(tests::Pkcs11Module(environment("TWCARD_OPENSC"))); }));
  row("p11-kit's client, the same as ours", added_memory_kib([&] { use(environment("TWCARD_REMOTE")); }));
}

struct Listing {
  Times times;
  std::uint64_t apdus = 0; // of one listing
};

Listing add_listing_row(std::vector<Row>& rows, const std::string& who, const std::string& file, int rounds) {
  const tests::Pkcs11Module module(file);
  const auto objects = list_all(module);
  (void)take_traffic();
  Nanoseconds measured;
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    (void)list_all(module);
    measured.push_back(std::chrono::steady_clock::now() - start);
  }
  const Listing listing{times_of(std::move(measured)), take_traffic().apdus / static_cast<std::uint64_t>(rounds)};
  rows.push_back({"C_Initialize, C_GetSlotList, all objects: " + who,
                  fmt::format("{}, {} objects, {} APDUs", text_of(listing.times), objects, listing.apdus)});
  return listing;
}

void add_listing_rows(std::vector<Row>& rows) {
  const auto ours = add_listing_row(rows, "twcard-pkcs11.so", environment("TWCARD_PKCS11_MODULE"), 500);
  rows.back().goal = fmt::format("at most {:.0f} ms, 0 APDUs", listing_goal_ms);
  rows.back().reached = ours.times.median_ms <= listing_goal_ms && ours.apdus == 0;
  (void)add_listing_row(rows, "OpenSC (which does not know the card)", environment("TWCARD_OPENSC"), 10);
  (void)add_listing_row(rows, "SoftHSM behind p11-kit's remoting", environment("TWCARD_REMOTE"), 100);
}

RawSigner raw_signer(const std::string& pin) {
  std::stringstream text;
  text << std::ifstream(environment("TWCARD_STACK_DIR") + "/hicos.json").rdbuf();
  const auto card = boost::json::parse(text.str());
  const auto key = as_bytes(simulator::transport_key(card.at("key_set").to_number<int>()));
  const Bytes iv(apdu::hicos_iv_size, 0x11);
  const auto block = apdu::hicos_pin_block(Pin::take(SecureBytes::copy_of(as_bytes(pin))),
                                           std::span(key).first<apdu::hicos_transport_key_size>(),
                                           std::span(iv).first<apdu::hicos_iv_size>());
  return {"Virtual PCD 00 00", block, card.at("keys").at(0).at("reference").to_number<std::uint8_t>()};
}

void add_comparison(std::vector<Row>& rows, const std::string& what, Nanoseconds plain, Nanoseconds ours) {
  const auto plain_times = times_of(std::move(plain));
  const auto our_times = times_of(std::move(ours));
  const auto overhead = our_times.median_ms - plain_times.median_ms;
  rows.push_back({what + ", by plain libpcsclite", text_of(plain_times)});
  rows.push_back({what + ", C_Sign", text_of(our_times)});
  rows.push_back({what + ", overhead of module and service", fmt::format("{:.3f} ms", overhead),
                  fmt::format("at most {:.1f} ms", overhead_goal_ms), false, overhead <= overhead_goal_ms});
}

// Both ways in turn, so that they meet the same machine.
void add_signature_rows(std::vector<Row>& rows, const std::string& pin) {
  auto raw = raw_signer(pin);
  const ModuleSigner signer(environment("TWCARD_PKCS11_MODULE"), pin);
  Nanoseconds plain;
  Nanoseconds ours;
  for (int i = 0; i < cold_rounds; ++i) {
    std::this_thread::sleep_for(burst_is_over);
    plain.push_back(raw.sign());
    ours.push_back(signer.sign());
  }
  add_comparison(rows, "a single signature (7 APDUs, reset)", std::move(plain), std::move(ours));
  plain.clear();
  ours.clear();
  for (int i = 0; i < bursts; ++i) {
    std::this_thread::sleep_for(burst_is_over);
    const auto times = raw.sign_in_a_burst(burst_size);
    plain.insert(plain.end(), times.begin(), times.end());
    (void)signer.sign();
    for (int n = 0; n < burst_size; ++n) ours.push_back(signer.sign());
  }
  add_comparison(rows, "a signature in a burst (3 APDUs)", std::move(plain), std::move(ours));
}

void add_remote_row(std::vector<Row>& rows, const std::string& pin) {
  const ModuleSigner signer(environment("TWCARD_REMOTE"), pin);
  Nanoseconds measured;
  for (int i = 0; i < bursts * burst_size; ++i) measured.push_back(signer.sign());
  rows.push_back({"C_Sign by SoftHSM behind p11-kit's remoting (no card)", text_of(times_of(std::move(measured)))});
}

} // namespace

int main(int argc, char** argv) {
  try {
    const bool check = argc > 1 && std::string_view(argv[1]) == "--check";
    const auto pin = environment("TWCARD_TEST_PIN");
    std::vector<Row> rows;
    add_memory_rows(rows, pin);
    add_listing_rows(rows);
    add_signature_rows(rows, pin);
    add_remote_row(rows, pin);
    print(rows);
    return check && missed(rows) ? 1 : 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "module_bench: {}\n", error.what());
    return 2;
  }
}
