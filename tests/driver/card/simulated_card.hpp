// A simulated card in a reader inside the test process, and a channel to it.
#pragma once

#include "driver/card/citizen/gpki_card.hpp"
#include "driver/card/citizen/hicos_card.hpp"
#include "driver/card/pkcs15/pkcs15_card.hpp"
#include "driver/card/profile/card_profile.hpp"
#include "simulator/issuing/card_file.hpp"
#include "simulator/readers/in_process_readers.hpp"
#include "tests/driver/card/profile/profile_folder.hpp"

#include <boost/json/object.hpp>
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

// A new card; its keys take a while to make.
inline boost::json::object hicos_file(const simulator::CardOptions& options = {}) {
  return simulator::personalise("hicos", invented_person(), options);
}

// The cards that most tests use, made once.
inline const boost::json::object& good_hicos_file() {
  static const auto file = hicos_file();
  return file;
}
// Generation 2, under an issuing CA that is quickly made.
inline const boost::json::object& good_gpki_file() {
  static const auto file = [] {
    simulator::CardOptions options;
    options.authority_generation = 2;
    return simulator::personalise("gpki", invented_person(), options);
  }();
  return file;
}

inline boost::json::object pkcs15_file(const simulator::CardOptions& options = {}) {
  return simulator::personalise("pkcs15", invented_person(), options);
}
inline const boost::json::object& good_pkcs15_file() {
  static const auto file = pkcs15_file();
  return file;
}

inline card::CardProfiles test_profiles() {
  const ProfileFolder folder;
  folder.write("1.json", simulator::test_profile(1));
  folder.write("2.json", simulator::test_profile(2));
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
template <typename Driver>
struct SimulatedSigningCard : SimulatedReader {
  template <typename Profile>
  SimulatedSigningCard(const boost::json::object& file, const Profile& profile)
      : SimulatedReader(file), driver(channel->atr(), profile) {}
  explicit SimulatedSigningCard(const boost::json::object& file) : SimulatedReader(file) {}

  std::vector<card::CardCertificate> certificates() {
    reader::Transaction transaction(*channel);
    return driver.certificates(transaction);
  }
  SecureBytes private_operation(std::string_view digits, std::uint8_t key, ByteView block) {
    reader::Transaction transaction(*channel);
    return driver.private_operation(transaction, pin(digits), key, block);
  }

  Driver driver;
};

struct SimulatedHicos : SimulatedSigningCard<card::HicosCard> {
  explicit SimulatedHicos(const boost::json::object& file = good_hicos_file())
      : SimulatedSigningCard(file, test_profiles().hicos.at(0)) {}
};

struct SimulatedGpki : SimulatedSigningCard<card::GpkiCard> {
  explicit SimulatedGpki(const boost::json::object& file = good_gpki_file())
      : SimulatedSigningCard(file, test_profiles().gpki.at(0)) {}
  SimulatedGpki(const boost::json::object& file, const card::GpkiProfile& profile)
      : SimulatedSigningCard(file, profile) {}
};

struct SimulatedPkcs15 : SimulatedSigningCard<card::Pkcs15Card> {
  explicit SimulatedPkcs15(const boost::json::object& file = good_pkcs15_file()) : SimulatedSigningCard(file) {}
};

} // namespace twcard::testing
