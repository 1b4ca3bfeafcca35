// A whole service in the test process: simulated cards in two readers, a scripted person, private sockets.
#pragma once

#include "daemon/card/service.hpp"
#include "rpc/client.hpp"
#include "simulator/issuing/card_file.hpp"
#include "tests/daemon/card/person/scripted_prompt.hpp"
#include "tests/daemon/card/test_readers.hpp"
#include "tests/rpc/has_code.hpp"
#include "tests/rpc/scripted_service.hpp"

#include <memory>
#include <optional>
#include <thread>

namespace twcard::service::testing {

inline constexpr const char* reader_a = "Reader A";
inline constexpr const char* reader_b = "Reader B";
inline constexpr const char* site = "https://page.test:8443";
// 33 octets in base64.
inline constexpr const char* nonce = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";

// The file of a citizen's card with these habits, to be changed and inserted; a new one each time.
[[nodiscard]] boost::json::object citizen_card_file(simulator::Habits habits = {}, const std::string& kind = "hicos");

// Cards of invented people; each call is another piece of plastic with the same content.
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> citizen_card();
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> another_citizen_card();
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> citizen_card_of_generation_2();
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> expired_citizen_card();
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> damaged_citizen_card(simulator::Damage damage);
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> health_card(const char* id_number = "A123456789");
// After ISO/IEC 7816-15: one that pads by itself, or one that also takes whole blocks.
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> pkcs15_card(bool raw);
// Answers every command with 6D00.
[[nodiscard]] std::shared_ptr<simulator::SimulatedCard> unknown_card();

class ServiceFixture {
public:
  enum class Profiles { Installed, Missing };

  // With a site's port, there is also a profile for NHI cards.
  explicit ServiceFixture(Profiles profiles = Profiles::Installed, CardLimits limits = {}, std::uint16_t site_port = 0,
                          SiteLimits site_limits = {}, std::vector<std::string> reader_names = {reader_a, reader_b});
  ~ServiceFixture();
  ServiceFixture(const ServiceFixture&) = delete;
  ServiceFixture& operator=(const ServiceFixture&) = delete;

  // Puts a card in and waits until the service has read it, or failed to.
  void insert(const std::string& reader, const std::shared_ptr<simulator::SimulatedCard>& card);
  void remove(const std::string& reader);
  // Waits for this event at a client that sees all of them.
  boost::json::object wait_for_event(const std::string& type);

  [[nodiscard]] rpc::Client connect() const { return rpc::Client::connect(socket()); }
  // One call over a connection of its own.
  rpc::Reply call(std::string_view method, boost::json::object params = {}, SecureBytes blob = {}) const;
  [[nodiscard]] std::filesystem::path socket() const { return m_folder.path() / "card.sock"; }

  // Stops the service; false when a card operation was still running.
  bool stop_service(std::chrono::milliseconds limit = std::chrono::seconds(10));
  // Another service with the same readers, cards and folders, once it has read the cards that are there.
  void restart_service();
  [[nodiscard]] std::filesystem::path state() const { return m_folder.path() / "state"; }
  [[nodiscard]] std::filesystem::path cache() const { return m_folder.path() / "cache"; }

  rpc::testing::PrivateFolder m_folder;
  TestReaders readers;
  std::optional<ScriptedPrompt> prompt;

private:
  void start_service();

  Profiles m_profiles;
  CardLimits m_limits;
  std::uint16_t m_site_port;
  SiteLimits m_site_limits;
  boost::asio::io_context m_context;
  std::optional<Service> m_service;
  std::thread m_thread;
  std::optional<rpc::Client> m_watcher;
};

// The code that a call fails with, and how often it was a success instead.
template <typename Function>
Error error_of(Function function) {
  try {
    function();
  } catch (const Error& error) {
    return error;
  }
  return {Errc::Internal, "there was no error"};
}

} // namespace twcard::service::testing

#define CHECK_ERROR(expression, expected)                                                                              \
  BOOST_CHECK_EXCEPTION(static_cast<void>(expression), twcard::Error, twcard::has_code(expected))
