#include "portal/nhi/insurer_signature.hpp"

#include "tests/portal/test_insurer.hpp"
#include "tests/portal/verification/refusal_check.hpp"

#include <boost/json/parse.hpp>
#include <fstream>

namespace twcard::portal::test {

namespace {

struct Fixture {
  TemporaryFolder folder;
  TestInsurer insurer;
  InsurerKey key{insurer.write_to(folder)};
  boost::json::object proof = insurer.proof("900000000001", "0001abcdefghijklmnop");
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(insurer_signature, Fixture)

BOOST_AUTO_TEST_CASE(what_is_signed_belongs_to_origin_and_challenge) {
  // printf %s ORIGIN | sha256sum and so on, with openssl and basenc --base64url.
  const std::string challenge = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  BOOST_TEST(bound_challenge("https://page.test:8443", challenge) == "0001oUX2owIY60SH_ty7");
  BOOST_TEST(bound_challenge("https://page.test:8444", challenge) != "0001oUX2owIY60SH_ty7");
}

BOOST_AUTO_TEST_CASE(the_insurers_signature_is_accepted_and_any_change_is_not) {
  key.verify(parse_nhi_proof(proof));
  const auto changed = [&](const char* member, std::size_t at, char to) {
    auto other = proof;
    other.at(member).as_string()[at] = to;
    check_refused(Reason::SignatureInvalid, [&] { key.verify(parse_nhi_proof(other)); });
  };
  changed("cardNumber", 11, '2');
  changed("signed", 0, '1');
  changed("signed", 19, 'P');
  auto& first = proof.at("signature").as_string()[0];
  changed("signature", 0, first == '0' ? '1' : '0');
  changed("signature", 255, 'x');
}

BOOST_AUTO_TEST_CASE(another_insurers_signature_is_refused) {
  const auto other = TestInsurer().proof("900000000001", "0001abcdefghijklmnop");
  check_refused(Reason::SignatureInvalid, [&] { key.verify(parse_nhi_proof(other)); });
}

BOOST_AUTO_TEST_CASE(an_invalid_proof_is_malformed) {
  check_refused(Reason::ProofMalformed, [] { (void)parse_nhi_proof(nullptr); });
  check_refused(Reason::ProofMalformed, [] { (void)parse_nhi_proof(boost::json::array()); });
  for (const char* member : {"cardNumber", "signed", "signature"}) {
    for (const boost::json::value& wrong : {boost::json::value(), boost::json::value(7), boost::json::value(""),
                                            boost::json::value(std::string(300, '1'))}) {
      auto other = proof;
      other[member] = wrong;
      check_refused(Reason::ProofMalformed, [&] { (void)parse_nhi_proof(other); });
    }
    auto shorter = proof;
    shorter.erase(member);
    check_refused(Reason::ProofMalformed, [&] { (void)parse_nhi_proof(shorter); });
  }
  proof["cardNumber"] = "90000000000A";
  check_refused(Reason::ProofMalformed, [&] { (void)parse_nhi_proof(proof); });
}

BOOST_AUTO_TEST_CASE(a_file_without_a_key_is_refused) {
  BOOST_CHECK_THROW(InsurerKey{folder.file("nowhere")}, std::runtime_error);
  std::ofstream(folder.file("text")) << "no key";
  BOOST_CHECK_THROW(InsurerKey{folder.file("text")}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
