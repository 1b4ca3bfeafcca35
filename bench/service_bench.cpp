// Measures twcardd on a running stack (scripts/with-stack --cards none) and prints the table of docs/performance.md.
//
//   service_bench [--check | --real-timing]
//
// --real-timing: only the rows, without a head, that are about cards that take their time (with-stack --timing real).
// APDUs and octets are counted by the simulated card. With --check the exit status is 1 when a goal that does not
// depend on the machine's speed is missed: APDUs, resident memory, wake-ups.
#include "bench/process_figures.hpp"
#include "bench/raw_card.hpp"
#include "bench/simulated_reader.hpp"
#include "bench/table.hpp"
#include "rpc/client.hpp"
#include "rpc/socket_path.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

namespace {

using namespace twcard;
using namespace twcard::bench;
using Clock = std::chrono::steady_clock;

constexpr int warm_up_rounds = 200;
constexpr int rounds = 5000;
constexpr std::chrono::seconds idle_time{10};

constexpr std::uint64_t listing_apdus_goal = 0;
constexpr std::uint64_t signature_apdus_goal = 7;
constexpr std::uint64_t burst_apdus_goal = 3;
constexpr std::chrono::milliseconds burst_end_goal{100};
constexpr int burst_length = 20;
constexpr double second_insertion_goal = 0.1;
constexpr double overhead_goal_ms = 0.15;
constexpr std::uint64_t resident_goal_kib = 12 * 1024;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(fmt::format("{} is not set; run bench/run", name));
  return value;
}

// Calls of the service, on a connection of its own.
class Service final {
public:
  Service() { (void)m_client.call("hello", {{"client", "service_bench"}, {"version", TWCARD_VERSION}}); }

  // Inserts the card and waits until its certificates are cached; the reader's name.
  std::string insert_and_wait(const std::filesystem::path& card) {
    (void)m_client.call("events.subscribe");
    insert_card(card);
    while (true) {
      const auto event = m_client.next_notification(std::chrono::seconds(30));
      if (!event) throw std::runtime_error("the card does not get ready");
      if (event->params.at("type").as_string() == "card_ready")
        return std::string(event->params.at("reader").as_string());
    }
  }

  // From the card's appearance in the reader to its certificates being listed.
  std::chrono::duration<double> time_to_read(const std::filesystem::path& card) {
    (void)m_client.call("events.subscribe");
    insert_card(card);
    Clock::time_point inserted{};
    while (true) {
      const auto event = m_client.next_notification(std::chrono::seconds(60));
      if (!event) throw std::runtime_error("the card does not get ready");
      if (event->params.at("type").as_string() == "card_inserted") inserted = Clock::now();
      if (event->params.at("type").as_string() == "card_ready") return Clock::now() - inserted;
    }
  }

  // The first one.
  std::string reader() {
    const auto listed = m_client.call("token.list").result;
    return std::string(listed.at("readers").as_array().at(0).at("reader").as_string());
  }

  std::string signature_certificate() {
    const auto listed = m_client.call("certificates").result;
    for (const auto& certificate : listed.at("certificates").as_array())
      if (certificate.at("id").as_string() == "SIGN") return std::string(certificate.at("der").as_string());
    throw std::runtime_error("the card has no signature certificate");
  }

  void sign(const std::string& certificate) {
    const Bytes hash(32, 0x5A);
    (void)m_client.call("sign", {{"certificate", certificate}, {"hash_function", "SHA-256"}},
                        SecureBytes::copy_of(hash));
  }

  // Logs in to the card in the first reader as the PKCS#11 module does; what its operations are asked with.
  boost::json::object log_in() {
    const auto listed = m_client.call("token.list").result;
    const auto& entry = listed.at("readers").as_array().at(0).as_object();
    boost::json::object key{{"reader", entry.at("reader")}, {"insertion", entry.at("insertion")}};
    (void)m_client.call("token.login", key, SecureBytes::copy_of(as_bytes(environment("TWCARD_TEST_PIN"))));
    key["key"] = "SIGN";
    return key;
  }

  void sign_block(const boost::json::object& key) {
    SecureBytes block(256);
    block.data()[255] = 42;
    (void)m_client.call("token.sign", key, std::move(block));
  }

  std::chrono::nanoseconds random(const std::string& reader) {
    const auto start = Clock::now();
    const auto reply = m_client.call("token.random", {{"reader", reader}});
    const auto time = Clock::now() - start;
    if (reply.blob.size() != 8) throw std::runtime_error("token.random did not give 8 octets");
    return time;
  }

private:
  rpc::Client m_client = rpc::Client::connect(rpc::card_socket());
};

Row traffic_row(const std::string& what, const CardTraffic& traffic) {
  return {what, fmt::format("{} APDUs, {} octets", traffic.apdus, traffic.octets), "", false, true};
}

Row counted_row(const std::string& what, const CardTraffic& traffic, std::uint64_t goal) {
  return {what, fmt::format("{} APDUs, {} octets", traffic.apdus, traffic.octets), fmt::format("{} APDUs", goal), true,
          traffic.apdus <= goal};
}

void add_card_rows(std::vector<Row>& rows, Service& service, const std::string& certificate) {
  (void)take_traffic();
  (void)service.signature_certificate();
  rows.push_back(counted_row("warm listing of the certificates", take_traffic(), listing_apdus_goal));
  service.sign(certificate);
  rows.push_back(counted_row("cold signature", take_traffic(), signature_apdus_goal));
}

void add_burst_rows(std::vector<Row>& rows, Service& service, const std::string& reader) {
  const RawCard other(reader);
  const auto key = service.log_in();
  service.sign_block(key);
  (void)take_traffic();
  for (int i = 0; i < burst_length; ++i) service.sign_block(key);
  const auto last = Clock::now();
  other.take_turn();
  const auto freed = std::chrono::duration<double, std::milli>(Clock::now() - last);
  const auto traffic = take_traffic();
  rows.push_back(counted_row("signature in a burst", {traffic.apdus / burst_length, traffic.octets / burst_length},
                             burst_apdus_goal));
  rows.push_back({"from a burst's last answer to the card's reset", fmt::format("{:.0f} ms", traffic.reset_after_ms),
                  fmt::format("at most {} ms", burst_end_goal.count()), false,
                  traffic.reset_after_ms <= static_cast<double>(burst_end_goal.count())});
  rows.push_back(
      {"the same to the turn of a program that waits for the card", fmt::format("{:.0f} ms", freed.count())});
}

// Both ways in turn, so that they meet the same machine.
void add_round_trip_rows(std::vector<Row>& rows, Service& service, const std::string& reader) {
  const RawCard card(reader);
  std::vector<std::chrono::nanoseconds> raw;
  std::vector<std::chrono::nanoseconds> through_service;
  for (int i = 0; i < warm_up_rounds + rounds; ++i) {
    const auto raw_time = card.get_challenge();
    const auto service_time = service.random(reader);
    if (i < warm_up_rounds) continue;
    raw.push_back(raw_time);
    through_service.push_back(service_time);
  }
  const auto raw_times = times_of(std::move(raw));
  const auto service_times = times_of(std::move(through_service));
  const auto row = [](const std::string& what, const Times& times) {
    return Row{what, text_of(times), "", false, true};
  };
  rows.push_back(row("GET CHALLENGE through libpcsclite", raw_times));
  rows.push_back(row("`token.random` through twcardd", service_times));
  const double overhead = service_times.median_ms - raw_times.median_ms;
  rows.push_back({"overhead of the service",
                  fmt::format("{:.3f} ms, ratio {:.2f}", overhead, service_times.median_ms / raw_times.median_ms),
                  fmt::format("at most {:.2f} ms", overhead_goal_ms), false, overhead <= overhead_goal_ms});
}

Row duration_row(const std::string& what, std::chrono::duration<double> time) {
  return {what, fmt::format("{:.2f} s", time.count()), "", false, true};
}

// A program that copies the card: every octet of its files once, those that are only filling included.
std::chrono::duration<double> time_to_copy(const std::string& reader, const std::string& card) {
  std::stringstream text;
  text << std::ifstream(card).rdbuf();
  const auto described = boost::json::parse(text.str());
  const RawCard raw(reader);
  const auto start = Clock::now();
  for (const auto& [path, content] : described.at("files").as_object()) {
    std::vector<std::uint16_t> files; // of "3F00/5030/08F2"
    for (std::size_t at = 0; at < path.size(); at += 5)
      files.push_back(static_cast<std::uint16_t>(std::stoul(std::string(path.substr(at, 4)), nullptr, 16)));
    (void)raw.read_file(files, content.as_string().size() / 2);
  }
  return Clock::now() - start;
}

std::vector<Row> real_timing_rows() {
  const auto card = environment("TWCARD_STACK_DIR") + "/hicos.json";
  const auto timed = [](const auto& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start);
  };
  Service service;
  const auto first = service.time_to_read(card);
  remove_card();
  const auto second = service.time_to_read(card);
  const auto copied = time_to_copy(service.reader(), card);
  const auto share = second / first;
  const auto certificate = service.signature_certificate();
  std::vector<Row> rows{
      duration_row("`--timing real`: each octet of the card's files once, by plain libpcsclite", copied),
      duration_row("`--timing real`: first insertion to listed", first)};
  rows.back().goal = "at most that";
  rows.back().reached = first <= copied;
  rows.push_back(duration_row("`--timing real`: second insertion to listed", second));
  rows.back().measured += fmt::format(", {:.1f} % of the first", share * 100);
  rows.back().goal = fmt::format("at most {:.0f} %", second_insertion_goal * 100);
  rows.back().reached = share <= second_insertion_goal;
  rows.push_back(duration_row("`--timing real`: cold signature", timed([&] { service.sign(certificate); })));
  const auto key = service.log_in();
  service.sign_block(key);
  rows.push_back(duration_row("`--timing real`: signature in a burst", timed([&] { service.sign_block(key); })));
  return rows;
}

void add_process_rows(std::vector<Row>& rows) {
  pid_t process = 0;
  std::ifstream(environment("TWCARD_STACK_DIR") + "/twcardd.pid") >> process;
  const auto resident = resident_kib(process);
  rows.push_back({"resident memory of twcardd after a listing and a signature",
                  fmt::format("{:.1f} MiB", static_cast<double>(resident) / 1024.0),
                  fmt::format("at most {} MiB", resident_goal_kib / 1024), true, resident <= resident_goal_kib});
  // What the last operation left behind comes to rest first.
  std::this_thread::sleep_for(std::chrono::seconds(1));
  const auto before = wake_ups(process);
  std::this_thread::sleep_for(idle_time);
  const auto woken = wake_ups(process) - before;
  rows.push_back({fmt::format("wake-ups of twcardd in {} s without work", idle_time.count()), fmt::format("{}", woken),
                  "0", true, woken == 0});
}

} // namespace

int main(int argc, char** argv) {
  try {
    const bool check = argc > 1 && std::string_view(argv[1]) == "--check";
    if (argc > 1 && std::string_view(argv[1]) == "--real-timing") {
      print(real_timing_rows());
      return 0;
    }
    Service service;
    const auto reader = service.insert_and_wait(environment("TWCARD_STACK_DIR") + "/hicos.json");
    std::vector<Row> rows{traffic_row("insertion to cached certificates", take_traffic())};
    remove_card();
    (void)service.insert_and_wait(environment("TWCARD_STACK_DIR") + "/hicos.json");
    rows.push_back(traffic_row("the same at the second insertion", take_traffic()));
    const auto certificate = service.signature_certificate();
    add_card_rows(rows, service, certificate);
    add_burst_rows(rows, service, reader);
    add_process_rows(rows);
    add_round_trip_rows(rows, service, reader);
    print_head();
    print(rows);
    return check && missed(rows) ? 1 : 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "service_bench: {}\n", error.what());
    return 2;
  }
}
