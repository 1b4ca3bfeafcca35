// Card files: the JSON that `twcard-sim personalise` writes and `run` and `insert` read; docs/simulator.md has the
// schema. Everything in them is invented; keys are test keys, most of them published ones.
#pragma once

#include "simulator/cards/simulated_card.hpp"
#include "simulator/issuing/habits.hpp"

#include <boost/json/object.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace twcard::simulator {

// An invented person, company or organisation.
struct InventedPerson {
  std::string name;                      // UTF-8
  std::string id_number;                 // of a person: ten characters, e.g. "A123456789"
  std::string tax_number;                // of a company: 8 digits
  std::string organisation;              // of an organisation: its OID, e.g. "2.16.886.101.90000"
  std::string pin = "123456";            // not nhi: 6 to 8 printable ASCII characters
  std::string birth_date = "1996-01-02"; // ISO 8601; this and what follows: nhi only
  std::string sex = "F";
  std::string issue_date = "2021-07-01";
  std::string termination; // termination mark: one ASCII character, or empty
};

enum class Damage { None, CertificateDirectory, SignatureCertificate };

// How the card differs from a good one of its own authority.
struct CardOptions {
  Habits habits;
  // all but nhi
  int generation = 0;              // company, organisation: of the card, 1 or 2; 0: 2
  int authority_generation = 0;    // of the issuing CA, 2 (RSA 2048) or 3 (RSA 4096); 0: 2 for cards of generation 1
  std::filesystem::path authority; // folder that keeps one root and issuing CA for several cards; empty: new ones
  bool fresh_keys = false;         // keys are generated, instead of taken from the pool of published test keys
  Damage damage = Damage::None;
  int key_set = 1;                   // generation 1: VERIFY is protected by the test profile's first or second key
  std::size_t max_read = 200;        // octets that READ BINARY gives at a time, 16 to 200
  bool revoked = false;              // the signature certificate stands on the CRL
  bool expired = false;              // the certificates ended a year ago
  std::uint8_t signature_key = 0x01; // key references, in generation 1 four record numbers apart
  std::uint8_t encryption_key = 0x05;
  bool raw = false;     // pkcs15: the card takes whole blocks too, besides padding by itself
  bool unnamed = false; // pkcs15: the card names its application neither by SELECT nor in EF.DIR
  // nhi
  bool get_response = false; // answers come as 61xx first
};

// A complete card file. `kind` is "nhi"; "hicos" or "gpki", a citizen's card of generation 1 or 2; "company" or
// "organisation"; "pkcs15", a person's card after ISO/IEC 7816-15. All but nhi get their own test root, issuing CA, two
// key pairs, certificates after the profile of docs/cards/citizen.md, and a CRL. No two
// cards of one authority folder, and none that one process makes without a folder, have a key in common. With
// fresh_keys it takes about half a second, and some more for a CA of generation 3. Throws Error(BadRequest) naming the
// member that is wrong.
[[nodiscard]] boost::json::object personalise(const std::string& kind, const InventedPerson& person,
                                              const CardOptions& options = {});

// Throws Error(BadRequest) naming the member that is wrong.
[[nodiscard]] std::shared_ptr<SimulatedCard> card_from_json(const boost::json::object& file);
[[nodiscard]] std::shared_ptr<SimulatedCard> card_from_file(const std::filesystem::path& file);

// PEM of the card's test root, of its issuing CA, and of the CRL when the card was made; not nhi.
[[nodiscard]] std::string root_certificate_of(const boost::json::object& file);
[[nodiscard]] std::string issuing_certificate_of(const boost::json::object& file);
[[nodiscard]] std::string revocation_list_of(const boost::json::object& file);

// The card profile (docs/card-profiles.md) that fits the simulator's cards of generation 1 or 2, as JSON text.
[[nodiscard]] std::string test_profile(int generation = 1);
// The one for simulated NHI cards, with the simulator's authentication site at 127.0.0.1 and this port.
[[nodiscard]] std::string nhi_test_profile(std::uint16_t port);

} // namespace twcard::simulator
