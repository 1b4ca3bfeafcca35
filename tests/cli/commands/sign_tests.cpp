#include "tests/cli/fake_service.hpp"
#include "tests/cli/test_certificates.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

using namespace twcard;
using namespace twcard::cli::testing;

namespace {

const TestIdentity& encryption_identity() {
  static const TestIdentity identity({"測試甲", "critical,keyEncipherment"}, &test_issuer());
  return identity;
}

const TestIdentity& second_identity() {
  static const TestIdentity identity({"測試甲"}, &test_issuer());
  return identity;
}

// A card whose SIGN key signs what it is given; the service takes the `usual` one where none is named.
void serve_card(FakeService& service, std::string_view usual = "SIGN") {
  const auto listed = [usual](const char* id, const char* role, const TestIdentity& identity, boost::json::array uses) {
    boost::json::array default_for;
    if (id == usual) default_for = uses;
    return boost::json::object{{"id", id},
                               {"role", role},
                               {"der", to_base64(identity.der())},
                               {"has_key", !uses.empty()},
                               {"uses", uses},
                               {"default_for", default_for}};
  };
  service.on("certificates", [listed](const SeenRequest&) {
    return rpc::Reply{{{"reader", "Test Reader 00"},
                       {"certificates",
                        {listed("ROOTCACert", "root_ca", test_root(), {}),
                         listed("KEYX", "encryption", encryption_identity(), {"decrypt"}),
                         listed("SIGN", "signature", test_signer(), {"login", "sign"}),
                         listed("SIGN2", "signature", second_identity(), {"sign"})}}},
                      {}};
  });
  service.on("sign", [](const SeenRequest& request) {
    const std::string name(request.params.at("hash_function").as_string());
    const bool sha256 = name == "SHA-256";
    const auto signature = test_signer().sign_hash(request.blob, sha256 ? "SHA256" : "SHA512");
    return rpc::Reply{{{"algorithm", sha256 ? "RS256" : "RS512"}}, SecureBytes::copy_of(signature)};
  });
}

} // namespace

BOOST_AUTO_TEST_SUITE(sign_command)

BOOST_AUTO_TEST_CASE(a_detached_signature_of_the_file_is_written_beside_it) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  const auto outcome = service.run({"sign", file.string()});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.out == file.string() + ".sig\n");
  BOOST_TEST(content_of(file.string() + ".sig") == test_signer().sign_message("invented words"));
}

BOOST_AUTO_TEST_CASE(the_certificate_is_the_one_that_the_service_would_take) {
  FakeService service;
  serve_card(service, "SIGN2");
  const PrivateFolder folder;
  static_cast<void>(service.run({"sign", folder.file("letter.txt", "invented words").string()}));
  BOOST_TEST(service.requests().back().params.at("certificate").as_string() == to_base64(second_identity().der()));
}

BOOST_AUTO_TEST_CASE(only_the_hash_goes_to_the_service_and_only_in_the_blob) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  BOOST_TEST(service.run({"sign", file.string()}).exit_code == 0);
  const auto request = service.request("sign");
  BOOST_TEST(to_hex(request.blob) == sha256_hex("invented words"));
  BOOST_TEST(request.params.size() == 3u);
  BOOST_TEST(request.params.at("reader").as_string() == "Test Reader 00");
  BOOST_TEST(request.params.at("hash_function").as_string() == "SHA-256");
  BOOST_TEST(request.params.at("certificate").as_string() == to_base64(test_signer().der()));
}

BOOST_AUTO_TEST_CASE(a_large_file_is_hashed_in_pieces) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  std::string content;
  for (int i = 0; i < 200'000; ++i) content += "twcard ";
  const auto file = folder.file("large", content);
  BOOST_TEST(service.run({"sign", file.string()}).exit_code == 0);
  BOOST_TEST(to_hex(service.request("sign").blob) == sha256_hex(content));
}

BOOST_AUTO_TEST_CASE(hash_output_file_and_json_can_be_chosen) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  const auto out = folder.path() / "elsewhere.bin";
  const auto outcome = service.run({"sign", file.string(), "--hash", "sha512", "--out", out.string(), "--json"});
  BOOST_TEST(outcome.exit_code == 0);
  BOOST_TEST(outcome.err.empty());
  const auto json = json_of(outcome.out);
  const auto expected = test_signer().sign_message("invented words", "SHA512");
  BOOST_TEST(content_of(out) == expected);
  BOOST_TEST(json.at("signature").as_string() == to_base64(as_bytes(expected)));
  BOOST_TEST(json.at("signature_file").as_string() == out.string());
  BOOST_TEST(json.at("algorithm").as_string() == "RS512");
  BOOST_TEST(json.at("hash_function").as_string() == "SHA-512");
  BOOST_TEST(json.at("certificate_id").as_string() == "SIGN");
}

BOOST_AUTO_TEST_CASE(the_certificate_is_chosen_by_id_or_by_file) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  const auto pem = folder.file("second.pem", second_identity().pem());
  for (const auto& name : {std::string("SIGN2"), pem.string()}) {
    BOOST_TEST(service.run({"sign", file.string(), "--force", "--certificate", name}).exit_code == 0);
    BOOST_TEST(service.request("sign").params.at("certificate").as_string() == to_base64(second_identity().der()));
  }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_cannot_sign_is_refused_before_the_person_is_asked) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  const auto pem = folder.file("keyx.pem", encryption_identity().pem());
  for (const std::string name : {"ROOTCACert", "KEYX", "unknown", pem.c_str()}) {
    const auto outcome = service.run({"sign", file.string(), "--certificate", name});
    BOOST_TEST(outcome.exit_code == 3); // a reason that the card gives, not the command line
    BOOST_TEST(outcome.err.find("it can sign with: SIGN, SIGN2") != std::string::npos);
  }
  for (const auto& request : service.requests()) BOOST_TEST(request.method != "sign");
}

BOOST_AUTO_TEST_CASE(what_cannot_work_is_refused_before_the_person_is_asked) {
  FakeService service;
  serve_card(service);
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  const auto there = folder.file("letter.txt.sig", "an older signature");
  BOOST_TEST(service.run({"sign", file.string()}).exit_code == 1);
  BOOST_TEST(service.run({"sign", file.string(), "--out", file.string(), "--force"}).exit_code == 2);
  BOOST_TEST(service.run({"sign", file.string(), "--out", (folder.path() / "none" / "x.sig").string()}).exit_code == 1);
  BOOST_TEST(service.run({"sign", (folder.path() / "absent").string()}).exit_code == 1);
  BOOST_TEST(service.run({"sign", file.string(), "--hash", "MD5", "--force"}).exit_code == 2);
  BOOST_TEST(service.requests().empty());
  BOOST_TEST(content_of(there) == "an older signature");
  BOOST_TEST(content_of(file) == "invented words");
}

BOOST_AUTO_TEST_CASE(a_failed_signature_leaves_no_file) {
  FakeService service;
  serve_card(service);
  service.fail("sign", Error(Errc::PinIncorrect, "", 2));
  const PrivateFolder folder;
  const auto file = folder.file("letter.txt", "invented words");
  const auto outcome = service.run({"sign", file.string()});
  BOOST_TEST(outcome.exit_code == 5);
  BOOST_TEST(outcome.err.find("2 attempts left") != std::string::npos);
  BOOST_TEST(!std::filesystem::exists(file.string() + ".sig"));
}

BOOST_AUTO_TEST_SUITE_END()
