// Card files: the JSON that `twcard-sim personalise` writes and `run` and `insert` read.
// Everything in them is invented or generated for the occasion; keys are test keys.
#pragma once

#include "simulator/simulated_card.hpp"

#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace twcard::simulator {

// An invented person.
struct InventedPerson {
  std::string name;                         // UTF-8
  std::string id_number;                    // ten characters, e.g. "A123456789"
  std::string pin = "123456";               // hicos only
  std::string birth_date = "1996-01-02";    // ISO 8601
  std::string sex = "F";
};

// A complete card file. `kind` is "nhi" or "hicos"; a hicos card gets its own test root, issuing CA, two key pairs,
// certificates after the profile of docs/cards/citizen.md, and a CRL.
[[nodiscard]] boost::json::object personalise(const std::string& kind, const InventedPerson& person);

// Throws Error(BadRequest) naming the member that is wrong.
[[nodiscard]] std::shared_ptr<SimulatedCard> card_from_json(const boost::json::object& file);
[[nodiscard]] std::shared_ptr<SimulatedCard> card_from_file(const std::filesystem::path& file);

// PEM of the card's test root ("hicos" cards).
[[nodiscard]] std::string root_certificate_of(const boost::json::object& file);

// The card profile (docs/card-profiles.md) that fits the simulator's hicos cards, as JSON text.
[[nodiscard]] std::string test_profile();

} // namespace twcard::simulator
