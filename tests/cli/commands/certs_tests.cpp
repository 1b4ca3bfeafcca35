#include "tests/cli/fake_service.hpp"
#include "tests/cli/test_certificates.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

boost::json::object listed(const std::string& id, const std::string& role, const TestIdentity& identity, bool has_key) {
  return {{"id", id},
          {"label", "cert1"},
          {"role", role},
          {"der", to_base64(identity.der())},
          {"subject", "CN=測試甲"},
          {"issuer", "CN=Test\x1b Issuing CA"},
          {"serial_number", "03"},
          {"not_before", "2024-01-01T00:00:00Z"},
          {"not_after", "2030-01-01T00:00:00Z"},
          {"holder", role == "signature" ? "company" : "unknown"},
          {"key_bits", 2048},
          {"usage", {"digitalSignature", "nonRepudiation"}},
          {"has_key", has_key}};
}

void serve_certificates(FakeService& service) {
  const boost::json::object answer{
      {"reader", "Test Reader 00"},
      {"card", {{"kind", "hicos"}, {"tries_left", 2}}},
      {"certificates",
       {listed("SIGN", "signature", test_signer(), true), listed("CACert", "issuing_ca", test_issuer(), false)}}};
  service.on("certificates", boost::json::serialize(answer));
}

} // namespace

BOOST_AUTO_TEST_SUITE(certs_command)

BOOST_AUTO_TEST_CASE(certificates_are_listed_for_people) {
  FakeService service;
  serve_certificates(service);
  const auto outcome = service.run({"certs"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out == "SIGN  signature, key on the card\n"
                            "  subject     CN=測試甲\n"
                            "  holder      company\n"
                            "  issuer      CN=Test\\u{1B} Issuing CA\n"
                            "  serial      03\n"
                            "  valid       2024-01-01T00:00:00Z – 2030-01-01T00:00:00Z\n"
                            "  key         RSA 2048\n"
                            "  usage       digitalSignature, nonRepudiation\n"
                            "CACert  issuing authority\n"
                            "  subject     CN=測試甲\n"
                            "  issuer      CN=Test\\u{1B} Issuing CA\n"
                            "  serial      03\n"
                            "  valid       2024-01-01T00:00:00Z – 2030-01-01T00:00:00Z\n"
                            "  key         RSA 2048\n"
                            "  usage       digitalSignature, nonRepudiation\n"
                            "PIN: 2 attempts left\n");
}

BOOST_AUTO_TEST_CASE(pem_is_what_openssl_writes) {
  FakeService service;
  serve_certificates(service);
  BOOST_TEST(service.run({"certs", "--pem"}).out == test_signer().pem() + test_issuer().pem());
}

BOOST_AUTO_TEST_CASE(certificates_go_to_files_that_are_not_overwritten_unasked) {
  FakeService service;
  serve_certificates(service);
  const PrivateFolder folder;
  const auto outcome = service.run({"certs", "--out", folder.path().string()});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out ==
             (folder.path() / "SIGN.pem").string() + "\n" + (folder.path() / "CACert.pem").string() + "\n");
  BOOST_TEST(content_of(folder.path() / "SIGN.pem") == test_signer().pem());
  BOOST_TEST(content_of(folder.path() / "CACert.pem") == test_issuer().pem());

  const auto again = service.run({"certs", "--out", folder.path().string()});
  BOOST_TEST(again.exit_code == 1);
  BOOST_TEST(again.err.find("--force") != std::string::npos);
  BOOST_TEST(service.run({"certs", "--out", folder.path().string(), "--force"}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(an_id_cannot_choose_another_folder) {
  FakeService service;
  const boost::json::object answer{{"reader", "R"},
                                   {"card", nullptr},
                                   {"certificates",
                                    {listed("../escape", "signature", test_signer(), true),
                                     listed("../escape", "encryption", test_issuer(), true)}}};
  service.on("certificates", boost::json::serialize(answer));
  const PrivateFolder folder;
  BOOST_TEST(service.run({"certs", "--out", folder.path().string()}).exit_code == 0);
  BOOST_TEST(content_of(folder.path() / "___escape.pem") == test_signer().pem());
  BOOST_TEST(content_of(folder.path() / "___escape-2.pem") == test_issuer().pem());
}

BOOST_AUTO_TEST_CASE(certificates_in_json_are_the_answer_of_the_service) {
  FakeService service;
  serve_certificates(service);
  const auto json = json_of(service.run({"certs", "--json", "--reader", "Test Reader 00"}).out);
  BOOST_TEST(json.at("certificates").as_array().size() == 2u);
  BOOST_TEST(json.at("certificates").at(0).at("der").as_string() == to_base64(test_signer().der()));
  BOOST_TEST(service.request("certificates").params.at("reader").as_string() == "Test Reader 00");
}

BOOST_AUTO_TEST_SUITE_END()
