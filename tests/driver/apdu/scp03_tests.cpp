// Recorded and calculated sessions of others, AES-128 in S8 mode. Each says where it is published.
#include "driver/apdu/scp03.hpp"

#include "tests/support/has_code.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::apdu {

using testing::has_code;

namespace {

Bytes octets(std::string_view hex) {
  return *from_hex(hex);
}
ScrubbedBytes key(std::string_view hex) {
  const auto bytes = octets(hex);
  return {bytes.begin(), bytes.end()};
}
std::string sent(const CommandApdu& command) {
  return to_hex(command.encode());
}

// The answer to INITIALIZE UPDATE: diversification data (10), key information (3), challenge (8), cryptogram (8), and
// a sequence counter (3) from cards with pseudo-random challenges.
struct Answer {
  explicit Answer(std::string_view hex) : all(octets(hex)) {}
  [[nodiscard]] ByteView challenge() const { return ByteView(all).subspan(13, 8); }
  [[nodiscard]] ByteView cryptogram() const { return ByteView(all).subspan(21, 8); }
  Bytes all;
};

// tests/unittests/test_globalplatform.py of pySim (github.com/osmocom/pysim): commands and answers of a card
// with i = 70.
Scp03Keys pysim_keys() {
  return {key("000102030405060708090A0B0C0D0E0F"), key("101112131415161718191A1B1C1D1E1F")};
}

CommandApdu plain(std::string_view hex) {
  return CommandApdu::decode(octets(hex));
}

constexpr const char* get_eid = "80E2910006BF3E035C015A00";
constexpr const char* case_1 = "80F22002";
constexpr const char* case_2 = "80CA006600";
constexpr const char* case_3 = "80F220020A4F0212345C054F9F70C5";
constexpr const char* case_4 = "80F28002024F0000";

// SCP03.py of asterix (github.com/suma12/asterix), class Test128: "designed from SCP03 crypto calculation by J.M.
// Valade".
Scp03Keys valade_keys() {
  return {key("404142434445464748494A4B4C4D4E4F"), key("401122334445566748494A4B4C4D4E4F")};
}

} // namespace

BOOST_AUTO_TEST_SUITE(scp03)

BOOST_AUTO_TEST_CASE(a_recorded_session_with_encryption_comes_out) {
  const auto host_challenge = octets("8E1552D0513C60F3");
  BOOST_TEST(sent(initialize_update(0x30, host_challenge)) == "80503000088E1552D0513C60F300");
  const Answer answer("0000000000000000000030037030760CD2C47C1DD395065FE5EAD8A9D7000001");
  Scp03Session session(pysim_keys(), host_challenge, answer.challenge());
  BOOST_TEST(session.authentic(answer.cryptogram()));
  BOOST_TEST(sent(session.external_authenticate(Scp03Level::MacAndEncryption)) ==
             "8482030010FD4721A14D9B07003C451D2F8AE6BB21");
  BOOST_TEST(sent(session.wrap(plain(get_eid))) == "84E2910018CA9C00F6713D79BC8BAA642BDFF51C3F6A4082D3BD9AD26C00");
  BOOST_TEST(sent(session.wrap(plain(case_1))) == "84F2200208C9811B11F1264CF1");
  BOOST_TEST(sent(session.wrap(plain(case_2))) == "84CA006608E10AB60B3054798800");
  BOOST_TEST(sent(session.wrap(plain(case_3))) == "84F22002184E2908BDB48B2315A55482E9E936CA122D6ECFAE7D17416E");
  BOOST_TEST(sent(session.wrap(plain(case_4))) == "84F28002180DD10A6B6193E5340B9E77D32D5A179CD710AC2773AEFB2800");
}

// github.com/martinpaljak/GlobalPlatformPro, scp03-auth-jcop4.dump: a JCOP 4 with its maker's published test keys.
BOOST_AUTO_TEST_CASE(a_recorded_session_with_macs_only_is_opened) {
  const Scp03Keys keys{key("404142434445464748494A4B4C4D4E4F"), key("404142434445464748494A4B4C4D4E4F")};
  const auto host_challenge = octets("0102030405060708");
  const Answer answer("00003244342976208448010370734ECDCA19E446A30BC253BCE97DB991000436");
  Scp03Session session(keys, host_challenge, answer.challenge());
  BOOST_TEST(session.authentic(answer.cryptogram()));
  BOOST_TEST(sent(session.external_authenticate(Scp03Level::Mac)) == "8482010010A5E66CD1A836E3A47CD3B3F7B689AE8F");
}

// github.com/Samsung/OpenSCP-Java, SmartCardScp03Aes128S8ModeEmulation.java. Its level 33 adds response protection,
// which the first command's MAC covers; what follows from the keys is the same.
BOOST_AUTO_TEST_CASE(the_cryptograms_of_another_recorded_session_come_out) {
  const Scp03Keys keys{key("1D72CD9283FD55162722C6BEAA4DC187"), key("F4932BA02FFC3098D172790099D28382")};
  const Answer answer("A1A012430585513120853003709CE033FA78E6B10DDC2DBE8974C8B0DE00082A");
  Scp03Session session(keys, octets("06F85B77251BF794"), answer.challenge());
  BOOST_TEST(session.authentic(answer.cryptogram()));
  BOOST_TEST(to_hex(ByteView(session.external_authenticate(Scp03Level::MacAndEncryption).data).first(8)) ==
             "B08D6CE26B6CB3CC");
}

BOOST_AUTO_TEST_CASE(a_calculated_session_comes_out) {
  const auto keys = valade_keys();
  const auto host_challenge = octets("0807060504030201");
  const Answer answer("000050C7606A8CF64800300370A3F5F144D19BE66E72BFCBDF4A14515F00002A");
  const auto context = octets("0807060504030201A3F5F144D19BE66E");
  // The card's challenge follows from its sequence counter and the security domain's AID.
  BOOST_TEST(to_hex(scp03_derive(keys.encryption, Scp03Derivation::CardChallenge,
                                 octets("00002AA000000018434D08090A0B0C000000"), 64)) == "A3F5F144D19BE66E");
  BOOST_TEST(to_hex(scp03_derive(keys.encryption, Scp03Derivation::EncryptionKey, context, 128)) ==
             "852D207B7CC8C880231EDFD5C644CFB1");
  BOOST_TEST(to_hex(scp03_derive(keys.mac, Scp03Derivation::MacKey, context, 128)) ==
             "7131B9369F3D19850E6919CD3321523E");

  Scp03Session session(keys, host_challenge, answer.challenge());
  BOOST_TEST(session.authentic(answer.cryptogram()));
  BOOST_TEST(sent(session.external_authenticate(Scp03Level::Mac)) == "8482010010AEB8DAD1865B85E249FC4CF184E61DCD");
}

BOOST_AUTO_TEST_CASE(the_data_of_a_calculated_command_are_encrypted) {
  Scp03Session session(valade_keys(), octets("0807060504030201"), octets("A3F5F144D19BE66E"));
  static_cast<void>(session.external_authenticate(Scp03Level::MacAndEncryption));
  const auto wrapped = session.wrap(plain("80E60200150A45786572636973655236000006EF04C602068200"));
  BOOST_TEST(to_hex(ByteView(wrapped.data).first(32)) ==
             "DF31907FC027482D5DCB7DC028245F7C108CA4D2AFF12275079768E1EFE9429E");
}

BOOST_AUTO_TEST_CASE(a_card_with_other_keys_is_not_authentic) {
  const auto host_challenge = octets("0807060504030201");
  const auto card_challenge = octets("A3F5F144D19BE66E");
  const Scp03Session session(valade_keys(), host_challenge, card_challenge);
  BOOST_TEST(session.authentic(octets("72BFCBDF4A14515F")));
  for (const auto* cryptogram : {"72BFCBDF4A14515E", "F2BFCBDF4A14515F", "72BFCBDF4A1451", "72BFCBDF4A14515F00", ""})
    BOOST_TEST(!session.authentic(octets(cryptogram)));
  BOOST_TEST(!Scp03Session(pysim_keys(), host_challenge, card_challenge).authentic(octets("72BFCBDF4A14515F")));
}

BOOST_AUTO_TEST_CASE(the_class_keeps_its_other_bits) {
  Scp03Session session(valade_keys(), octets("0807060504030201"), octets("A3F5F144D19BE66E"));
  BOOST_TEST(session.wrap({0x00, 0x20, 0x00, 0x01, ScrubbedBytes(10), std::nullopt}).cla == 0x04);
  BOOST_TEST(session.wrap({0x80, 0xEA, 0x82, 0x01, ScrubbedBytes(10), std::nullopt}).cla == 0x84);
}

BOOST_AUTO_TEST_CASE(the_same_command_is_never_wrapped_the_same_way_twice) {
  for (const auto level : {Scp03Level::Mac, Scp03Level::MacAndEncryption}) {
    Scp03Session session(valade_keys(), octets("0807060504030201"), octets("A3F5F144D19BE66E"));
    static_cast<void>(session.external_authenticate(level));
    const auto first = sent(session.wrap(plain(case_3)));
    BOOST_TEST(first != sent(session.wrap(plain(case_3))));
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_into_a_protected_command_is_refused_and_does_not_count) {
  const auto of = [](std::size_t size) {
    return CommandApdu{0x80, 0xEA, 0x82, 0x01, ScrubbedBytes(size), std::nullopt};
  };
  for (const auto& [level, most] : {std::pair(Scp03Level::Mac, 247U), std::pair(Scp03Level::MacAndEncryption, 239U)}) {
    Scp03Session session(valade_keys(), octets("0807060504030201"), octets("A3F5F144D19BE66E"));
    Scp03Session other(valade_keys(), octets("0807060504030201"), octets("A3F5F144D19BE66E"));
    static_cast<void>(session.external_authenticate(level));
    static_cast<void>(other.external_authenticate(level));
    BOOST_CHECK_EXCEPTION(static_cast<void>(session.wrap(of(most + 1))), Error, has_code(Errc::BadRequest));
    BOOST_TEST(sent(session.wrap(of(most))) == sent(other.wrap(of(most))));
  }
}

BOOST_AUTO_TEST_CASE(challenges_have_eight_octets) {
  for (const std::size_t size : {0U, 7U, 9U, 16U}) {
    BOOST_CHECK_EXCEPTION(Scp03Session(valade_keys(), Bytes(size), Bytes(8)), Error, has_code(Errc::BadRequest));
    BOOST_CHECK_EXCEPTION(Scp03Session(valade_keys(), Bytes(8), Bytes(size)), Error, has_code(Errc::BadRequest));
    BOOST_CHECK_EXCEPTION(static_cast<void>(initialize_update(1, Bytes(size))), Error, has_code(Errc::BadRequest));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::apdu
