// Certificates that are kept over insertions: what the second one costs, and when they are not believed.
#include "daemon/card/readers/certificate_store.hpp"
#include "driver/crypto/digest.hpp"
#include "tests/daemon/card/service_fixture.hpp"
#include "tests/support/field_case.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

namespace twcard::service::testing {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

// Octets that one command adds on the line of a T=1 card: prologue and checksum of two blocks (ISO/IEC 7816-3, 11.3).
constexpr std::uint64_t frame_octets = 8;

struct Fixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  CertificateStore store{cache()};

  // Octets on the line of an insertion; the first one reads all.
  std::uint64_t insertion_cost(const std::shared_ptr<simulator::SimulatedCard>& plastic) {
    plastic->reset_counters();
    insert(reader_a, plastic);
    const auto counters = plastic->counters();
    return counters.octets_in + counters.octets_out + counters.apdus * frame_octets;
  }
  std::uint64_t next_insertion_cost() {
    remove(reader_a);
    return insertion_cost(card);
  }
  [[nodiscard]] json::value listing() const { return call("certificates").result.at("certificates"); }
  [[nodiscard]] Bytes number_hash() const {
    const auto result = call("token.list").result;
    const auto& reader = result.at("readers").as_array().at(0);
    return crypto::sha256(as_bytes(reader.at("serial_number").as_string()));
  }
  [[nodiscard]] KeptCertificates kept() const { return store.find(number_hash(), card::CardKind::Hicos).value(); }
  void keep(const KeptCertificates& certificates) const {
    store.keep(number_hash(), card::CardKind::Hicos, certificates);
  }
  [[nodiscard]] fs::path file() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(cache())) files.push_back(entry.path());
    BOOST_REQUIRE_EQUAL(files.size(), 1U);
    return files.front();
  }
  [[nodiscard]] std::string content() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& content) const { std::ofstream(file(), std::ios::binary | std::ios::trunc) << content; }
};

std::string with_digest(const std::string& text) {
  return to_hex(crypto::sha256(as_bytes(text))) + "\n" + text;
}

KeptCertificates some_certificates(const KeptCertificates& like, const char* label) {
  auto other = like;
  other.certificates.front().label = label;
  return other;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(kept_certificates, Fixture)

BOOST_AUTO_TEST_CASE(the_second_insertion_costs_a_tenth_and_lists_the_same) {
  const auto first = insertion_cost(card);
  const auto listed = listing();
  const auto second = next_insertion_cost();
  BOOST_TEST(second * 10 <= first, second << " of " << first << " octets");
  BOOST_TEST(json::serialize(listing()) == json::serialize(listed));
  BOOST_TEST(call("authenticate", {{"origin", site}, {"nonce", nonce}}).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(the_next_run_of_the_service_also_uses_them) {
  const auto first = insertion_cost(card);
  const auto listed = listing();
  remove(reader_a);
  restart_service();
  BOOST_TEST(insertion_cost(card) * 10 <= first);
  BOOST_TEST(json::serialize(listing()) == json::serialize(listed));
}

BOOST_AUTO_TEST_CASE(a_card_of_another_number_is_read) {
  const auto first = insertion_cost(card);
  const auto listed = listing();
  remove(reader_a);
  BOOST_TEST(insertion_cost(another_citizen_card()) * 2 > first);
  BOOST_TEST(json::serialize(listing()) != json::serialize(listed));
}

BOOST_AUTO_TEST_CASE(a_directory_that_says_something_else_has_the_card_read_again) {
  const auto first = insertion_cost(card);
  const auto listed = listing();
  const auto right = kept();
  const auto altered = [&](std::size_t at) {
    auto wrong = some_certificates(right, "stale");
    wrong.directory[at] ^= 1;
    return wrong;
  };
  auto longer = some_certificates(right, "stale");
  longer.directory.resize(600, 0xFF); // than the file
  for (const auto& wrong :
       {altered(0), altered(right.directory.size() / 2), altered(right.directory.size() - 1), longer}) {
    keep(wrong);
    BOOST_TEST(next_insertion_cost() >= first); // one that cannot be is not compared at all
    BOOST_TEST(json::serialize(listing()) == json::serialize(listed));
    BOOST_TEST(next_insertion_cost() * 10 <= first);
  }
}

BOOST_AUTO_TEST_CASE(certificates_that_are_not_the_cards_release_no_signature_and_are_forgotten) {
  const auto first = insertion_cost(another_citizen_card());
  const auto others = kept().certificates;
  remove(reader_a);
  insert(reader_a, card);
  const auto listed = listing();
  keep({kept().directory, others});
  BOOST_TEST(next_insertion_cost() * 10 <= first);
  CHECK_ERROR(call("authenticate", {{"origin", site}, {"nonce", nonce}}), Errc::SignatureMismatch);
  static_cast<void>(next_insertion_cost());
  BOOST_TEST(json::serialize(listing()) == json::serialize(listed));
  BOOST_TEST(call("authenticate", {{"origin", site}, {"nonce", nonce}}).blob.size() == 256U);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_rebuilt) {
  const auto first = insertion_cost(card);
  const auto listed = listing();
  const auto good = content();
  const auto text = good.substr(good.find('\n') + 1);
  std::vector<std::string> damages{"",
                                   "x",
                                   std::string(64, '0') + "\n",
                                   good + " ",
                                   with_digest("{}"),
                                   with_digest("["),
                                   std::string(CertificateStore::max_file_octets + 1, ' ')};
  for (std::size_t cut = 1; cut < good.size(); cut += good.size() / 7) damages.push_back(good.substr(0, cut));
  for (std::size_t at = 0; at < good.size(); at += good.size() / 7) {
    damages.push_back(good);
    damages.back()[at] = static_cast<char>(damages.back()[at] ^ 1);
  }
  const auto with = [&text](const std::string& from, const std::string& to) {
    auto changed = text;
    const auto at = changed.find(from);
    BOOST_REQUIRE(at != std::string::npos);
    return with_digest(changed.replace(at, from.size(), to));
  };
  damages.push_back(with("\"hicos\"", "\"nhi\""));
  damages.push_back(with(to_hex(number_hash()), std::string(64, '0')));
  damages.push_back(with("\"der\":\"", "\"der\":\"AAAA"));
  damages.push_back(with("\"key\":null", "\"key\":256"));
  damages.push_back(with("\"key\":null", "\"key\":\"1\""));
  damages.push_back(with("\"root_ca\"", "\"king\""));
  damages.push_back(with("\"cert1\"", "\"cert\\u001b\""));
  damages.push_back(with("\"cert1\"", "\"" + std::string(129, 'c') + "\""));
  damages.push_back(with("\"directory\":\"", "\"directory\":\"!"));
  for (const auto& damage : damages) {
    write(damage);
    BOOST_TEST_CONTEXT(damage.substr(0, 80)) {
      BOOST_TEST(next_insertion_cost() == first);
      BOOST_TEST(json::serialize(listing()) == json::serialize(listed));
      BOOST_TEST(content() == good);
    }
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_kept_but_what_everybody_may_see_and_for_this_user_alone) {
  insert(reader_a, card);
  static_cast<void>(call("authenticate", {{"origin", site}, {"nonce", nonce}}));
  const auto number =
      std::string(call("token.list").result.at("readers").as_array().at(0).at("serial_number").as_string());
  const auto text = content();
  BOOST_TEST(text.find(number) == std::string::npos);
  BOOST_TEST(file().string().find(number) == std::string::npos);
  BOOST_TEST(text.find(ScriptedPrompt::right_pin) == std::string::npos);
  const auto members = json::parse(text.substr(text.find('\n') + 1)).as_object();
  BOOST_TEST(members.size() == 4U); // card, kind, directory, certificates
  BOOST_TEST(members.at("certificates").as_array().at(0).as_object().size() == 5U); // role, id, label, der, key
  const auto open_to_others = fs::perms::group_all | fs::perms::others_all;
  BOOST_TEST(((fs::status(cache()).permissions() & open_to_others) == fs::perms::none));
  BOOST_TEST(((fs::status(file()).permissions() & open_to_others) == fs::perms::none));
}

BOOST_AUTO_TEST_CASE(a_card_that_could_not_be_read_whole_is_not_kept) {
  insert(reader_a, damaged_citizen_card(simulator::Damage::SignatureCertificate));
  BOOST_TEST(!fs::exists(cache()));
  remove(reader_a);
  insert(reader_a, damaged_citizen_card(simulator::Damage::CertificateDirectory));
  BOOST_TEST(!fs::exists(cache()));
}

// A renewal shows in the card's fingerprint: there is no need to suspect what has ended.
BOOST_AUTO_TEST_CASE(certificates_that_have_ended_are_kept_like_others) {
  card = expired_citizen_card();
  const auto first = insertion_cost(card);
  BOOST_TEST(next_insertion_cost() * 10 <= first);
}

// Both ways of an issuer to renew in place: for the same key, and for a new one.
BOOST_AUTO_TEST_CASE(a_renewed_certificate_is_noticed_at_the_next_insertion) {
  const auto put_in = [this](const char* name) {
    insert(reader_a, simulator::card_from_json(twcard::testing::field_case(name)));
    const auto result = call("certificates").result;
    std::string serial;
    for (const auto& each : result.at("certificates").as_array())
      if (each.at("id").as_string() == "SIGN") serial = each.at("serial_number").as_string();
    return serial;
  };
  BOOST_TEST(put_in("citizen_renewal_1_before") == "5101");
  for (const auto& [name, serial] :
       {std::pair{"citizen_renewal_2_same_key", "5121"}, std::pair{"citizen_renewal_3_new_key", "5131"}}) {
    remove(reader_a);
    BOOST_TEST(put_in(name) == serial);
    remove(reader_a);
    restart_service();
    BOOST_TEST(put_in(name) == serial);
  }
}

BOOST_AUTO_TEST_CASE(of_too_many_cards_the_first_ones_go) {
  insert(reader_a, card);
  const auto certificates = kept();
  const auto nth = [](std::size_t n) { return crypto::sha256(as_bytes(std::to_string(n))); };
  store.keep(nth(0), card::CardKind::Hicos, certificates);
  const auto first = cache() / (to_hex(nth(0)) + ".certificates");
  fs::last_write_time(first, fs::last_write_time(first) - std::chrono::hours(1));
  for (std::size_t n = 1; n < CertificateStore::max_cards + 3; ++n)
    store.keep(nth(n), card::CardKind::Hicos, certificates);
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(cache())) found += entry.is_regular_file() ? 1 : 0;
  BOOST_TEST(found == CertificateStore::max_cards);
  BOOST_TEST(store.find(nth(CertificateStore::max_cards + 2), card::CardKind::Hicos).has_value());
  BOOST_TEST(!store.find(nth(0), card::CardKind::Hicos).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
