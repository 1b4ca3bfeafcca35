// A simulated card in a reader inside the test process, and a channel to it.
#pragma once

#include "driver/card/card_profile.hpp"
#include "driver/card/hicos_card.hpp"
#include "simulator/card_file.hpp"
#include "simulator/in_process_readers.hpp"
#include "tests/driver/card/profile_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <string>

namespace twcard::testing {

inline constexpr const char* right_pin = "123456";
inline constexpr const char* wrong_pin = "654321";

inline Pin pin(std::string_view digits) {
  return Pin::take(SecureBytes::copy_of(as_bytes(digits)));
}

inline simulator::InventedPerson invented_person() {
  simulator::InventedPerson person;
  person.name = "王小明";
  person.id_number = "A123456789";
  person.pin = right_pin;
  return person;
}

// A new card, as if its file had been written and read; its keys take a while to make.
inline boost::json::object hicos_file(const simulator::CardOptions& options = {}) {
  const auto file = simulator::personalise("hicos", invented_person(), options);
  return boost::json::parse(boost::json::serialize(file)).as_object();
}

// The card that most tests use, made once.
inline const boost::json::object& good_hicos_file() {
  static const auto file = hicos_file();
  return file;
}

inline card::CardProfiles test_profiles() {
  const ProfileFolder folder;
  folder.write("test.json", simulator::test_profile());
  return folder.load();
}

struct SimulatedReader {
  explicit SimulatedReader(const boost::json::object& file) : card(simulator::card_from_json(file)) {
    readers.insert("reader", card);
    channel = readers.open("reader");
  }

  simulator::InProcessReaders readers{{"reader"}};
  std::shared_ptr<simulator::SimulatedCard> card;
  std::unique_ptr<reader::CardChannel> channel;
};

// With the driver on top.
struct SimulatedHicos : SimulatedReader {
  explicit SimulatedHicos(const boost::json::object& file = good_hicos_file())
      : SimulatedReader(file), driver(channel->atr(), test_profiles().hicos.at(0)) {}

  std::vector<card::CardCertificate> certificates() {
    reader::Transaction transaction(*channel);
    return driver.certificates(transaction);
  }
  SecureBytes private_operation(std::string_view digits, std::uint8_t key, ByteView block) {
    reader::Transaction transaction(*channel);
    return driver.private_operation(transaction, pin(digits), key, block);
  }

  card::HicosCard driver;
};

} // namespace twcard::testing
