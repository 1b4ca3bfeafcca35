// What requests become at the service, and back. The faults of the old component that stand at the end of
// docs/dialects/protocol.md, "HiPKI", have their tests here and in the browser tests.
#include "daemon/web/dialects/hipki/dialect.hpp"
#include "tests/cli/child_program.hpp"
#include "tests/cli/test_certificates.hpp"
#include "tests/daemon/web/fake_service.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>

namespace twcard::web {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;

const std::string page = "https://page.test";
const std::string pin_page = "https://pins.test:8443";

// The dialect and a fake service, on a thread of their own.
struct Dialect {
  cli::testing::PrivateFolder folder;
  asio::io_context io{1};
  FakeService service;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<HipkiDialect> dialect;
  std::thread thread;

  Dialect() {
    const auto socket = folder.path() / "card.sock";
    server = std::make_unique<rpc::Server>(rpc::listen_at(io.get_executor(), socket), service);
    dialect = std::make_unique<HipkiDialect>(io.get_executor(), socket, rpc::LegacySites{{page, pin_page}, {pin_page}});
    thread = std::thread([this] {
      const auto work = asio::make_work_guard(io);
      io.run();
    });
  }
  ~Dialect() {
    for (const bool last : {false, true}) {
      std::promise<void> done;
      asio::post(io, [&] {
        if (!last) {
          dialect.reset();
          server.reset();
        }
        done.set_value();
      });
      done.get_future().wait();
    }
    io.stop();
    thread.join();
  }

  std::string host = "localhost:61161";

  HttpResponse request(HttpRequest request) {
    request.fields.emplace_back("Host", host);
    return asio::co_spawn(io, dialect->answer(std::move(request)), asio::use_future).get();
  }
  HttpResponse get(const std::string& target, const std::string& origin = page) {
    return request({"GET", target, {}, "", origin});
  }
  json::object post(const std::string& target, const std::string& members, const std::string& origin = page) {
    const auto response = request({"POST", target, {}, "tbsPackage=" + members, origin});
    BOOST_TEST(response.content_type == "application/json; charset=utf-8");
    return json::parse(response.body).as_object();
  }
  // As the popup passes on what the page has sent it.
  HttpResponse popup(const std::string& message, const std::string& opener = page,
                     const std::string& origin = rpc::hipki_own_origin) {
    return request({"POST", "/popup", {{"twcard-page-origin", opener}}, message, origin});
  }

  void card_signs() {
    json::object result{{"certificate", to_base64(cli::testing::test_signer().der())},
                        {"issuer_and_serial", "MAA="},
                        {"card_number", "1234"}};
    service.answer("legacy.sign", std::move(result), "signature");
  }
  void card_is_listed(std::time_t not_before = 0, std::time_t not_after = 0) {
    const auto time = [](std::time_t moment) {
      char text[32];
      std::tm parts{};
      ::gmtime_r(&moment, &parts);
      return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
    };
    const auto now = std::time(nullptr);
    json::object certificate{{"id", "SIGN"},
                             {"label", "cert1"},
                             {"der", to_base64(cli::testing::test_signer().der())},
                             {"subject", "CN=x"},
                             {"issuer", "CN=y"},
                             {"ordered_subject", "CN=x"},
                             {"ordered_issuer", "CN=y"},
                             {"common_name", "x"},
                             {"last_four", ""},
                             {"public_key", ""},
                             {"serial_number", "01"},
                             {"not_before", time(now + not_before)},
                             {"not_after", time(now + not_after)},
                             {"usage", json::array{"digitalSignature"}},
                             {"has_key", true},
                             {"default_for", json::array{"login", "sign"}}};
    json::object token{{"serial_number", "1234"}, {"certificates", json::array{std::move(certificate)}}};
    json::array readers{json::object{{"name", "Reader 00 00"}, {"token", std::move(token)}}};
    service.answer("legacy.tokens", {{"readers", std::move(readers)}});
  }
};

std::int64_t ret_code(const json::object& answer) {
  return answer.at("ret_code").as_int64();
}

std::string code_of(const HttpResponse& response) {
  return response.status != 200 ? "status " + std::to_string(response.status)
                                : std::to_string(ret_code(json::parse(response.body).as_object()));
}

constexpr std::time_t day = 24L * 60 * 60;

} // namespace

BOOST_FIXTURE_TEST_SUITE(hipki_dialect, Dialect)

BOOST_AUTO_TEST_CASE(the_version_is_printed_and_no_card_is_touched) {
  BOOST_TEST(get("/", "").body.find("version:9.0.0") != std::string::npos);
  BOOST_TEST(get("/selfTest.htm", "").body.find("version:9.0.0") != std::string::npos);
  BOOST_TEST(get("/waiting.gif", "").body.starts_with("GIF89a"));
  BOOST_TEST(get("/nothing", "").status == 404U);
  BOOST_TEST(request({"POST", "/nothing", {}, "", page}).status == 404U);
  BOOST_TEST(service.calls() == 0U);
}

BOOST_AUTO_TEST_CASE(the_popups_pages_have_no_script_of_their_own_and_a_strict_policy) {
  for (const auto* path : {"/popupForm", "/ChtPopupForm", "/selfTest.htm", "/addDomain?domain=page.test"}) {
    const auto response = get(path, "");
    BOOST_TEST(response.status == 200U);
    const auto policy =
        std::ranges::find(response.fields, "Content-Security-Policy", [](const auto& f) { return f.first; });
    BOOST_REQUIRE((policy != response.fields.end()));
    BOOST_TEST(policy->second.find("default-src 'none'; script-src 'self';") == 0U);
    BOOST_TEST(policy->second.find("frame-ancestors 'none'") != std::string::npos);
    BOOST_TEST(policy->second.find("unsafe") == std::string::npos);
    for (std::size_t at = response.body.find("<script"); at != std::string::npos;
         at = response.body.find("<script", at + 1))
      BOOST_TEST((response.body.substr(at).starts_with("<script src=\"/popup.js\" defer></script>\n<body>") ||
                  response.body.substr(at).starts_with("<script src=\"/domain.js\" defer></script>\n<body>")));
  }
  BOOST_TEST(get("/popupForm", "").body.find(R"(content="https://page.test https://pins.test:8443")") !=
             std::string::npos);
  for (const auto* path : {"/popup.js", "/domain.js"})
    BOOST_TEST(get(path, "").content_type == "text/javascript; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(the_popup_is_at_localhost_whose_origin_may_ask) {
  for (const char* other : {"127.0.0.1:61161", "[::1]:61161"}) {
    host = other;
    for (const char* path : {"/popupForm", "/ChtPopupForm"}) BOOST_TEST(get(path, "").status == 404U);
    BOOST_TEST(get("/", "").status == 200U);
  }
}

BOOST_AUTO_TEST_CASE(readers_are_listed_again_for_every_call) {
  card_is_listed(-day, day);
  BOOST_TEST(get("/pkcs11info?withcert=true").body.find("\"certb64\"") != std::string::npos);
  BOOST_TEST(json::serialize(service.next_call().params) ==
             R"({"certificates":true,"keys":false,"origin":"https://page.test"})");
  service.answer("legacy.tokens", {{"readers", json::array()}});
  BOOST_TEST(get("/pkcs11info").body.find("\"slots\":[]") != std::string::npos);
  BOOST_TEST(json::serialize(service.next_call().params) ==
             R"({"certificates":false,"keys":false,"origin":"https://page.test"})");
  // One connection for both: what the person has agreed to holds.
  BOOST_TEST(service.had_connections(1, 0));
}

BOOST_AUTO_TEST_CASE(the_bitmap_spells_the_same_answer) {
  card_is_listed(-day, day);
  const auto text = get("/pkcs11info").body;
  const auto image = get("/p11Image.bmp");
  BOOST_TEST(image.content_type == "image/bmp");
  BOOST_TEST(image.body.size() == 54U + 6000U); // 2000 pixels
  // Pages read until the first octet of a pixel is 0: what is left of the last pixel has to be white space.
  const auto end = image.body.find('\0', 54);
  BOOST_TEST((end - 54) % 3 == 0U);
  BOOST_TEST((json::parse(image.body.substr(54, end - 54)) == json::parse(text)));
}

BOOST_AUTO_TEST_CASE(a_client_without_an_origin_or_with_ours_learns_nothing_about_cards) {
  for (const std::string& origin :
       {std::string(), std::string(rpc::hipki_own_origin), std::string("https://other.test")}) {
    BOOST_TEST(code_of(get("/pkcs11info", origin)) == std::to_string(0x76000031));
    BOOST_TEST(get("/p11Image.bmp", origin).body.find(std::to_string(0x76000031)) != std::string::npos);
    BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x"})", origin)) == 0x76000031);
    BOOST_TEST(ret_code(post("/decrypt", R"({"cipher":"AAEC"})", origin)) == 0x76000031);
  }
  BOOST_TEST(service.calls() == 0U);
}

BOOST_AUTO_TEST_CASE(the_popup_speaks_for_a_site_of_the_list_only) {
  BOOST_TEST(code_of(popup(R"({"func":"CheckEnvir"})", "https://other.test")) == "status 403");
  BOOST_TEST(code_of(popup(R"({"func":"CheckEnvir"})", "")) == "status 403");
  BOOST_TEST(code_of(popup(R"({"func":"CheckEnvir"})", "https://page.test.evil.test")) == "status 403");
  // A site of the list cannot pose as another one.
  BOOST_TEST(code_of(popup(R"({"func":"CheckEnvir"})", pin_page, page)) == "status 403");
  const auto twice = request({"POST",
                              "/popup",
                              {{"Twcard-Page-Origin", page}, {"Twcard-Page-Origin", pin_page}},
                              R"({"func":"CheckEnvir"})",
                              rpc::hipki_own_origin});
  BOOST_TEST(code_of(twice) == "status 403");
  BOOST_TEST(service.calls() == 0U);

  card_is_listed(-day, day);
  BOOST_TEST(code_of(popup(R"({"func":"CheckEnvir"})")) == "0");
  BOOST_TEST(service.next_call().params.at("origin").as_string() == page);
}

BOOST_AUTO_TEST_CASE(the_popups_functions_are_those_of_the_addresses) {
  card_is_listed(-day, day);
  card_signs();
  service.answer("legacy.decrypt", {{"certificate", "AA=="}}, "plain");
  const auto func = [this](const std::string& message) {
    return std::string(json::parse(popup(message).body).at("func").as_string());
  };
  BOOST_TEST(func(R"({"func":"GetUserCert"})") == "pkcs11info");
  BOOST_TEST(popup(R"({"func":"GetUserCert"})").body.find("certb64") != std::string::npos);
  BOOST_TEST(func(R"({"func":"MakeSignature","tbs":"x"})") == "sign");
  BOOST_TEST(func(R"({"func":"DecryptData","cipher":"AAEC"})") == "decrypt");
  BOOST_TEST(code_of(popup(R"({"func":"changeUserPINCode","currentPIN":"1","newpin":"2"})")) ==
             std::to_string(0x7600000E));
  BOOST_TEST(func(R"({"func":"changeUserPINCode"})") == "changeUserPINCode");
  BOOST_TEST(code_of(popup(R"({"func":"other"})")) == std::to_string(0x7600000E));
  BOOST_TEST(code_of(popup("no JSON")) == std::to_string(0x7600000B));
  BOOST_TEST(code_of(popup(R"({"func":7})")) == std::to_string(0x7600000C));
}

BOOST_AUTO_TEST_CASE(a_page_can_ask_for_one_reader) {
  card_is_listed(-day, day);
  const auto slots = [this](const std::string& members) {
    const auto answer = json::parse(popup(R"({"func":"GetUserCert")" + members + "}").body);
    return answer.at("slots").as_array().size();
  };
  BOOST_TEST(slots("") == 1U);
  BOOST_TEST(slots(R"(,"slotDescription":"","readername":"")") == 1U);
  BOOST_TEST(slots(R"(,"slotDescription":"Reader 00 00")") == 1U);
  BOOST_TEST(slots(R"(,"slotDescription":"Reader 00 01")") == 0U);
  BOOST_TEST(code_of(popup(R"({"func":"GetUserCert","slotDescription":7})")) == std::to_string(0x7600000C));
}

BOOST_AUTO_TEST_CASE(a_page_needs_no_popup) {
  card_signs();
  const auto answer = post("/sign", R"({"tbs":"hello","hashAlgorithm":"SHA256","withCardSN":""})");
  BOOST_TEST(ret_code(answer) == 0);
  BOOST_TEST(answer.at("signature").as_string() == to_base64(as_bytes("signature")));
  BOOST_TEST(answer.at("certb64").as_string() == to_base64(cli::testing::test_signer().der()));
  BOOST_TEST(answer.at("cardSN").as_string() == "1234"); // whether asked for or not: pages compare it with the card's
  const auto call = service.next_call();
  BOOST_TEST(call.method == "legacy.sign");
  BOOST_TEST(json::serialize(call.params) == R"({"hash_function":"SHA-256","origin":"https://page.test"})");
  BOOST_TEST(to_hex(as_bytes(call.blob)) ==
             "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"); // of FIPS 180-4 tools: sha256sum
  BOOST_TEST(service.had_connections(1, 1));
}

BOOST_AUTO_TEST_CASE(raw_signs_the_digest_info_of_the_page) {
  card_signs();
  BOOST_TEST(ret_code(post("/sign", R"({"tbs":"MAA=","signatureType":"RAW","withCert":"false"})")) == 0);
  const auto call = service.next_call();
  BOOST_TEST(json::serialize(call.params) == R"({"digest_info":true,"origin":"https://page.test"})");
  BOOST_TEST(to_hex(as_bytes(call.blob)) == "3000");
}

BOOST_AUTO_TEST_CASE(the_key_and_the_reader_that_the_page_names_are_used) {
  card_is_listed(-day, day);
  card_signs();
  const std::string named = R"("tbs":"x","keyidb64":"U0lHTg==","slotDescription":"Reader 00 00")";
  BOOST_TEST(ret_code(post("/sign", "{" + named + "}")) == 0);
  BOOST_TEST(service.next_call().method == "legacy.tokens");
  BOOST_TEST(json::serialize(service.next_call().params) ==
             R"({"reader":"Reader 00 00","key":"SIGN","hash_function":"SHA-256","origin":"https://page.test"})");
  BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x","keyidb64":"S0VZWA=="})")) == 0x76210001);
}

BOOST_AUTO_TEST_CASE(validity_is_checked_when_the_page_asks_for_it) {
  card_signs();
  const std::string checked = R"({"tbs":"x","checkValidity":"true"})";
  card_is_listed(day, 2 * day);
  BOOST_TEST(ret_code(post("/sign", checked)) == 0x76500001);
  card_is_listed(-2 * day, -day);
  BOOST_TEST(ret_code(post("/sign", checked)) == 0x76500002);
  BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x"})")) == 0);
  card_is_listed(-day, day);
  BOOST_TEST(ret_code(post("/sign", checked)) == 0);
}

BOOST_AUTO_TEST_CASE(a_cms_message_is_made_around_the_cards_signature) {
  card_is_listed(-day, day);
  card_signs();
  const auto answer = post("/sign", R"({"tbs":"x","signatureType":"PKCS7","withCardSN":"true"})");
  BOOST_TEST(ret_code(answer) == 0);
  const auto message = from_base64(answer.at("signature").as_string()).value();
  BOOST_TEST(as_text(message).find("signature") != std::string_view::npos);
  BOOST_TEST(service.next_call().method == "legacy.tokens");
  BOOST_TEST(service.next_call().blob.size() == 32U);
}

BOOST_AUTO_TEST_CASE(another_card_than_the_one_that_was_looked_at_is_not_taken) {
  card_is_listed(-day, day);
  const auto listed = to_base64(cli::testing::test_signer().der());
  for (const auto& [certificate, number] : {std::pair{listed, "9999"}, std::pair{std::string("AAEC"), "1234"}})
    for (const char* asked :
         {R"("signatureType":"PKCS7","withCardSN":"true")", R"("checkValidity":"true")", R"("keyidb64":"U0lHTg==")"}) {
      service.answer("legacy.sign", {{"certificate", certificate}, {"card_number", number}}, "signature");
      const auto answer = post("/sign", std::string(R"({"tbs":"x",)") + asked + "}");
      BOOST_TEST(ret_code(answer) == 0x76210001);
      BOOST_TEST(!answer.contains("signature"));
    }
}

BOOST_AUTO_TEST_CASE(the_pin_of_a_page_is_not_looked_at) {
  card_signs();
  service.answer("legacy.decrypt", {{"certificate", "AA=="}}, "plain");
  post("/sign", R"({"tbs":"x","pin":"999999"})");
  post("/decrypt", R"({"cipher":"AAEC","pin":"999999"})");
  for (int i = 0; i < 2; ++i) {
    const auto call = service.next_call();
    BOOST_TEST(!call.params.contains("page_pin"));
    BOOST_TEST(call.blob.find("999999") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(the_pin_of_a_page_counts_where_the_person_has_allowed_it) {
  card_signs();
  BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x","pin":"24%3613"})", pin_page)) == 0);
  const auto call = service.next_call();
  BOOST_TEST(json::serialize(call.params) ==
             R"({"page_pin":true,"pin_size":5,"hash_function":"SHA-256","origin":"https://pins.test:8443"})");
  BOOST_TEST(call.blob.substr(0, 5) == "24613");
  BOOST_TEST(call.blob.size() == 5U + 32U);
  // Without one the person is asked as ever.
  post("/sign", R"({"tbs":"x","pin":"__NotExistedTag__"})", pin_page);
  BOOST_TEST(!service.next_call().params.contains("page_pin"));
}

BOOST_AUTO_TEST_CASE(a_decryption_is_a_call_of_its_own_each_time) {
  service.answer("legacy.decrypt", {{"certificate", "AA=="}}, "王小明");
  for (int i = 0; i < 2; ++i) {
    const auto answer = post("/decrypt", R"({"cipher":"AAEC","keyidb64":"S0VZWA==","slotDescription":"B"})");
    BOOST_TEST(answer.at("plain").as_string() == "王小明");
    const auto call = service.next_call();
    BOOST_TEST(json::serialize(call.params) == R"({"reader":"B","key":"KEYX","origin":"https://page.test"})");
    BOOST_TEST(to_hex(as_bytes(call.blob)) == "000102");
  }
  BOOST_TEST(service.had_connections(2, 2));
}

BOOST_AUTO_TEST_CASE(whatever_is_wrong_with_a_ciphertext_has_one_answer) {
  service.fail("legacy.decrypt", Error(Errc::CardRefused, "padding"));
  const auto refused = request({"POST", "/decrypt", {}, R"(tbsPackage={"cipher":"AAEC"})", page}).body;
  service.answer("legacy.decrypt", {{"certificate", "AA=="}}, "\xFF");
  const auto no_text = request({"POST", "/decrypt", {}, R"(tbsPackage={"cipher":"AAEC"})", page}).body;
  BOOST_TEST(refused == no_text);
  BOOST_TEST(ret_code(json::parse(refused).as_object()) == 0x76400001);
}

BOOST_AUTO_TEST_CASE(the_services_errors_become_codes) {
  service.fail("legacy.sign", Error(Errc::PinIncorrect, "", 2));
  const auto wrong = post("/sign", R"({"tbs":"x"})");
  BOOST_TEST(ret_code(wrong) == 0x76100006);
  BOOST_TEST(wrong.at("last_error").as_int64() == -2147483646); // as pages have it: 80000002 of 32 bits with a sign
  BOOST_TEST(wrong.at("message2").as_string().find("兩次") != json::string::npos);
  service.fail("legacy.tokens", Error(Errc::NoReader, ""));
  BOOST_TEST(code_of(get("/pkcs11info")) == std::to_string(0x76100003));
  service.fail("legacy.sign", Error(Errc::SeveralCards, ""));
  BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x"})")) == 0x7600000C);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_right_costs_no_call) {
  BOOST_TEST(ret_code(post("/sign", "{")) == 0x7600000B);
  BOOST_TEST(ret_code(post("/sign", "{}")) == 0x7600000C);
  BOOST_TEST(ret_code(post("/decrypt", "[]")) == 0x7600000B);
  BOOST_TEST(ret_code(post("/decrypt", R"({"cipher":"%"})")) == 0x7600000C);
  BOOST_TEST(service.calls() == 0U);
}

// The listing of a service that has met the limits of its protocol, and one that it could not send.
BOOST_AUTO_TEST_CASE(lists_of_any_size_are_listed_or_are_an_error) {
  const auto listed = [this](std::size_t size) {
    json::object token{{"serial_number", std::string(size / 2, '\x01')}, {"certificates", json::array()}};
    json::array readers{json::object{{"name", std::string(size / 2, '"')}, {"token", std::move(token)}}};
    service.answer("legacy.tokens", {{"readers", std::move(readers)}});
    return json::parse(popup(R"({"func":"GetUserCert"})").body).at("ret_code").as_int64();
  };
  BOOST_TEST(listed(60'000) == 0); // 240,000 octets of JSON; a frame holds 256 KiB
  const auto image = get("/p11Image.bmp").body;
  BOOST_TEST(image.size() > 240'000U);
  BOOST_TEST(listed(80'000) != 0);
}

BOOST_AUTO_TEST_CASE(a_card_that_gives_no_certificate_signs_nothing) {
  for (const std::string& octets : {std::string(), std::string("no base64"), to_base64(Bytes(64 * 1024, 0x30))}) {
    for (const bool of_certificate : {true, false}) {
      json::object result{{"certificate", of_certificate ? octets : "MAA="},
                          {"issuer_and_serial", of_certificate ? "MAA=" : octets},
                          {"card_number", "1"}};
      service.answer("legacy.sign", std::move(result), "signature");
      BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x","signatureType":"PKCS7"})")) == 0x7600000D);
    }
  }
  service.answer("legacy.sign", {{"certificate", "MAA="}, {"card_number", "1"}}, "signature");
  BOOST_TEST(ret_code(post("/sign", R"({"tbs":"x","signatureType":"PKCS7"})")) == 0x7600000D);
}

BOOST_AUTO_TEST_CASE(add_domain_changes_nothing) {
  const auto known = [this](const std::string& query) {
    const auto page = get("/addDomain" + query, "").body;
    BOOST_TEST(page.find("evil") == std::string::npos);
    const bool tells_how = page.find("twcard setup legacy hipki --allow") != std::string::npos;
    return !tells_how && page.find("This site may use your card") != std::string::npos;
  };
  BOOST_TEST(known("?domain=page.test"));
  BOOST_TEST(!known("?domain=evil.test"));
  BOOST_TEST(!known("?domain=%3Cb%3Eevil"));
  BOOST_TEST(!known(""));
  BOOST_TEST(code_of(get("/pkcs11info", "https://evil.test")) == std::to_string(0x76000031));
}

BOOST_AUTO_TEST_CASE(a_page_that_goes_away_takes_its_question_with_it) {
  service.hold("legacy.sign");
  asio::cancellation_signal away;
  auto pending = asio::co_spawn(io, dialect->answer({"POST", "/sign", {}, R"(tbsPackage={"tbs":"x"})", page}),
                                asio::bind_cancellation_slot(away.slot(), asio::use_future));
  BOOST_TEST(service.next_call().method == "legacy.sign");
  asio::post(io, [&away] { away.emit(asio::cancellation_type::terminal); });
  BOOST_TEST(service.had_cancelled(1));
  BOOST_TEST(service.had_connections(1, 1));
  pending.wait();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web
