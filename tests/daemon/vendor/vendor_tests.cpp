// twcard-vendor with SoftHSM's library and with one that misbehaves. With OpenSC's, behind the real pcscd:
// tests/system.
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "tests/daemon/vendor/program.hpp"
#include "tests/daemon/vendor/software_token.hpp"
#include "tests/driver/card/certificate/encryption.hpp"
#include "tests/support/has_code.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>

namespace twcard::vendor {

using testing::has_code;

namespace {

const Bytes hash(32, 0x5A);

SoftwareToken& token() {
  static SoftwareToken made;
  return made;
}

Program softhsm() {
  return Program(token().folder(), {{"SoftHSM", SoftwareToken::library()}}, token().environment());
}

boost::json::object params(const char* library = "SoftHSM") {
  return {{"library", library}, {"reader", "no such reader"}};
}

boost::json::object with_certificate() {
  auto all = params();
  all["certificate"] = to_base64(token().certificate());
  return all;
}

SecureBytes blob(std::string_view pin, ByteView data = {}) {
  Bytes octets{static_cast<std::uint8_t>(pin.size())};
  octets.insert(octets.end(), pin.begin(), pin.end());
  octets.insert(octets.end(), data.begin(), data.end());
  return SecureBytes::copy_of(octets);
}

Bytes digest_info() {
  const auto block = card::signature_block(card::HashFunction::Sha256, hash, 256);
  return to_bytes(*card::inside_signature_padding(block));
}

} // namespace

BOOST_AUTO_TEST_SUITE(vendor)

BOOST_AUTO_TEST_CASE(a_token_is_described_with_its_certificates) {
  const auto program = softhsm();
  auto client = program.connect();
  const auto described = client.call("vendor.token", params()).result;
  BOOST_TEST(described.at("label").as_string() == token_label);
  BOOST_TEST(described.at("min_pin").to_number<int>() == 4);
  const auto& certificates = described.at("certificates").as_array();
  BOOST_REQUIRE(certificates.size() == 1U);
  BOOST_TEST(certificates[0].at("id").as_string() == to_base64(Bytes{0x45, 0x01}));
  BOOST_TEST(certificates[0].at("der").as_string() == to_base64(token().certificate()));
}

BOOST_AUTO_TEST_CASE(a_signature_verifies_by_the_tokens_certificate) {
  const auto program = softhsm();
  auto client = program.connect();
  const auto reply = client.call("vendor.sign", with_certificate(), blob(token_pin, digest_info()));
  BOOST_TEST(card::verifies(token().certificate(), card::HashFunction::Sha256, hash, reply.blob.view()));
}

BOOST_AUTO_TEST_CASE(a_message_for_the_tokens_certificate_is_decrypted) {
  const auto program = softhsm();
  auto client = program.connect();
  const auto block = twcard::testing::encrypted_for(token().certificate(), "a message");
  const auto reply = client.call("vendor.decrypt", with_certificate(), blob(token_pin, block));
  BOOST_TEST((as_text(reply.blob.view()) == "a message"));
  const auto other = client.call("vendor.decrypt", with_certificate(),
                                 blob(token_pin, twcard::testing::encrypted_for(token().certificate(), "")));
  BOOST_TEST(other.blob.empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_is_said_and_the_right_one_works_after_it) {
  const auto program = softhsm();
  auto client = program.connect();
  BOOST_CHECK_EXCEPTION(client.call("vendor.check_pin", params(), blob("000000")), Error, has_code(Errc::PinIncorrect));
  BOOST_CHECK_EXCEPTION(client.call("vendor.sign", with_certificate(), blob("000000", digest_info())), Error,
                        has_code(Errc::PinIncorrect));
  client.call("vendor.check_pin", params(), blob(token_pin));
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_refused_before_a_library_is_loaded) {
  const Program program(token().folder(), {{"Broken", TWCARD_BROKEN_LIBRARY}}, {{"BROKEN_LIBRARY", "crash"}});
  auto client = program.connect();
  const auto refused = [&client](const char* method, boost::json::object with, SecureBytes data) {
    BOOST_CHECK_EXCEPTION(client.call(method, std::move(with), std::move(data)), Error, has_code(Errc::BadRequest));
  };
  refused("vendor.token", params("another"), {});
  refused("vendor.everything", params("Broken"), {});
  refused("vendor.check_pin", params("Broken"), {});
  refused("vendor.check_pin", params("Broken"), SecureBytes::copy_of(Bytes{6, '2', '4'}));
  refused("vendor.check_pin", params("Broken"), SecureBytes::copy_of(Bytes(100, 65)));
  auto with_all = with_certificate();
  with_all["library"] = "Broken";
  refused("vendor.sign", with_all, blob(token_pin));
  refused("vendor.sign", with_all, blob(token_pin, Bytes(129)));
  refused("vendor.decrypt", with_all, blob(token_pin));
  refused("vendor.decrypt", with_all, blob(token_pin, Bytes(1025)));
  refused("vendor.check_pin", params("Broken"), blob(token_pin, Bytes(1)));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_the_token_does_not_have_is_refused_before_the_login) {
  const auto program = softhsm();
  auto client = program.connect();
  auto other = params();
  other["certificate"] = to_base64(Bytes{0x30, 0x00});
  BOOST_CHECK_EXCEPTION(client.call("vendor.sign", other, blob("000000", digest_info())), Error,
                        has_code(Errc::BadRequest));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_a_library_is_an_error) {
  const Program program(token().folder(), {{"None", "/etc/passwd"}});
  auto client = program.connect();
  BOOST_CHECK_EXCEPTION(client.call("vendor.token", params("None")), Error, has_code(Errc::CardRefused));
}

BOOST_AUTO_TEST_CASE(a_library_that_never_returns_is_ended_by_the_alarm_clock) {
  Program program(token().folder(), {{"Broken", TWCARD_BROKEN_LIBRARY}}, {{"BROKEN_LIBRARY", "hang"}}, 1);
  auto client = program.connect();
  BOOST_CHECK_EXCEPTION(client.call("vendor.token", params("Broken")), Error, has_code(Errc::ServiceUnavailable));
  BOOST_TEST(program.ended_by() == SIGALRM);
}

BOOST_AUTO_TEST_CASE(a_library_that_crashes_takes_its_own_process_with_it) {
  Program program(token().folder(), {{"Broken", TWCARD_BROKEN_LIBRARY}}, {{"BROKEN_LIBRARY", "crash"}});
  auto client = program.connect();
  BOOST_CHECK_EXCEPTION(client.call("vendor.token", params("Broken")), Error, has_code(Errc::ServiceUnavailable));
  BOOST_TEST(program.ended_by() == SIGABRT);
}

BOOST_AUTO_TEST_CASE(a_library_that_lies_about_counts_and_sizes_is_not_believed) {
  const Program program(token().folder(), {{"Broken", TWCARD_BROKEN_LIBRARY}}, {{"BROKEN_LIBRARY", "lie"}});
  auto client = program.connect();
  auto of_reader = params("Broken");
  of_reader["reader"] = "reader";
  const auto described = client.call("vendor.token", of_reader).result;
  BOOST_TEST(described.at("label").as_string() == std::string(32, '?'));
  BOOST_TEST(described.at("max_pin").to_number<int>() == 64);
  BOOST_TEST(described.at("certificates").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::vendor
