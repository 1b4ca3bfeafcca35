#include "tests/cli/child_program.hpp"
#include "tests/cli/fake_service.hpp"
#include "tests/cli/test_certificates.hpp"

#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

const std::string message = "an invented contract";

// A signed file, its certificate and its chain in a folder.
struct SignedFile {
  PrivateFolder folder;
  std::string file = folder.file("contract.txt", message).string();
  std::string signature = folder.file("contract.txt.sig", test_signer().sign_message(message)).string();
  std::string certificate = folder.file("signer.pem", test_signer().pem()).string();
  std::string issuer = folder.file("issuer.pem", test_issuer().pem()).string();
  std::string root = folder.file("root.pem", test_root().pem()).string();

  [[nodiscard]] Outcome verify(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"verify", file, "--signature", signature, "--certificate", certificate};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_twcard(arguments);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(verify_command)

BOOST_AUTO_TEST_CASE(a_good_signature_is_valid_and_its_unchecked_trust_is_said) {
  const SignedFile signed_file;
  const auto outcome = signed_file.verify();
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out.find("Signature    valid") == 0u);
  BOOST_TEST(outcome.out.find("CN=測試甲") != std::string::npos);
  BOOST_TEST(outcome.out.find("not checked; name the root certificate with --ca") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_chain_to_the_root_is_trusted) {
  const SignedFile signed_file;
  const auto outcome = signed_file.verify({"--ca", signed_file.root, "--issuer", signed_file.issuer, "--json"});
  BOOST_TEST(outcome.exit_code == 0);
  const auto json = json_of(outcome.out);
  BOOST_TEST(json.at("valid").as_bool());
  BOOST_TEST(json.at("signature_valid").as_bool());
  BOOST_TEST(json.at("trust").as_string() == "trusted");
}

BOOST_AUTO_TEST_CASE(a_file_may_hold_several_issuers_or_roots) {
  const SignedFile signed_file;
  const TestIdentity other_root({"Other Root", "critical,keyCertSign", true});
  const TestIdentity other_issuer({"Other Issuer", "critical,keyCertSign", true}, &other_root);
  const auto issuers = signed_file.folder.file("issuers.pem", other_issuer.pem() + test_issuer().pem()).string();
  const auto roots = signed_file.folder.file("roots.pem", other_root.pem() + test_root().pem()).string();
  BOOST_TEST(signed_file.verify({"--ca", roots, "--issuer", issuers}).exit_code == 0);
  BOOST_TEST(signed_file.verify({"--ca", signed_file.root, "--issuer", issuers}).exit_code == 0);
  // One that cannot be read is said, and not passed over.
  auto damaged = test_issuer().pem();
  damaged[damaged.size() / 2] = '!';
  const auto bad = signed_file.folder.file("damaged.pem", test_issuer().pem() + damaged).string();
  BOOST_TEST(signed_file.verify({"--ca", signed_file.root, "--issuer", bad}).exit_code == 1);
}

BOOST_AUTO_TEST_CASE(a_certificate_in_der_also_works) {
  const SignedFile signed_file;
  const auto der = test_signer().der();
  const auto file = signed_file.folder.file("signer.der", std::string(as_text(der)));
  BOOST_TEST(
      run_twcard({"verify", signed_file.file, "--signature", signed_file.signature, "--certificate", file.string()})
          .exit_code == 0);
}

BOOST_AUTO_TEST_CASE(an_altered_file_does_not_verify) {
  const SignedFile signed_file;
  signed_file.folder.file("contract.txt", message + ".");
  const auto outcome = signed_file.verify();
  BOOST_TEST(outcome.exit_code == 7);
  BOOST_TEST(outcome.out.find("NOT VALID") != std::string::npos);
  const auto json = json_of(signed_file.verify({"--json"}).out);
  BOOST_TEST(!json.at("valid").as_bool());
  BOOST_TEST(!json.at("signature_valid").as_bool());
}

BOOST_AUTO_TEST_CASE(an_altered_cut_or_empty_signature_does_not_verify) {
  const SignedFile signed_file;
  auto signature = test_signer().sign_message(message);
  signature[17] = static_cast<char>(signature[17] ^ 1);
  for (const auto& content : {signature, signature.substr(1), signature + "x", std::string()}) {
    signed_file.folder.file("contract.txt.sig", content);
    BOOST_TEST(signed_file.verify().exit_code == 7);
  }
}

BOOST_AUTO_TEST_CASE(another_certificate_does_not_verify) {
  const SignedFile signed_file;
  const TestIdentity other({"測試丙"}, &test_issuer());
  signed_file.folder.file("signer.pem", other.pem());
  BOOST_TEST(signed_file.verify().exit_code == 7);
}

BOOST_AUTO_TEST_CASE(another_hash_function_does_not_verify) {
  const SignedFile signed_file;
  BOOST_TEST(signed_file.verify({"--hash", "SHA-384"}).exit_code == 7);
  signed_file.folder.file("contract.txt.sig", test_signer().sign_message(message, "SHA384"));
  BOOST_TEST(signed_file.verify({"--hash", "SHA-384"}).exit_code == 0);
}

BOOST_AUTO_TEST_CASE(an_untrusted_root_is_refused) {
  const SignedFile signed_file;
  const TestIdentity other({"Other Root", "critical,keyCertSign", true});
  const auto root = signed_file.folder.file("other.pem", other.pem()).string();
  const auto outcome = signed_file.verify({"--ca", root, "--issuer", signed_file.issuer, "--json"});
  BOOST_TEST(outcome.exit_code == 7);
  const auto json = json_of(outcome.out);
  BOOST_TEST(json.at("signature_valid").as_bool());
  BOOST_TEST(json.at("trust").as_string() == "untrusted");
  BOOST_TEST(!json.at("trust_fault").as_string().empty());
}

BOOST_AUTO_TEST_CASE(a_missing_issuer_is_untrusted) {
  const SignedFile signed_file;
  const auto outcome = signed_file.verify({"--ca", signed_file.root});
  BOOST_TEST(outcome.exit_code == 7);
  BOOST_TEST(outcome.out.find("NOT TRUSTED") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_is_untrusted) {
  const SignedFile signed_file;
  const TestIdentity expired({"測試丁", "critical,digitalSignature", false, 0}, &test_issuer());
  signed_file.folder.file("signer.pem", expired.pem());
  signed_file.folder.file("contract.txt.sig", expired.sign_message(message));
  BOOST_TEST(signed_file.verify().exit_code == 0);
  const auto outcome = signed_file.verify({"--ca", signed_file.root, "--issuer", signed_file.issuer});
  BOOST_TEST(outcome.exit_code == 7);
  BOOST_TEST(outcome.out.find("expired") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_encryption_certificate_cannot_have_signed) {
  const SignedFile signed_file;
  const TestIdentity encryption({"測試甲", "critical,keyEncipherment"}, &test_issuer());
  signed_file.folder.file("signer.pem", encryption.pem());
  signed_file.folder.file("contract.txt.sig", encryption.sign_message(message));
  const auto outcome = signed_file.verify();
  BOOST_TEST(outcome.exit_code == 7);
  BOOST_TEST(outcome.out.find("not for signatures") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(files_that_are_missing_or_no_certificates_are_failures_not_verdicts) {
  const SignedFile signed_file;
  BOOST_TEST(run_twcard({"verify", signed_file.file, "--signature", signed_file.signature}).exit_code == 2);
  BOOST_TEST(run_twcard({"verify", signed_file.file, "--certificate", signed_file.certificate}).exit_code == 2);
  BOOST_TEST(signed_file.verify({"--issuer", signed_file.issuer}).exit_code == 2);
  BOOST_TEST(
      run_twcard({"verify", "absent", "--signature", signed_file.signature, "--certificate", signed_file.certificate})
          .exit_code == 1);
  const auto outcome = run_twcard(
      {"verify", signed_file.file, "--signature", signed_file.signature, "--certificate", signed_file.file, "--json"});
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(json_of(outcome.out).at("error").at("code").as_string() == "file_error");
}

BOOST_AUTO_TEST_SUITE_END()
