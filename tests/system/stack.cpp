#include "tests/system/stack.hpp"

#include "simulator/person/person.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace twcard::tests {

namespace json = boost::json;

std::string stack_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(fmt::format("{} is not set: run inside scripts/with-stack", name));
  return value;
}

std::string stack_file(const std::string& name) {
  return stack_variable("TWCARD_STACK_DIR") + "/" + name;
}

bool cards_are_tidy() {
  return stack_variable("TWCARD_SIM_HABITS").empty();
}

std::string run(const std::string& command) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"),
                                                             [](std::FILE*) { return 0; });
  if (!pipe) throw std::runtime_error("cannot start: " + command);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
    output.append(buffer.data(), count);
  if (::pclose(pipe.get()) != 0) throw std::runtime_error("failed: " + command);
  return output;
}

void person(const std::string& mode, int delay_ms, const std::string& press) {
  const json::object answers{
      {"mode", mode}, {"pin", stack_variable("TWCARD_TEST_PIN")}, {"delay_ms", delay_ms}, {"press", press}};
  std::ofstream(stack_file("person.json")) << json::serialize(answers);
}

pid_t pid_of(const std::string& service) {
  std::ifstream file(stack_file(service + ".pid"));
  pid_t pid = 0;
  file >> pid;
  return pid;
}

std::vector<pid_t> open_dialogs() {
  std::istringstream children(
      run(fmt::format("pgrep -P {} -x {} || true", pid_of("twcard-prompt"), simulator::waiting_name)));
  std::vector<pid_t> pids;
  for (pid_t pid = 0; children >> pid;) pids.push_back(pid);
  return pids;
}

std::vector<json::object> dialogs() {
  std::vector<json::object> all;
  std::ifstream transcript(stack_file("person.transcript"));
  for (std::string line; std::getline(transcript, line);) all.push_back(json::parse(line).as_object());
  return all;
}

namespace {

// The state of the card in the n-th reader as twcardd sees it: "", "reading", "ready", "failed".
std::string card_state(rpc::Client& client, int slot) {
  const auto status = client.call("status").result;
  const auto& readers = status.at("readers").as_array();
  const auto index = static_cast<std::size_t>(slot);
  if (index >= readers.size()) return "";
  const auto& card = readers[index].at("card");
  return card.is_null() ? "" : std::string(card.at("state").as_string());
}

} // namespace

void insert_card(int slot, const std::string& file) {
  run(fmt::format("twcard-sim insert {} '{}'", slot, file));
  auto client = service();
  const auto read = [&] {
    const auto state = card_state(client, slot);
    return state == "ready" || state == "failed";
  };
  if (!eventually(read)) throw std::runtime_error("twcardd does not see the inserted card");
}

void remove_card(int slot) {
  run(fmt::format("twcard-sim remove {}", slot));
  auto client = service();
  if (!eventually([&] { return card_state(client, slot).empty(); }))
    throw std::runtime_error("twcardd does not see the removal");
}

std::uint64_t apdus(int slot) {
  const auto counters = json::parse(run(fmt::format("twcard-sim counters {} --json", slot)));
  return counters.at("apdus").to_number<std::uint64_t>();
}

std::uint64_t line_octets(int slot) {
  const auto counters = json::parse(run(fmt::format("twcard-sim counters {} --json", slot)));
  const auto value = [&](const char* name) { return counters.at(name).to_number<std::uint64_t>(); };
  return value("octets_in") + value("octets_out") + value("apdus") * 8;
}

std::optional<std::chrono::microseconds> reset_after(int slot) {
  const auto counters = json::parse(run(fmt::format("twcard-sim counters {} --json", slot)));
  const auto& after = counters.at("reset_after_us");
  return after.is_null() ? std::nullopt : std::optional(std::chrono::microseconds(after.to_number<std::int64_t>()));
}

void reset_apdus() {
  run("twcard-sim counters --reset --json");
}

void stop_pcscd() {
  ::kill(pid_of("pcscd"), SIGTERM);
  auto client = service();
  if (!eventually([&] { return client.call("status").result.at("pcsc").as_string() == "no_pcsc"; }) ||
      !eventually([] { return run("pgrep -x pcscd | wc -l") == "0\n"; }))
    throw std::runtime_error("pcscd does not end");
}

void start_pcscd(bool with_readers) {
  const auto readers = stack_file(with_readers ? "reader.conf.d" : "no_readers");
  std::filesystem::create_directories(readers);
  run(fmt::format("pcscd --foreground --config '{}' >>'{}' 2>&1 </dev/null & echo $! > '{}'", readers,
                  stack_file("log/pcscd"), stack_file("pcscd.pid")));
}

rpc::Client service() {
  auto client = rpc::Client::connect(stack_variable("TWCARD_SOCKET"));
  client.call("hello", {{"client", "tests"}, {"version", TWCARD_VERSION}});
  return client;
}

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(name_of(error.code()));
  }
  return "";
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

std::string certificate(rpc::Client& client, std::string_view id) {
  const auto listing = client.call("certificates").result;
  for (const auto& entry : listing.at("certificates").as_array())
    if (entry.at("id").as_string() == id) return std::string(entry.at("der").as_string());
  throw std::runtime_error("the card has no such certificate");
}

Bytes some_hash() {
  Bytes hash(32);
  for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<std::uint8_t>(i * 7);
  return hash;
}

rpc::Reply sign(rpc::Client& client) {
  return client.call("sign", {{"certificate", certificate(client, "SIGN")}, {"hash_function", "SHA-256"}},
                     SecureBytes::copy_of(some_hash()));
}

bool openssl_verifies(rpc::Client& client, ByteView signature) {
  const auto write = [](const std::string& name, ByteView octets) {
    std::ofstream(stack_file(name), std::ios::binary)
        .write(as_text(octets).data(), static_cast<std::streamsize>(octets.size()));
  };
  write("test.sig", signature);
  write("test.hash", some_hash());
  write("test.der", *from_base64(certificate(client, "SIGN")));
  const auto said = run(fmt::format(
      "cd '{}' && openssl x509 -inform DER -in test.der -pubkey -noout > test.pub && openssl pkeyutl -verify "
      "-pubin -inkey test.pub -in test.hash -sigfile test.sig -pkeyopt digest:sha256",
      stack_variable("TWCARD_STACK_DIR")));
  return said.find("Signature Verified Successfully") != std::string::npos;
}

} // namespace twcard::tests
