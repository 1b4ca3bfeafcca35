#include "tests/daemon/card/service_fixture.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>
#include <future>

namespace twcard::service::testing {

namespace json = boost::json;
using simulator::SimulatedCard;

namespace {

simulator::InventedPerson invented(const char* name, const char* id_number) {
  simulator::InventedPerson person;
  person.name = name;
  person.id_number = id_number;
  person.pin = ScriptedPrompt::right_pin;
  return person;
}

// As it would be read from disk.
json::object card_file(const std::string& kind, const simulator::InventedPerson& person,
                       const simulator::CardOptions& options = {}) {
  return json::parse(json::serialize(simulator::personalise(kind, person, options))).as_object();
}

// Making keys takes half a second: each kind of card is personalised once.
const json::object& citizen_file() {
  static const auto file = card_file("hicos", invented("測試一", "A123456789"));
  return file;
}

const json::object& another_citizen_file() {
  static const auto file = card_file("hicos", invented("測試二", "B123456780"));
  return file;
}

class UnknownApplet final : public simulator::Applet {
public:
  [[nodiscard]] Bytes atr() const override { return {0x3B, 0x80, 0x80, 0x01, 0x01}; }
  void reset() override {}
  [[nodiscard]] apdu::ResponseApdu process(const apdu::CommandApdu&, simulator::Counters&) override {
    return {{}, apdu::sw::instruction_not_supported};
  }
};

card::CardProfiles profiles_in(const std::filesystem::path& folder, ServiceFixture::Profiles profiles,
                               std::uint16_t site_port) {
  if (profiles == ServiceFixture::Profiles::Installed)
    for (const int generation : {1, 2})
      std::ofstream(folder / fmt::format("test-{}.json", generation)) << simulator::test_profile(generation);
  if (site_port != 0) std::ofstream(folder / "nhi.json") << simulator::nhi_test_profile(site_port);
  return card::CardProfiles::load({folder});
}

} // namespace

json::object citizen_card_file(simulator::Habits habits, const std::string& kind) {
  simulator::CardOptions options;
  options.authority_generation = 2;
  options.habits = std::move(habits);
  return card_file(kind, invented("測試八", "G123456785"), options);
}

std::shared_ptr<SimulatedCard> citizen_card() {
  return simulator::card_from_json(citizen_file());
}

std::shared_ptr<SimulatedCard> another_citizen_card() {
  return simulator::card_from_json(another_citizen_file());
}

std::shared_ptr<SimulatedCard> citizen_card_of_generation_2() {
  simulator::CardOptions options;
  options.authority_generation = 2;
  return simulator::card_from_json(card_file("gpki", invented("測試六", "E123456783"), options));
}

std::shared_ptr<SimulatedCard> damaged_citizen_card(simulator::Damage damage) {
  simulator::CardOptions options;
  options.damage = damage;
  return simulator::card_from_json(card_file("hicos", invented("測試三", "C123456781"), options));
}

std::shared_ptr<SimulatedCard> expired_citizen_card() {
  simulator::CardOptions options;
  options.expired = true;
  return simulator::card_from_json(card_file("hicos", invented("測試五", "D123456782"), options));
}

std::shared_ptr<SimulatedCard> health_card(const char* id_number) {
  return simulator::card_from_json(card_file("nhi", invented("測試四", id_number)));
}

std::shared_ptr<SimulatedCard> pkcs15_card(bool raw) {
  simulator::CardOptions options;
  options.raw = raw;
  return simulator::card_from_json(card_file("pkcs15", invented("測試七", "F123456784"), options));
}

std::shared_ptr<SimulatedCard> unknown_card() {
  return std::make_shared<SimulatedCard>(std::make_unique<UnknownApplet>());
}

ServiceFixture::ServiceFixture(Profiles profiles, CardLimits limits, std::uint16_t site_port, SiteLimits site_limits,
                               std::vector<std::string> reader_names)
    : readers(std::move(reader_names)), m_profiles(profiles), m_limits(limits), m_site_port(site_port),
      m_site_limits(site_limits) {
  prompt.emplace(m_folder.path() / "prompt.sock");
  start_service();
}

void ServiceFixture::start_service() {
  m_context.restart();
  m_service.emplace(m_context, readers,
                    ServiceOptions{socket(),
                                   m_folder.path() / "prompt.sock",
                                   profiles_in(m_folder.path(), m_profiles, m_site_port),
                                   state(),
                                   cache(),
                                   m_limits,
                                   {},
                                   m_site_limits});
  m_thread = std::thread([this] { m_context.run(); });
  m_watcher.emplace(connect());
  m_watcher->call("events.subscribe");
}

ServiceFixture::~ServiceFixture() {
  readers.release();
  stop_service();
}

bool ServiceFixture::stop_service(std::chrono::milliseconds limit) {
  if (!m_thread.joinable()) return true;
  std::promise<bool> stopped;
  boost::asio::post(m_context, [&] { stopped.set_value(m_service->stop(limit)); });
  const bool result = stopped.get_future().get();
  if (result) m_thread.join();
  return result;
}

void ServiceFixture::restart_service() {
  m_watcher.reset();
  BOOST_REQUIRE(stop_service());
  m_service.reset();
  readers.renew();
  start_service();
  // Answered once no card is being read any more.
  error_of([this] { call("certificates"); });
}

void ServiceFixture::insert(const std::string& reader, const std::shared_ptr<SimulatedCard>& card) {
  readers.simulator().insert(reader, card);
  for (;;) {
    const auto event = m_watcher->next_notification(std::chrono::seconds(10));
    BOOST_REQUIRE(event);
    const auto type = event->params.at("type").as_string();
    if (type == "card_ready" || type == "card_failed") return;
  }
}

void ServiceFixture::remove(const std::string& reader) {
  readers.simulator().remove(reader);
  wait_for_event("card_removed");
}

json::object ServiceFixture::wait_for_event(const std::string& type) {
  for (;;) {
    const auto event = m_watcher->next_notification(std::chrono::seconds(10));
    BOOST_REQUIRE_MESSAGE(event, "no event " << type);
    if (event->params.at("type").as_string() == type) return event->params;
  }
}

rpc::Reply ServiceFixture::call(std::string_view method, json::object params, SecureBytes blob) const {
  auto client = connect();
  return client.call(method, std::move(params), std::move(blob), std::chrono::seconds(20));
}

} // namespace twcard::service::testing
