#include "daemon/web/dialects/hipki/answers.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web::hipki {

namespace {

namespace json = boost::json;

json::object service_certificate(const std::string& id, const std::string& usage, bool has_key) {
  const bool signs = has_key && usage.find("digitalSignature") != std::string::npos;
  return {{"id", id},
          {"label", "cert1"},
          {"role", "signature"},
          {"der", "MIIC"},
          {"subject", "serialNumber=0000000112345678,CN=王小明,C=TW"},
          {"issuer", "OU=一個憑證管理中心,C=TW"},
          {"ordered_subject", "C=TW,CN=王小明,serialNumber=0000000112345678"},
          {"ordered_issuer", "C=TW,OU=一個憑證管理中心"},
          {"common_name", "王小明"},
          {"last_four", "6789"},
          {"public_key", "MIGJ"},
          {"serial_number", "0A0B"},
          {"not_before", "2024-01-02T03:04:05Z"},
          {"not_after", "2034-01-02T03:04:05Z"},
          {"holder", "citizen"},
          {"key_bits", 2048},
          {"usage", json::parse(usage)},
          {"has_key", has_key},
          {"default_for", signs ? json::array{"login", "sign"} : json::array()}};
}

json::object reader(const std::string& name, json::value token) {
  return {{"name", name}, {"token", std::move(token)}};
}

json::object card(const std::string& serial_number) {
  return {{"serial_number", serial_number},
          {"certificates", json::array{service_certificate("SIGN", R"(["digitalSignature"])", true),
                                       service_certificate("KEYX", R"(["keyEncipherment","dataEncipherment"])", true),
                                       service_certificate("CACert", R"(["keyCertSign","cRLSign"])", false)}}};
}

std::vector<Reader> readers(json::array list) {
  return readers_of({{"readers", std::move(list)}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(hipki_answers)

BOOST_AUTO_TEST_CASE(slots_are_listed_with_and_without_cards) {
  // Pages that look at the first one only find the card that fits.
  const auto answer =
      information_answer(readers({reader("Reader 00 01", nullptr), reader("Reader 00 00", card("1234567890123456")),
                                  reader("Reader 01 00", "unknown")}),
                         false, false);
  BOOST_TEST(answer ==
             R"({"func":"pkcs11info","ret_code":0,"last_error":0,"message":"SUCCESS","serverVersion":"9.0.0",)"
             R"("slots":[{"slotDescription":"Reader 00 00","token":{"serialNumber":"1234567890123456"}},)"
             R"({"slotDescription":"Reader 00 01","token":null},)"
             R"({"slotDescription":"Reader 01 00","token":"unknown token"}]})");
}

BOOST_AUTO_TEST_CASE(certificates_and_keys_have_the_members_that_pages_know) {
  const auto answer = json::parse(information_answer(readers({reader("Reader 00 00", card("12"))}), true, true));
  const auto& token = answer.at("slots").at(0).at("token");
  BOOST_TEST(token.at("certs").as_array().size() == 3U);
  const auto& first = token.at("certs").at(0);
  BOOST_TEST(first.at("certb64").as_string() == "MIIC");
  BOOST_TEST(first.at("label").as_string() == "cert1");
  BOOST_TEST(first.at("id").as_string() == "U0lHTg==");
  BOOST_TEST(first.at("usage").as_string() == "digitalSignature");
  BOOST_TEST(first.at("sn").as_string() == "0A0B");
  // Pages split it at "," and "=" and take what stands behind the last "=" for the holder's number.
  BOOST_TEST(first.at("subjectDN").as_string() == "C=TW,CN=王小明,serialNumber=0000000112345678");
  BOOST_TEST(first.at("subjectCN").as_string() == "王小明");
  BOOST_TEST(first.at("issuerDN").as_string() == "C=TW,OU=一個憑證管理中心");
  BOOST_TEST(first.at("subjectID").as_string() == "6789");
  BOOST_TEST(first.at("notBeforeT").as_int64() == 1'704'164'645);
  BOOST_TEST(first.at("notAfterT").as_int64() == 2'019'783'845);
  BOOST_TEST(token.at("certs").at(1).at("usage").as_string() == "keyEncipherment|dataEncipherment");
  BOOST_TEST(token.at("certs").at(2).at("usage").as_string() == "keyCertSign|cRLSign");
  BOOST_TEST(token.at("keys").as_array().size() == 2U);
  BOOST_TEST(token.at("keys").at(1).at("id").as_string() == "S0VZWA==");
  BOOST_TEST(token.at("keys").at(0).at("keyb64").as_string() == "MIGJ");
}

BOOST_AUTO_TEST_CASE(the_certificate_for_signatures_is_taken_unless_a_key_is_named) {
  const auto one = readers({reader("A", nullptr), reader("B", card("12"))});
  BOOST_TEST(signing_certificate(one, {}, {})->certificate.id == "SIGN");
  BOOST_TEST(signing_certificate(one, "B", "KEYX")->certificate.id == "KEYX");
  BOOST_TEST(!signing_certificate(one, {}, "CACert").has_value());
  BOOST_TEST(!signing_certificate(one, {}, "NONE").has_value());
}

BOOST_AUTO_TEST_CASE(of_several_cards_the_page_has_to_name_one) {
  const auto two = readers({reader("A", card("1")), reader("B", card("2")), reader("C", "unknown")});
  const auto code = [&](const std::optional<std::string>& name) {
    try {
      (void)signing_certificate(two, name, {});
    } catch (const Error& error) {
      return name_of(error.code());
    }
    return std::string_view("none");
  };
  BOOST_TEST(code({}) == "several_cards");
  BOOST_TEST(code("C") == "no_card");
  BOOST_TEST(code("D") == "no_card");
  BOOST_TEST(signing_certificate(two, "B", {})->reader.card->serial_number == "2");
}

BOOST_AUTO_TEST_CASE(an_answer_of_another_form_is_a_fault_of_the_service) {
  for (const auto* text : {"{}", R"({"readers":{}})", R"({"readers":[{"name":"A"}]})",
                           R"({"readers":[{"name":"A","token":{"serial_number":1}}]})"})
    BOOST_CHECK_THROW((void)readers_of(json::parse(text).as_object()), Error);
}

BOOST_AUTO_TEST_CASE(a_plain_text_is_text_or_base64) {
  const auto plain = [](ByteView octets, bool as_base64) {
    const auto answer = decrypt_answer(octets, as_base64);
    return answer ? std::string(json::parse(*answer).at("plain").as_string()) : "none";
  };
  BOOST_TEST(plain(as_bytes("王小明"), false) == "王小明");
  BOOST_TEST(plain(as_bytes("hello"), true) == "aGVsbG8=");
  for (const char* octets :
       {"\xFF", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE7\x8E", "\x80"})
    BOOST_TEST(plain(as_bytes(octets), false) == "none");
}

BOOST_AUTO_TEST_CASE(a_failure_tells_what_is_wrong_with_the_request_and_nothing_of_this_computer) {
  const auto wrong = json::parse(failure_answer(AnswerKind::Sign, Error(Errc::BadRequest, "tbs: no base64")));
  BOOST_TEST(wrong.at("func").as_string() == "sign");
  BOOST_TEST(wrong.at("ret_code").as_int64() == 0x7600000C);
  BOOST_TEST(wrong.at("message").as_string().find("(tbs: no base64)") != json::string::npos);
  const auto inside = json::parse(failure_answer(AnswerKind::Sign, Error(Errc::Internal, "/home/x")));
  BOOST_TEST(inside.at("message").as_string().find("/home/x") == json::string::npos);
}

// Pages build JSON of their own around `message` and read `message2` beside `last_error`.
BOOST_AUTO_TEST_CASE(a_message_can_be_pasted_between_quotation_marks) {
  const auto answer = failure_answer("sign", {ReturnCode::BadParameter}, "a \"b\" \\ \n c");
  BOOST_TEST(json::parse(answer).at("message").as_string() == "a 'b' /   c");
  BOOST_TEST(!json::parse(answer).as_object().contains("message2"));
  const auto locked = json::parse(failure_answer("sign", {ReturnCode::LoginFailed, LastError::PinLocked}, "x"));
  BOOST_TEST(locked.at("message2").as_string() == "PIN 碼已鎖定");
}

BOOST_AUTO_TEST_CASE(a_failure_to_list_has_an_empty_list) {
  const auto answer = json::parse(failure_answer(AnswerKind::Information, Error(Errc::NoReader, "")));
  BOOST_TEST(answer.at("slots").as_array().empty());
  const auto of_sign = json::parse(failure_answer(AnswerKind::Sign, Error(Errc::NoReader, "")));
  BOOST_TEST(!of_sign.as_object().contains("slots"));
}

BOOST_AUTO_TEST_CASE(pixels_spell_ascii_in_threes) {
  BOOST_TEST(pixel_text("{}") == "{} ");
  BOOST_TEST(pixel_text("abc") == "abc");
  BOOST_TEST(pixel_text("\"é王𠮷\"") == R"("\u00E9\u738B\uD842\uDFB7" )"); // by Python's json.dumps()
  BOOST_TEST(json::parse(pixel_text("\"é王𠮷\"")).as_string() == "é王𠮷");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web::hipki
