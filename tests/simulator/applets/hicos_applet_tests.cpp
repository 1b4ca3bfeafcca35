// The facts of docs/cards/citizen.md, and the choices of docs/simulator.md where that is silent.
#include "tests/simulator/cards.hpp"
#include "tests/simulator/issuing/x509.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <map>

namespace twcard::simulator::tests {

namespace {

constexpr std::size_t encryption_offset = 0x0E00;
constexpr std::size_t signature_offset = 0x1500;

std::string read_all(SimulatedCard& card) {
  std::string content;
  for (unsigned offset = 0;; offset += 200) {
    const auto part = say(
        card, "80B0" + to_hex(Bytes{static_cast<std::uint8_t>(offset >> 8), static_cast<std::uint8_t>(offset & 0xFF)}) +
                  "C8");
    const auto word = part.substr(part.size() - 4);
    if (word == "6B00") return content;
    BOOST_REQUIRE((word == "9000" || word == "6282"));
    content += part.substr(0, part.size() - 4);
  }
}

std::shared_ptr<SimulatedCard> changed(const char* member, boost::json::value value) {
  auto file = citizen_file();
  file[member] = std::move(value);
  return card_from_json(file);
}

// A block as RSASSA-PKCS1-v1_5 has it, of a made-up hash.
std::string padded_block() {
  return "0001" + std::string(2 * 202, 'F') + "00" + "3031300D060960864801650304020105000420" + std::string(64, '7');
}

std::string private_operation(SimulatedCard& card, const std::string& reference, const std::string& block) {
  BOOST_TEST(say(card, "80EA82" + reference + "80" + block.substr(0, 256)) == "9000");
  auto result = data(card, "80EA02" + reference + "80" + block.substr(256));
  BOOST_TEST(result.size() == 256U);
  return result + data(card, "80C1008080");
}

} // namespace

BOOST_AUTO_TEST_SUITE(hicos_applet)

BOOST_AUTO_TEST_CASE(the_answer_to_reset_says_chtmoica) {
  BOOST_TEST(to_hex(citizen_card()->atr()) == "3BB813008131FA524348544D4F494341A5");
}

BOOST_AUTO_TEST_CASE(only_class_80_is_answered) {
  const auto card = citizen_card();
  BOOST_TEST(say(*card, "00A40000023F00") == "6E00");
  BOOST_TEST(say(*card, "00A4040C10A000000283000006220169640001010100") == "6E00");
  BOOST_TEST(say(*card, "8CA40000023F00") == "6E00");
  BOOST_TEST(say(*card, "80A40000023F00") == "9000");
}

BOOST_AUTO_TEST_CASE(what_the_card_has_no_instruction_for_is_6d00) {
  const auto card = citizen_card();
  for (const char* command : {"80220041B6", "802A9E9A", "80240001", "80CA004500", "80C0000010", "80D6000001AA"})
    BOOST_TEST(say(*card, command) == "6D00", command);
}

BOOST_AUTO_TEST_CASE(selection_walks_from_directory_to_directory_and_gives_no_control_information) {
  const auto card = citizen_card();
  BOOST_TEST(say(*card, "80A40000020903") == "6A82"); // not in the master file
  BOOST_TEST(say(*card, "80A40000020900") == "9000");
  BOOST_TEST(say(*card, "80A400000209030"
                        "0") == "9000"); // with Le: still nothing
  BOOST_TEST(data(*card, "80B0000010").size() == 32U);
  BOOST_TEST(say(*card, "80A40000025030") == "6A82"); // not in 0900
  go_to(*card, "5030/4104");
  BOOST_TEST(say(*card, "80A40000035030FF") == "6700");
  BOOST_TEST(say(*card, "80A40400025030") == "6A86");
}

BOOST_AUTO_TEST_CASE(standard_pkcs15_files_are_not_there) {
  const auto card = citizen_card();
  BOOST_TEST(say(*card, "80A40000023F00") == "9000");
  BOOST_TEST(say(*card, "80A40000025015") == "6A82");
  BOOST_TEST(say(*card, "80A40000025031") == "6A82");
  go_to(*card, "5030");
  BOOST_TEST(say(*card, "80A40000025031") == "6A82");
}

BOOST_AUTO_TEST_CASE(read_binary_gives_two_hundred_octets_at_most) {
  const auto card = citizen_card();
  BOOST_TEST(say(*card, "80B0000010") == "6986"); // no file
  go_to(*card, "5030/08F2");
  BOOST_TEST(data(*card, "80B00000C8").size() == 400U);
  BOOST_TEST(say(*card, "80B00000C9") == "6700");
  BOOST_TEST(say(*card, "80B0000000") == "6700");
  BOOST_TEST(say(*card, "80B00000") == "6700");
}

BOOST_AUTO_TEST_CASE(reading_ends_with_the_file) {
  const auto card = citizen_card();
  go_to(*card, "0900/0903");
  BOOST_TEST(say(*card, "80B0000E10").substr(4) == "6282"); // two octets, then the end
  BOOST_TEST(say(*card, "80B0001001") == "6B00");
  BOOST_TEST(say(*card, "80B0800001") == "6B00");
  BOOST_TEST(read_all(*card).size() == 32U);
}

BOOST_AUTO_TEST_CASE(a_card_that_reads_in_small_parts_answers_6987_to_more) {
  const auto card = changed("max_read", 16);
  go_to(*card, "5030/08F2");
  BOOST_TEST(say(*card, "80B00000C8") == "6987");
  BOOST_TEST(say(*card, "80B0000011") == "6987");
  BOOST_TEST(data(*card, "80B0000010").size() == 32U);
}

BOOST_AUTO_TEST_CASE(the_certificate_file_holds_certificates_one_after_another) {
  const auto card = citizen_card();
  go_to(*card, "5030/08F2");
  const auto content = read_all(*card);
  BOOST_TEST(content.size() == 2 * 0x1C00U);
  for (const std::size_t offset : {0x0000U, 0x0700U, 0x0E00U, 0x1500U})
    BOOST_TEST(content.substr(2 * offset, 4) == "3082", "offset " << offset);
}

BOOST_AUTO_TEST_CASE(public_keys_are_those_of_the_certificates) {
  const auto card = citizen_card();
  go_to(*card, "5030/0810");
  const std::map<int, std::size_t> certificate_of_key{{1, signature_offset}, {5, encryption_offset}};
  for (const auto& key : certificate_of_key) {
    const auto record = [&](int index) {
      const auto number = to_hex(Bytes{static_cast<std::uint8_t>(key.first + index)});
      const auto response = data(*card, "80B2" + number + "0081");
      BOOST_TEST(response.substr(0, 2) == number);
      return response.substr(2);
    };
    BOOST_TEST(record(0).substr(0, 8) == "00010001");
    const auto words = record(2) + record(3);
    std::string modulus;
    for (std::size_t at = words.size(); at != 0; at -= 8) modulus += words.substr(at - 8, 8);
    BOOST_TEST(modulus == to_hex(modulus_of(certificate_at(citizen_file(), key.second))));
  }
}

BOOST_AUTO_TEST_CASE(records_have_their_own_rules) {
  const auto card = citizen_card();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, "80B2010080") == "6700");
  BOOST_TEST(say(*card, "80B2010481") == "6A86");
  BOOST_TEST(say(*card, "80B2090081") == "6A83");
  BOOST_TEST(say(*card, "80B0000010") == "6981");
  go_to(*card, "5030/0811");
  BOOST_TEST(say(*card, "80B2010081") == "6982"); // private keys never come out
  go_to(*card, "5030/4104");
  BOOST_TEST(say(*card, "80B2010081") == "6981");
}

BOOST_AUTO_TEST_CASE(challenges_are_eight_octets_and_differ) {
  const auto card = citizen_card();
  const auto first = data(*card, "8084000008");
  BOOST_TEST(first.size() == 16U);
  BOOST_TEST(data(*card, "8084000008") != first);
  BOOST_TEST(say(*card, "8084000010") == "6700");
}

BOOST_AUTO_TEST_CASE(wrong_pins_count_down_to_the_lock) {
  const auto card = citizen_card();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, verify_command("000000")) == "63C2");
  BOOST_TEST(say(*card, verify_command("000001")) == "63C1");
  BOOST_TEST(say(*card, verify_command("000002")) == "63C0");
  BOOST_TEST(say(*card, verify_command(pin)) == "6983");
  BOOST_TEST(card->counters().verifies == 4U);
  BOOST_TEST(card->counters().failed_verifies == 3U);
  card->reset();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, verify_command(pin)) == "6983");
}

BOOST_AUTO_TEST_CASE(the_right_pin_gives_all_tries_back) {
  const auto card = citizen_card();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, verify_command("000000")) == "63C2");
  BOOST_TEST(say(*card, verify_command(pin)) == "9000");
  BOOST_TEST(say(*card, verify_command("000000")) == "63C2");
}

BOOST_AUTO_TEST_CASE(tries_outlive_a_reset) {
  const auto card = citizen_card();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, verify_command("000000")) == "63C2");
  card->reset();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, verify_command("000000")) == "63C1");
}

BOOST_AUTO_TEST_CASE(a_plain_or_empty_verify_burns_a_try) {
  const auto card = citizen_card();
  BOOST_TEST(say(*card, "8020000106323436383133") == "63C2"); // the right PIN
  BOOST_TEST(say(*card, "80200001") == "63C1");
  BOOST_TEST(say(*card, "8C200001") == "63C0");
  BOOST_TEST(say(*card, "80200001") == "6983");
  BOOST_TEST(card->counters().failed_verifies == 3U);
}

BOOST_AUTO_TEST_CASE(verify_needs_the_key_container_and_a_whole_block) {
  const auto card = citizen_card();
  BOOST_TEST(say(*card, verify_command(pin)) == "6985");
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, "8C20000110" + std::string(32, '0')) == "6700");
  auto other_reference = verify_command(pin);
  other_reference[7] = '2';
  BOOST_TEST(say(*card, other_reference) == "6A86");
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_block_of_the_other_key_set_is_6a88_and_costs_no_try) {
  const auto card = changed("key_set", 2);
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, verify_command(pin, 1)) == "6A88");
  BOOST_TEST(card->counters().verifies == 0U);
  BOOST_TEST(say(*card, verify_command(pin, 2)) == "9000");
}

BOOST_AUTO_TEST_CASE(a_wrong_mac_is_6988_and_costs_no_try) {
  const auto card = citizen_card();
  go_to(*card, "5030/0810");
  auto command = verify_command(pin);
  command.back() = command.back() == '0' ? '1' : '0';
  BOOST_TEST(say(*card, command) == "6988");
  BOOST_TEST(say(*card, verify_command("000000")) == "63C2");
}

BOOST_AUTO_TEST_CASE(a_signature_verifies_with_the_certificate) {
  const auto card = citizen_card();
  log_in(*card);
  const auto block = padded_block();
  BOOST_TEST(block.size() == 512U);
  const auto result = private_operation(*card, "01", block);
  BOOST_TEST(to_hex(raw_public(certificate_at(citizen_file(), signature_offset), *from_hex(result))) == block);
}

BOOST_AUTO_TEST_CASE(a_decryption_undoes_the_encryption) {
  const auto card = citizen_card();
  log_in(*card);
  const auto plain = "0002" + std::string(2 * 221, '3') + "00" + std::string(64, '9');
  const auto cipher = to_hex(raw_public(certificate_at(citizen_file(), encryption_offset), *from_hex(plain)));
  BOOST_TEST(private_operation(*card, "05", cipher) == plain);
}

BOOST_AUTO_TEST_CASE(without_a_login_no_key_is_used) {
  const auto card = citizen_card();
  const auto half = std::string(256, '0');
  const auto all_refused = [&] {
    BOOST_TEST(say(*card, "80EA820180" + half) == "6982");
    BOOST_TEST(say(*card, "80EA020180" + half) == "6982");
    BOOST_TEST(say(*card, "80C1008080") == "6982");
  };
  all_refused();
  go_to(*card, "5030/0810");
  all_refused();
}

BOOST_AUTO_TEST_CASE(a_reset_or_a_failed_verify_ends_the_login) {
  const auto card = citizen_card();
  const auto first_half = "80EA820180" + std::string(256, '0');
  log_in(*card);
  BOOST_TEST(say(*card, first_half) == "9000");
  card->reset();
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, first_half) == "6982");
  log_in(*card);
  BOOST_TEST(say(*card, verify_command("000000")) == "63C2");
  BOOST_TEST(say(*card, first_half) == "6982");
}

BOOST_AUTO_TEST_CASE(the_login_outlives_a_change_of_file) {
  const auto card = citizen_card();
  log_in(*card);
  go_to(*card, "5030/4104");
  BOOST_TEST(say(*card, "80EA820180" + std::string(256, '0')) == "6985"); // the key container is not selected
  go_to(*card, "5030/0810");
  BOOST_TEST(say(*card, "80EA820180" + std::string(256, '0')) == "9000");
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_private_operation_keep_their_order) {
  const auto card = citizen_card();
  log_in(*card);
  const auto block = padded_block();
  const auto first = "80EA820180" + block.substr(0, 256);
  const auto second = "80EA020180" + block.substr(256);
  BOOST_TEST(say(*card, second) == "6985");
  BOOST_TEST(say(*card, "80C1008080") == "6985");
  BOOST_TEST(say(*card, first) == "9000");
  BOOST_TEST(say(*card, "80C1008080") == "6985");
  BOOST_TEST(say(*card, second) == "6985"); // the chain was broken
  BOOST_TEST(say(*card, first) == "9000");
  BOOST_TEST(say(*card, "80EA020580" + block.substr(256)) == "6985"); // another key
  BOOST_TEST(say(*card, first) == "9000");
  BOOST_TEST(status(*card, "8084000008") == "9000");
  BOOST_TEST(say(*card, second) == "6985"); // another command came between
  BOOST_TEST(say(*card, first) == "9000");
  BOOST_TEST(status(*card, second) == "9000");
  BOOST_TEST(status(*card, "80C1008080") == "9000");
  BOOST_TEST(say(*card, "80C1008080") == "6985"); // given once
}

BOOST_AUTO_TEST_CASE(what_no_key_can_take_is_refused) {
  const auto card = citizen_card();
  log_in(*card);
  BOOST_TEST(say(*card, "80EA820980" + std::string(256, '0')) == "6A88");
  BOOST_TEST(say(*card, "80EA82017F" + std::string(254, '0')) == "6700");
  BOOST_TEST(say(*card, "80EA810180" + std::string(256, '0')) == "6A86");
  BOOST_TEST(say(*card, "80EA820180" + std::string(256, 'F')) == "9000");
  BOOST_TEST(say(*card, "80EA020180" + std::string(256, 'F')) == "6A80"); // not below the modulus
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
