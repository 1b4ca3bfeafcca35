#include "simulator/issuing/card_file.hpp"

#include "driver/base/error.hpp"
#include "simulator/commands/commands.hpp"

#include <boost/json/serialize.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <cstdlib>
#include <iostream>
#include <sstream>

namespace twcard::simulator::commands {

namespace po = boost::program_options;

namespace {

constexpr const char* usage =
    "twcard-sim personalise --kind nhi|hicos|gpki --name NAME --id ID --out FILE [options]\n"
    "twcard-sim personalise --kind company --name NAME --tax-number NUMBER --out FILE [options]\n"
    "twcard-sim personalise --kind organisation --name NAME --oid OID --out FILE [options]\n"
    "Makes a card of somebody invented, for tests; all but nhi with a test root, issuing CA, keys and certificates.\n";

Damage damage_named(const std::string& name) {
  if (name == "cdf") return Damage::CertificateDirectory;
  if (name == "certificate") return Damage::SignatureCertificate;
  throw UsageError("--damage: neither cdf nor certificate");
}

po::options_description options(InventedPerson& person, CardOptions& card) {
  po::options_description all("Options");
  all.add_options() //
      ("kind", po::value<std::string>()->required(),
       "nhi (health insurance), hicos or gpki (citizen certificate, generation 1 or 2), company, organisation,\n"
       "pkcs15 (a person's card after ISO/IEC 7816-15)")                                            //
      ("name", po::value(&person.name)->required(), "name of the holder")                           //
      ("id", po::value(&person.id_number), "person: national ID, e.g. A123456789")                  //
      ("tax-number", po::value(&person.tax_number), "company: 8 digits")                            //
      ("oid", po::value(&person.organisation), "organisation: OID, e.g. 2.16.886.101.90000")        //
      ("generation", po::value(&card.generation), "company, organisation: of the card, 1 or 2 (2)") //
      ("ca-generation", po::value(&card.authority_generation),
       "issuing CA 2 (RSA 2048) or 3 (RSA 4096); by default 2 for generation 1, 3 for generation 2") //
      ("out", po::value<std::string>()->required(), "card file to write")                            //
      ("pin", po::value(&person.pin), "PIN of 6 to 8 characters (123456)")                           //
      ("birth-date", po::value(&person.birth_date), "nhi: YYYY-MM-DD (1996-01-02)")                  //
      ("sex", po::value(&person.sex), "nhi: M or F (F)")                                             //
      ("issue-date", po::value(&person.issue_date), "nhi: YYYY-MM-DD (2021-07-01)")                  //
      ("termination", po::value(&person.termination), "nhi: termination mark, one character")        //
      ("unnamed", po::bool_switch(&card.unnamed), "pkcs15: only who guesses finds the application")  //
      ("raw", po::bool_switch(&card.raw), "pkcs15: the card takes whole blocks too")                 //
      ("get-response", po::bool_switch(&card.get_response), "nhi: answers come by GET RESPONSE")     //
      ("authority", po::value<std::string>(),
       "folder that keeps one test root and issuing CA for several cards")                                     //
      ("fresh-keys", po::bool_switch(&card.fresh_keys), "generate keys instead of taking published test keys") //
      ("ca-out", po::value<std::string>(), "write the root certificate (PEM)")                                 //
      ("issuer-out", po::value<std::string>(), "write the issuing CA's certificate (PEM)")                     //
      ("crl-out", po::value<std::string>(), "write the issuing CA's revocation list (PEM)")                    //
      ("revoked", po::bool_switch(&card.revoked), "the signature certificate is revoked")                      //
      ("expired", po::bool_switch(&card.expired), "the certificates ended a year ago")                         //
      ("damage", po::value<std::string>(),
       "damage the cdf (certificate directory) or the signature certificate")                          //
      ("key-set", po::value(&card.key_set), "generation 1: 1 or 2, the transport key of the card (1)") //
      ("max-read", po::value(&card.max_read), "octets that READ BINARY gives at a time, 16 to 200 (200)")(
          "habit", po::value<std::vector<std::string>>()->composing(),
          "what the card does differently (twcard-sim habits); may be given several times");
  return all;
}

std::string file_kind_of(const std::string& kind, const CardOptions& card) {
  if (kind != "company" && kind != "organisation") return kind;
  return card.generation == 1 ? "hicos" : "gpki";
}

// Those that are given, which have to be for cards of the kind, and of those in TWCARD_SIM_HABITS the ones that are.
Habits habits_for(const std::string& kind, const std::vector<std::string>& given) {
  Habits habits;
  try {
    for (const auto& name : given) habits.insert(habit_named(name).habit);
    const char* everywhere = std::getenv("TWCARD_SIM_HABITS");
    std::istringstream names(everywhere == nullptr ? "" : everywhere);
    for (std::string name; std::getline(names, name, ',');)
      if (const auto& row = habit_named(name); can_have(row, kind)) habits.insert(row.habit);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
  return habits;
}

boost::json::object make(const std::string& kind, const InventedPerson& person, const CardOptions& card) {
  try {
    return simulator::personalise(kind, person, card);
  } catch (const Error& error) {
    if (error.code() == Errc::BadRequest) throw UsageError(error.what());
    throw;
  }
}

} // namespace

int personalise(const Arguments& arguments) {
  InventedPerson person;
  CardOptions card;
  const auto values = parse(arguments, usage, options(person, card));
  if (!values) return 0;
  const auto text = [&](const char* name) { return (*values)[name].as<std::string>(); };
  if (values->contains("damage")) card.damage = damage_named(text("damage"));
  if (values->contains("authority")) card.authority = text("authority");
  const auto kind = text("kind");
  const auto given =
      values->contains("habit") ? (*values)["habit"].as<std::vector<std::string>>() : std::vector<std::string>();
  card.habits = habits_for(file_kind_of(kind, card), given);
  if (kind == "nhi")
    for (const char* of_certificates : {"ca-out", "issuer-out", "crl-out"})
      if (values->contains(of_certificates))
        throw UsageError(std::string("--") + of_certificates + " is for cards with certificates");

  const auto file = make(kind, person, card);
  write_file(text("out"), boost::json::serialize(file) + "\n");
  if (values->contains("ca-out")) write_file(text("ca-out"), root_certificate_of(file));
  if (values->contains("issuer-out")) write_file(text("issuer-out"), issuing_certificate_of(file));
  if (values->contains("crl-out")) write_file(text("crl-out"), revocation_list_of(file));
  std::cout << text("out") << ": simulated " << kind << " card\n";
  return 0;
}

int profile(const Arguments& arguments) {
  po::options_description all("Options");
  int generation = 1;
  std::uint16_t site_port = 0;
  all.add_options()                                                                                          //
      ("generation", po::value(&generation), "of the cards that it is for, 1 or 2 (1)")                      //
      ("site", po::value(&site_port), "of NHI cards, with an authentication site at this port of 127.0.0.1") //
      ("out", po::value<std::string>(), "file to write (standard output)");
  const auto values = parse(arguments,
                            "twcard-sim profile [--generation 1|2 | --site PORT] [--out FILE]\n"
                            "The card profile of the simulated certificate cards or of NHI cards, with test keys.\n",
                            all);
  if (!values) return 0;
  if (generation != 1 && generation != 2) throw UsageError("--generation: neither 1 nor 2");
  const auto text = (site_port != 0 ? nhi_test_profile(site_port) : test_profile(generation)) + "\n";
  if (values->contains("out"))
    write_file((*values)["out"].as<std::string>(), text);
  else
    std::cout << text;
  return 0;
}

} // namespace twcard::simulator::commands
