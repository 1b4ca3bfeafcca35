// The facts of docs/cards/citizen.md, "Generation 2", and the choices of docs/simulator.md where that is silent.
// The host's side of the secure channel is driver/apdu/scp03.hpp, which has published sessions for its tests.
#include "driver/apdu/scp03.hpp"
#include "tests/simulator/cards.hpp"
#include "tests/simulator/issuing/x509.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>

namespace twcard::simulator::tests {

namespace {

const std::string select_applet = "00A4040C10A000000283000006220169640001010100";
constexpr const char* host_challenge = "0102030405060708";
constexpr std::size_t signature_offset = 0x1500;

const boost::json::object& gpki_file() {
  static const auto file = [] {
    CardOptions options;
    options.authority_generation = 2;
    return personalise("gpki", somebody(), options);
  }();
  return file;
}

apdu::Scp03Keys keys() {
  const auto key = [](const char* member) {
    const auto octets = *from_hex(gpki_file().at(member).as_string().c_str());
    return ScrubbedBytes(octets.begin(), octets.end());
  };
  return {key("channel_encryption_key"), key("channel_mac_key")};
}

std::string hex(const apdu::CommandApdu& command) {
  return to_hex(command.encode());
}

apdu::CommandApdu plain(const std::string& command) {
  return apdu::CommandApdu::decode(*from_hex(command));
}

std::string pin_field(std::string_view digits) {
  auto field = to_bytes(as_bytes(digits));
  field.resize(10, 0xFF);
  return to_hex(field);
}

const std::string right_verify = "002000010A" + pin_field(pin);
const std::string wrong_verify = "002000010A" + pin_field("999999");

// A card with its applet selected, and the host's end of a channel.
struct Fixture {
  std::shared_ptr<SimulatedCard> card = card_from_json(gpki_file());
  std::optional<apdu::Scp03Session> session;

  Fixture() { BOOST_TEST(say(*card, select_applet) == "9000"); }

  void update() {
    const auto answer = *from_hex(data(*card, std::string("8050010008") + host_challenge + "00"));
    BOOST_TEST(answer.size() == 29U);
    session.emplace(keys(), *from_hex(host_challenge), ByteView(answer).subspan(13, 8));
    BOOST_TEST(session->authentic(ByteView(answer).subspan(21, 8)));
  }
  void open(apdu::Scp03Level level = apdu::Scp03Level::MacAndEncryption) {
    update();
    BOOST_TEST(say(*card, hex(session->external_authenticate(level))) == "9000");
  }
  std::string secure(const std::string& command) { return say(*card, hex(session->wrap(plain(command)))); }
  void log_in() {
    BOOST_TEST(say(*card, select_applet) == "9000");
    open();
    BOOST_TEST(secure(right_verify) == "9000");
    BOOST_TEST(secure("00A4000402503000").ends_with("9000"));
    BOOST_TEST(secure("00A40004020810"
                      "00")
                   .ends_with("9000"));
  }
  std::uint64_t failed_verifies() const { return card->counters().failed_verifies; }
};

const std::string first_half = "80EA820180" + std::string(256, '1');
const std::string last_half = "80EA020180" + std::string(256, '2');

} // namespace

BOOST_FIXTURE_TEST_SUITE(gpki_applet, Fixture)

BOOST_AUTO_TEST_CASE(the_answer_to_reset_says_chtgpkij) {
  BOOST_TEST(to_hex(card->atr()) == "3BD8960081B1FE451F0743485447504B494ADD");
}

BOOST_AUTO_TEST_CASE(it_is_not_a_card_of_generation_1) {
  BOOST_TEST(say(*card, "80A40000023F00") == "6E00");
  BOOST_TEST(say(*card, "8C2000012000") == "6700");
  BOOST_TEST(say(*card, "8084000008") == "6E00");
  BOOST_TEST(say(*card, "00F2000000") == "6D00");
}

BOOST_AUTO_TEST_CASE(the_security_domains_tell_about_keys_and_card) {
  BOOST_TEST(data(*card, "00A404000FA000000283FF088692535389C0001400").starts_with("6F11840F"));
  BOOST_TEST(data(*card, "80CA00E000").substr(0, 16) == "E012C00401018810");
  BOOST_TEST(say(*card, "80CA004500") == "6A88");
  BOOST_TEST(say(*card, "00A4040007A000000151000000").ends_with("9000"));
  BOOST_TEST(data(*card, "80CA004500") == "450A" + std::string(gpki_file().at("card_id").as_string()));
  BOOST_TEST(say(*card, "80CA00E000") == "6A88");
  BOOST_TEST(say(*card, std::string("8050010008") + host_challenge + "00") == "6D00");
  BOOST_TEST(say(*card, "00A4000402503000") == "6D00");
  BOOST_TEST(say(*card, "00A4040005A00000015100") == "6A82");
}

BOOST_AUTO_TEST_CASE(files_are_read_without_a_channel) {
  BOOST_TEST(data(*card, "00A40004027FFF00").starts_with("62"));
  BOOST_TEST(say(*card, "00A40004023F0000") == "6A82");
  BOOST_TEST(say(*card, "00A400000250300000") == "6700");
  BOOST_TEST(say(*card, "00A4000002503000") == "6A86");
  BOOST_TEST(data(*card, "00A4000402503000") == "62088002000083025030");
  BOOST_TEST(say(*card, "00A40004024104") == "6700");
  BOOST_TEST(data(*card, "00A4000402410400") == "62088002020083024104");
  BOOST_TEST(data(*card, "00B0000010").substr(0, 2) == "30");
  // The path of an entry begins at the applet's root.
  BOOST_TEST(data(*card, "00B00000C8").find("7FFF503008F2") != std::string::npos);
  BOOST_TEST(data(*card, "0084000008").size() == 16U);
}

BOOST_AUTO_TEST_CASE(the_modulus_comes_in_two_halves) {
  BOOST_TEST(say(*card, "80B2010300") == "6986");
  for (const auto* file : {"00A40004027FFF00", "00A4000402503000", "00A4000402081000"})
    BOOST_TEST(say(*card, file).ends_with("9000"));
  const auto modulus = data(*card, "80B2010300") + data(*card, "80B2010400");
  const auto text = std::string(gpki_file().at("files").at("7FFF/5030/08F2").as_string());
  BOOST_TEST(modulus.size() == 512U);
  BOOST_TEST(text.find(modulus, 2 * signature_offset) != std::string::npos);
  BOOST_TEST(say(*card, "80B2020300") == "6A83");
  BOOST_TEST(say(*card, "80B2010200") == "6A86");
  BOOST_TEST(say(*card, "80B2010310") == "6700");
}

BOOST_AUTO_TEST_CASE(a_private_operation_needs_channel_pin_and_file) {
  log_in();
  BOOST_TEST(secure(first_half) == "9000");
  const auto part = secure(last_half);
  const auto rest = secure("80C1008080");
  BOOST_TEST(part.size() == 260U);
  BOOST_TEST(rest.size() == 260U);
  // One login, one operation.
  BOOST_TEST(secure(first_half) == "6982");
}

BOOST_AUTO_TEST_CASE(outside_of_a_channel_pin_and_keys_are_refused_and_no_try_is_lost) {
  for (const auto& command : {right_verify, wrong_verify, first_half, last_half, std::string("80C1008080")}) {
    BOOST_TEST(say(*card, command) == "6982");
    auto protected_command = plain(command);
    protected_command.cla = static_cast<std::uint8_t>(protected_command.cla | 0x04);
    BOOST_TEST(say(*card, hex(protected_command)) == "6985");
  }
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_wrong_mac_ends_the_session) {
  open();
  auto verify = session->wrap(plain(right_verify));
  verify.data.back() ^= 0x01;
  BOOST_TEST(say(*card, hex(verify)) == "6982");
  BOOST_TEST(secure(right_verify) == "6985");
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_changed_header_or_data_is_a_wrong_mac) {
  for (const std::size_t at : {1U, 2U, 3U, 5U, 20U}) {
    open();
    auto octets = to_bytes(session->wrap(plain("00A4000402503000")).encode());
    octets[at] ^= 0x01;
    BOOST_TEST(!say(*card, to_hex(octets)).ends_with("9000"));
    BOOST_TEST(secure(right_verify) == (at == 1 ? "6982" : "6985"));
  }
}

BOOST_AUTO_TEST_CASE(a_replayed_or_left_out_command_ends_the_session) {
  open();
  const auto command = hex(session->wrap(plain("00A4000402503000")));
  BOOST_TEST(say(*card, command).ends_with("9000"));
  BOOST_TEST(say(*card, command) == "6982");
  BOOST_TEST(secure(right_verify) == "6985");
  open();
  static_cast<void>(session->wrap(plain("00A4000402503000")));
  BOOST_TEST(secure(right_verify) == "6982");
}

// The chain of MACs is right, the counter of the encryption is not: a host that did not count a command without data.
BOOST_AUTO_TEST_CASE(a_wrong_counter_ends_the_session) {
  update();
  apdu::Scp03Session other = *session;
  BOOST_TEST(say(*card, hex(session->external_authenticate(apdu::Scp03Level::MacAndEncryption))) == "9000");
  static_cast<void>(other.external_authenticate(apdu::Scp03Level::MacAndEncryption));
  BOOST_TEST(secure("00B0000010") == "6986");
  // The same data as the second and as the first command differ in their ciphertext, and `other` makes the first.
  const auto first_of_other = other.wrap(plain(right_verify));
  const auto second = session->wrap(plain(right_verify));
  BOOST_TEST(to_hex(ByteView(first_of_other.data).first(16)) != to_hex(ByteView(second.data).first(16)));
  BOOST_TEST(say(*card, hex(first_of_other)) == "6982");
  BOOST_TEST(say(*card, hex(second)) == "6985");
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_pin_is_not_sent_at_a_level_without_encryption) {
  for (const auto& command : {right_verify, first_half, std::string("80C1008080")}) {
    open(apdu::Scp03Level::Mac);
    BOOST_TEST(secure("00A40004027FFF00").ends_with("9000"));
    BOOST_TEST(secure(command) == "6982");
    BOOST_TEST(secure("00A40004027FFF00") == "6985");
  }
  BOOST_TEST(card->counters().verifies == 0U);
}

BOOST_AUTO_TEST_CASE(a_level_that_there_is_not_opens_no_session) {
  for (const unsigned level : {0x02U, 0x11U, 0x13U, 0x33U, 0xFFU}) {
    update();
    auto authenticate = session->external_authenticate(apdu::Scp03Level::MacAndEncryption);
    authenticate.p1 = static_cast<std::uint8_t>(level);
    BOOST_TEST(say(*card, hex(authenticate)) == "6A86");
    BOOST_TEST(secure(right_verify) == "6985");
  }
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_authentic_opens_no_session) {
  BOOST_TEST(say(*card, "8482030010" + std::string(32, '0')) == "6985");
  update();
  auto authenticate = session->external_authenticate(apdu::Scp03Level::MacAndEncryption);
  authenticate.data.front() ^= 0x01; // covered by the MAC
  BOOST_TEST(say(*card, hex(authenticate)) == "6982");
  // Not again without a new challenge.
  authenticate.data.front() ^= 0x01;
  BOOST_TEST(say(*card, hex(authenticate)) == "6985");
  // Another encryption key alone changes nothing here; another MAC key does.
  update();
  apdu::Scp03Session other({ScrubbedBytes(16), ScrubbedBytes(16)}, Bytes(8), Bytes(8));
  BOOST_TEST(say(*card, hex(other.external_authenticate(apdu::Scp03Level::MacAndEncryption))) == "6982");
}

BOOST_AUTO_TEST_CASE(initialize_update_wants_a_known_key_and_a_challenge) {
  BOOST_TEST(say(*card, std::string("8050020008") + host_challenge + "00") == "6A88");
  BOOST_TEST(say(*card, std::string("8050010108") + host_challenge + "00") == "6A86");
  BOOST_TEST(say(*card, "80500100070102030405060700") == "6700");
  const auto one = data(*card, std::string("8050000008") + host_challenge + "00");
  const auto two = data(*card, std::string("8050010008") + host_challenge + "00");
  BOOST_TEST(one.substr(0, 26) == std::string(gpki_file().at("card_id").as_string()) + "010300");
  BOOST_TEST(one.substr(26, 16) != two.substr(26, 16));
}

BOOST_AUTO_TEST_CASE(a_plain_command_ends_the_session) {
  log_in();
  BOOST_TEST(say(*card, "00B0000010") == "6982");
  BOOST_TEST(secure(first_half) == "6985");
}

BOOST_AUTO_TEST_CASE(selection_of_an_application_a_new_session_and_a_reset_end_session_and_login) {
  log_in();
  BOOST_TEST(say(*card, select_applet) == "9000");
  BOOST_TEST(secure(first_half) == "6985");
  log_in();
  open();
  BOOST_TEST(secure("00A4000402503000") == "6A82"); // the directory is still selected
  BOOST_TEST(secure(first_half) == "6982");
  log_in();
  card->reset();
  BOOST_TEST(secure(first_half) == "6D00");
}

BOOST_AUTO_TEST_CASE(wrong_pins_are_counted_and_lock_the_card) {
  open();
  BOOST_TEST(secure(wrong_verify) == "63C2");
  BOOST_TEST(secure(right_verify) == "9000");
  BOOST_TEST(secure(wrong_verify) == "63C2");
  BOOST_TEST(secure(first_half) == "6982");
  BOOST_TEST(secure(wrong_verify) == "63C1");
  open();
  BOOST_TEST(secure(wrong_verify) == "63C0");
  BOOST_TEST(secure(right_verify) == "6983");
  BOOST_TEST(failed_verifies() == 4U);
}

BOOST_AUTO_TEST_CASE(a_verify_without_a_pin_costs_a_try_and_a_malformed_one_does_not) {
  open();
  BOOST_TEST(secure("00200001") == "63C2");
  BOOST_TEST(secure("0020000106" + to_hex(as_bytes(pin))) == "6700");
  BOOST_TEST(secure("002000020A" + pin_field(pin)) == "6A86");
  BOOST_TEST(failed_verifies() == 1U);
}

BOOST_AUTO_TEST_CASE(an_operation_out_of_order_is_refused) {
  log_in();
  BOOST_TEST(secure("80C1008080") == "6985");
  BOOST_TEST(secure(last_half) == "6985");
  BOOST_TEST(secure(first_half) == "9000");
  BOOST_TEST(secure("00B0000010") == "6981");
  BOOST_TEST(secure(last_half) == "6985");
  BOOST_TEST(secure("80EA824280" + std::string(256, '1')) == "6A88");
}

BOOST_AUTO_TEST_CASE(inside_a_session_a_card_takes_select_without_le_or_with_it_or_either) {
  const std::string without = "00A40004025030";
  const auto with = without + "00";
  const auto answers = [&](const char* habit) {
    auto file = gpki_file();
    if (habit != nullptr) file["habits"] = boost::json::array{habit};
    card = card_from_json(file);
    BOOST_TEST(say(*card, select_applet) == "9000");
    open();
    return secure(without) + " " + secure("00A40004027FFF00").substr(0, 2) + " " + secure(with).substr(0, 2);
  };
  BOOST_TEST(answers(nullptr) == "9000 62 62");
  BOOST_TEST(answers("select-without-le") == "9000 67 67");
  BOOST_TEST(answers("select-with-le") == "6700 62 62");
  // Outside there is always one.
  BOOST_TEST(say(*card, select_applet) == "9000");
  BOOST_TEST(say(*card, without) == "6700");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::simulator::tests
