#include "tests/simulator/cards.hpp"

#include "driver/apdu/hicos_pin_block.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace twcard::simulator::tests {

InventedPerson somebody() {
  InventedPerson person;
  person.name = name;
  person.id_number = id_number;
  person.pin = pin;
  return person;
}

const boost::json::object& citizen_file() {
  static const auto file = personalise("hicos", somebody());
  return file;
}

std::shared_ptr<SimulatedCard> citizen_card() {
  return card_from_json(citizen_file());
}

std::shared_ptr<SimulatedCard> nhi_card(const CardOptions& options) {
  return card_from_json(personalise("nhi", somebody(), options));
}

std::string say(SimulatedCard& card, std::string_view command) {
  const auto octets = from_hex(command);
  BOOST_REQUIRE_MESSAGE(octets.has_value(), "no hexadecimal command: " << command);
  return to_hex(card.transmit(*octets));
}

std::string status(SimulatedCard& card, std::string_view command) {
  const auto response = say(card, command);
  return response.substr(response.size() - 4);
}

std::string data(SimulatedCard& card, std::string_view command) {
  const auto response = say(card, command);
  BOOST_TEST(response.substr(response.size() - 4) == "9000");
  return response.substr(0, response.size() - 4);
}

void go_to(SimulatedCard& card, std::string_view path) {
  BOOST_TEST(say(card, "80A40000023F00") == "9000");
  for (std::size_t at = 0; at < path.size(); at += 5)
    BOOST_TEST(say(card, "80A4000002" + std::string(path.substr(at, 4))) == "9000");
}

std::string verify_command(std::string_view entered_pin, int key_set) {
  const auto profile = boost::json::parse(test_profile());
  const auto text = profile.at("transport_keys").at(static_cast<std::size_t>(key_set - 1)).as_string();
  const auto key = from_hex({text.data(), text.size()});
  BOOST_REQUIRE(key.has_value());
  std::array<std::uint8_t, apdu::hicos_transport_key_size> key_octets{};
  std::copy(key->begin(), key->end(), key_octets.begin());
  const std::array<std::uint8_t, apdu::hicos_iv_size> iv{8, 7, 6, 5, 4, 3, 2, 1};
  const auto entered = Pin::take(SecureBytes::copy_of(as_bytes(entered_pin)));
  return "8C20000120" + to_hex(apdu::hicos_pin_block(entered, key_octets, iv));
}

void log_in(SimulatedCard& card) {
  go_to(card, "5030/0810");
  BOOST_TEST(say(card, verify_command(pin)) == "9000");
}

Bytes certificate_at(const boost::json::object& file, std::size_t offset) {
  const auto* path = file.at("kind") == "gpki" ? "7FFF/5030/08F2" : "3F00/5030/08F2";
  const auto& text = file.at("files").at(path).as_string();
  const auto content = from_hex({text.data(), text.size()});
  BOOST_REQUIRE(content.has_value());
  const std::size_t size = 4U + static_cast<std::size_t>((*content)[offset + 2] << 8 | (*content)[offset + 3]);
  return to_bytes(ByteView(*content).subspan(offset, size));
}

TemporaryFolder::TemporaryFolder() {
  auto pattern = (std::filesystem::temp_directory_path() / "twcard-simulator-XXXXXX").string();
  BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  m_path = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
}

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace twcard::simulator::tests
