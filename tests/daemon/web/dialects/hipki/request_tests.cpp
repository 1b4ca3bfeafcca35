#include "daemon/web/dialects/hipki/request.hpp"

#include "driver/base/error.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web::hipki {

namespace {

namespace json = boost::json;

Message message(const std::string& members) {
  auto parsed = Message::parse(members);
  BOOST_REQUIRE(parsed.has_value());
  return std::move(*parsed);
}

// The context of the BadRequest that the action throws.
template <typename Action>
std::string fault_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::BadRequest));
    return error.what();
  }
  return "none";
}

std::string sign_fault(const std::string& members) {
  return fault_of([&] { (void)message(members).sign_request(); });
}

std::string content(const std::string& members) {
  return std::string(as_text(message(members).sign_request().content));
}

} // namespace

BOOST_AUTO_TEST_SUITE(hipki_request)

BOOST_AUTO_TEST_CASE(a_request_as_pages_send_it_is_understood) {
  const auto request = message(R"({"func":"MakeSignature","tbs":"hello","tbsEncoding":"NONE","hashAlgorithm":"SHA384",
    "pin":"999999","signatureType":"PKCS7","withCardSN":"true","nonce":"00FF","withCert":"false","withKey":"false",
    "withSPKI":"false","withSigningTime":"true","checkValidity":"true","slotDescription":"Reader 00 00",
    "keyidb64":"U0lHTg==","unknown":"member"})");
  BOOST_TEST((request.function() == Function::MakeSignature));
  const auto sign = request.sign_request();
  BOOST_TEST((sign.type == SignatureType::Pkcs7));
  BOOST_TEST(as_text(sign.content) == "hello");
  BOOST_TEST(name_of(sign.hash_function) == "SHA-384");
  BOOST_TEST(to_hex(sign.nonce) == "00FF");
  BOOST_TEST(to_hex(message(R"({"tbs":"x","nonce":"123"})").sign_request().nonce) == "0123"); // digits of a number
  BOOST_TEST((sign.with_card_number && !sign.with_certificate && sign.with_signing_time && sign.check_validity));
  BOOST_TEST(request.reader().value() == "Reader 00 00");
  BOOST_TEST(request.key().value() == "SIGN");
}

BOOST_AUTO_TEST_CASE(the_functions_are_known_by_name) {
  const std::pair<const char*, Function> names[] = {{"GetUserCert", Function::UserCertificates},
                                                    {"CheckEnvir", Function::Environment},
                                                    {"MakeSignature", Function::MakeSignature},
                                                    {"DecryptData", Function::DecryptData}};
  for (const auto& [name, function] : names)
    BOOST_TEST((message(std::string(R"({"func":")") + name + "\"}").function() == function));
  BOOST_TEST(!message(R"({"func":"getusercert"})").function().has_value());
  BOOST_TEST(message(R"({"func":"unblockCard"})").function_name() == "unblockCard");
  BOOST_TEST(!message("{}").function().has_value());
}

// The values of a sign-in page that fills in what it needs and leaves the rest empty.
BOOST_AUTO_TEST_CASE(empty_members_are_taken_for_what_they_stand_for) {
  const auto given = message(R"({"func":"MakeSignature","signatureType":"PKCS7","tbs":"TBS","tbsEncoding":"",
    "hashAlgorithm":"SHA256","withCardSN":"","pin":"999999","nonce":"","withSCAP":"true","slotDescription":""})");
  const auto sign = given.sign_request();
  BOOST_TEST((sign.type == SignatureType::Pkcs7));
  BOOST_TEST(as_text(sign.content) == "TBS");
  BOOST_TEST(!sign.with_card_number);
  BOOST_TEST(sign.nonce.empty());
  BOOST_TEST(!given.reader().has_value());
}

BOOST_AUTO_TEST_CASE(a_tag_that_says_not_existed_and_an_empty_text_are_absent) {
  for (const std::string value : {"\"__NotExistedTag__\"", "\"\"", "null"}) {
    const auto given =
        message(R"({"tbs":"x","hashAlgorithm":)" + value + R"(,"nonce":)" + value + R"(,"withCert":)" + value +
                R"(,"slotDescription":)" + value + R"(,"keyidb64":)" + value + R"(,"pin":)" + value + "}");
    BOOST_TEST(name_of(given.sign_request().hash_function) == "SHA-256");
    BOOST_TEST(given.sign_request().nonce.empty());
    BOOST_TEST(given.sign_request().with_certificate);
    BOOST_TEST(!given.reader().has_value());
    BOOST_TEST(!given.key().has_value());
    BOOST_TEST(given.pin().empty());
  }
}

BOOST_AUTO_TEST_CASE(booleans_are_strings_and_may_be_booleans) {
  BOOST_TEST(message(R"({"tbs":"x","checkValidity":true})").sign_request().check_validity);
  BOOST_TEST(!message(R"({"tbs":"x","checkValidity":false})").sign_request().check_validity);
  BOOST_TEST(sign_fault(R"({"tbs":"x","checkValidity":"yes"})") == R"(checkValidity: "true" or "false")");
}

BOOST_AUTO_TEST_CASE(encoded_values_are_decoded_and_others_stay) {
  BOOST_TEST(content(R"({"tbs":"%E7%8E%8B%20a%2Bb"})") == "王 a+b");
  BOOST_TEST(content(R"({"tbs":"王 a+b"})") == "王 a+b");
  BOOST_TEST(content(R"({"tbs":"100%"})") == "100%");
  // Many pages put %2B for every + and leave the rest as it is.
  BOOST_TEST(content(R"({"tbs":"a%2Bb 100%"})") == "a+b 100%");
  BOOST_TEST(content(R"({"tbs":"5%zz%41"})") == "5%zzA");
  BOOST_TEST(as_text(message(R"({"pin":"12%2634%25"})").pin().view()) == "12&34%");
}

BOOST_AUTO_TEST_CASE(the_form_field_is_taken_encoded_and_as_it_is) {
  const auto tbs = [](std::string_view body) {
    const auto parsed = Message::parse_form(body);
    return parsed ? std::string(as_text(parsed->sign_request().content)) : "no message";
  };
  BOOST_TEST(tbs(R"(tbsPackage={"tbs":"a+b & c"})") == "a+b & c");
  BOOST_TEST(tbs("tbsPackage=%7B%22tbs%22%3A%22a%2Bb+%26+c%22%7D") == "a+b & c");
  BOOST_TEST(tbs("") == "no message");
  BOOST_TEST(tbs(R"({"tbs":"x"})") == "no message");
  BOOST_TEST(tbs("tbsPackage=%7") == "no message");
  BOOST_TEST(tbs("tbsPackage=[]") == "no message");
  BOOST_TEST(tbs("tbsPackage={") == "no message");
}

BOOST_AUTO_TEST_CASE(content_is_text_base64_or_a_digest_info) {
  BOOST_TEST(content(R"({"tbs":"aGVsbG8=","tbsEncoding":"base64"})") == "hello");
  BOOST_TEST(content(R"({"tbs":"aGVs\r\nbG8=\n","tbsEncoding":"base64"})") == "hello");
  BOOST_TEST(content(R"({"tbs":"aGVsbG8="})") == "aGVsbG8=");
  BOOST_TEST(content(R"({"tbs":"aGVsbG8=","signatureType":"RAW"})") == "hello");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  BOOST_TEST(sign_fault("{}") == "tbs: nothing to sign");
  BOOST_TEST(sign_fault(R"({"tbs":7})") == "tbs: text is expected");
  BOOST_TEST(sign_fault(R"({"tbs":"-","tbsEncoding":"base64"})") == "tbs: no base64");
  BOOST_TEST(sign_fault(R"({"tbs":"x","tbsEncoding":"hex"})") == "tbsEncoding: NONE or base64");
  BOOST_TEST(sign_fault(R"({"tbs":"x","hashAlgorithm":"MD5"})") == "hashAlgorithm: SHA1, SHA256, SHA384 or SHA512");
  BOOST_TEST(sign_fault(R"({"tbs":"x","signatureType":"XML"})") == "signatureType: PKCS1, PKCS7 or RAW");
  BOOST_TEST(sign_fault(R"({"tbs":"x","nonce":"0g"})") == "nonce: at most 256 octets in hexadecimal");
  const auto long_nonce = std::string(514, 'A');
  BOOST_TEST(sign_fault(R"({"tbs":"x","nonce":")" + long_nonce + "\"}") == "nonce: at most 256 octets in hexadecimal");
}

BOOST_AUTO_TEST_CASE(a_ciphertext_is_one_rsa_block_in_base64) {
  const auto request = message(R"({"cipher":"AAEC","plainEncoding":"base64"})").decrypt_request();
  BOOST_TEST(to_hex(request.cipher) == "000102");
  BOOST_TEST(request.plain_as_base64);
  const auto fault = [](const std::string& members) {
    return fault_of([&] { (void)message(members).decrypt_request(); });
  };
  for (const char* type : {"PKCS1", "RSA"})
    BOOST_TEST(fault(R"({"cipher":"AAEC","cipherType":")" + std::string(type) + "\"}") == "none");
  BOOST_TEST(fault("{}") == "cipher: missing");
  BOOST_TEST(fault(R"({"cipher":" "})") == "cipher: missing");
  BOOST_TEST(fault(R"({"cipher":"x"})") == "cipher: no base64");
  BOOST_TEST(fault(R"({"cipher":")" + to_base64(Bytes(513)) + "\"}") == "cipher: more than one RSA block");
  BOOST_TEST(fault(R"({"cipher":"AAEC","cipherType":"AES"})") == "cipherType: PKCS1 or RSA");
  BOOST_TEST(fault(R"({"cipher":"AAEC","plainEncoding":"hex"})") == "plainEncoding: NONE or base64");
}

BOOST_AUTO_TEST_CASE(hostile_json_is_not_a_message) {
  BOOST_TEST(!Message::parse("").has_value());
  BOOST_TEST(!Message::parse("[]").has_value());
  BOOST_TEST(!Message::parse("{\"a\":\"\xFF\"}").has_value());
  BOOST_TEST(!Message::parse(std::string(100'000, '[')).has_value());
  BOOST_TEST(!Message::parse("{\"a\":\"" + std::string(70'000, 'x') + "\"}").has_value());
}

BOOST_AUTO_TEST_CASE(a_key_is_known_by_its_id_in_both_forms) {
  BOOST_TEST(message(R"({"keyidb64":"S0VZWA=="})").key().value() == "KEYX");
  BOOST_TEST(message(R"({"keyidb64":"KEYX"})").key().value() == "KEYX");
  BOOST_TEST(message(R"({"keyidb64":"SIGN"})").key().value() == "SIGN");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web::hipki
