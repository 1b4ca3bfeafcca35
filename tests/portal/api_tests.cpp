#include "portal/api.hpp"

#include "portal/server/assets.hpp"
#include "tests/portal/site_fixture.hpp"
#include "tests/portal/verification/refusal_check.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace twcard::portal::test {

namespace {

namespace json = boost::json;

std::filesystem::path make_page(const std::filesystem::path& folder) {
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "index.html") << "<!doctype html>";
  std::ofstream(folder / "portal.js") << "start();";
  std::ofstream(folder / "nhiicc.html") << "<!doctype html><title>old";
  std::ofstream(folder / "notes.md") << "not for the page";
  return folder;
}

struct ApiFixture : SiteFixture {
  const Assets assets{{make_page(folder.file("page"))}};

  HttpResponse handle(const HttpRequest& request) {
    return Api(party, assets, {origin, "ws://127.0.0.1:25120/"}).handle(request);
  }
  HttpResponse get(const std::string& target, const std::string& cookie = {}) {
    return handle({"GET", target, {}, cookie, {}, {}});
  }
  HttpResponse post(const std::string& target, const std::string& body = "{}", const std::string& cookie = {}) {
    return handle({"POST", target, origin, cookie, "application/json", body});
  }
};

std::string header(const HttpResponse& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

std::string cookie_of(const HttpResponse& response) {
  const auto set = header(response, "Set-Cookie");
  return set.substr(0, set.find(';'));
}

std::string error_code(const HttpResponse& response) {
  return std::string(json::parse(response.body).at("error").at("code").as_string());
}

std::string nonce_of(const HttpResponse& response) {
  return std::string(json::parse(response.body).at("nonce").as_string());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(api, ApiFixture)

BOOST_AUTO_TEST_CASE(the_page_and_its_files_are_served_and_nothing_else) {
  BOOST_TEST(get("/").body == "<!doctype html>");
  BOOST_TEST(get("/?from=mail").content_type == "text/html; charset=utf-8");
  BOOST_TEST(get("/assets/portal.js").content_type == "text/javascript; charset=utf-8");
  for (const auto* target : {"/assets/notes.md", "/assets/../journal", "/assets/", "/assets/index.html", "//", "",
                             "/assets/%2e%2e/journal", "/api/", "/api/challenge"}) {
    BOOST_TEST(get(target).status == 404U, target);
  }
}

BOOST_AUTO_TEST_CASE(every_answer_keeps_the_page_to_itself) {
  for (const auto& response : {get("/"), get("/nothing"), get("/api/session"), post("/api/challenge")}) {
    BOOST_TEST(header(response, "Content-Security-Policy") ==
               "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' "
               "ws://127.0.0.1:25120; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
    BOOST_TEST(header(response, "X-Content-Type-Options") == "nosniff");
    BOOST_TEST(header(response, "Cache-Control") == "no-store");
    BOOST_TEST(!header(response, "Permissions-Policy").empty());
  }
}

BOOST_AUTO_TEST_CASE(a_login_over_http_from_challenge_to_logout) {
  const auto challenge = post("/api/challenge");
  BOOST_TEST(challenge.status == 200U);
  const json::object body{{"idNumber", id_number}, {"token", token_for(nonce_of(challenge))}};
  const auto login = post("/api/login", json::serialize(body), cookie_of(challenge));
  BOOST_TEST(login.status == 200U);
  BOOST_TEST(cookie_of(login) != cookie_of(challenge));

  const auto session = json::parse(get("/api/session", "other=1; " + cookie_of(login)).body);
  BOOST_TEST(session.at("signedIn").as_bool());
  BOOST_TEST(session.at("holder").at("name").as_string() == "王小明");
  BOOST_TEST(session.at("holder").at("serialNumber").as_string() == "0000111122223333");
  BOOST_TEST(session.at("serviceUrl").as_string() == "ws://127.0.0.1:25120/");

  const auto logout = post("/api/logout", "{}", cookie_of(login));
  BOOST_TEST(header(logout, "Set-Cookie").find("Max-Age=0") != std::string::npos);
  BOOST_TEST(!json::parse(get("/api/session", cookie_of(login)).body).at("signedIn").as_bool());
}

BOOST_AUTO_TEST_CASE(an_nhi_card_over_http_from_opening_the_account_to_signing_in_both_ways) {
  const auto session = json::parse(get("/api/session").body);
  BOOST_TEST(session.at("nhiSignIn").as_bool());
  BOOST_TEST(session.at("oldPage").as_bool());

  const std::string card = "900000000001";
  const auto proof_for = [&](const HttpResponse& challenge) {
    return insurer.proof(card, bound_challenge(origin, nonce_of(challenge)));
  };
  const auto first = post("/api/challenge");
  const json::object body{{"idNumber", id_number}, {"token", token_for(nonce_of(first))}};
  const auto citizen = cookie_of(post("/api/login", json::serialize(body), cookie_of(first)));
  const auto second = post("/api/challenge", "{}", citizen);
  const json::object account{{"proof", proof_for(second)}, {"password", "summer-rain"}};
  BOOST_TEST(post("/api/nhi-account", json::serialize(account), citizen).body == "{}");

  const auto third = post("/api/challenge");
  const json::object login{{"proof", proof_for(third)}, {"password", "summer-rain"}};
  const auto done = post("/api/nhi-login", json::serialize(login), cookie_of(third));
  BOOST_TEST(json::parse(done.body).at("holder").at("name").as_string() == "王小明");
  BOOST_TEST(json::parse(get("/api/session", cookie_of(done)).body).at("signedIn").as_bool());

  const json::object old{{"proof", insurer.proof(card, "00011234567890123456")},
                         {"encrypted", old_component_encrypts("summer-rain", card, now)}};
  const auto by_old = post("/api/old-login", json::serialize(old));
  BOOST_TEST(json::parse(get("/api/session", cookie_of(by_old)).body).at("signedIn").as_bool());
  BOOST_TEST(error_code(post("/api/old-login", json::serialize(old))) == "proof_used");
}

BOOST_AUTO_TEST_CASE(each_refusal_of_an_nhi_sign_in_has_its_status) {
  const auto challenge = post("/api/challenge");
  const auto malformed = post("/api/nhi-login", "{}", cookie_of(challenge));
  BOOST_TEST(malformed.status == 400U);
  BOOST_TEST(error_code(malformed) == "proof_malformed");
  BOOST_TEST(error_code(post("/api/nhi-login", "[]", cookie_of(challenge))) == "challenge_missing");
  BOOST_TEST(post("/api/nhi-account", "{}", cookie_of(challenge)).status == 401U);
  const auto next = post("/api/challenge");
  const json::object login{{"proof", insurer.proof("900000000009", bound_challenge(origin, nonce_of(next)))},
                           {"password", "summer-rain"}};
  const auto missing = post("/api/nhi-login", json::serialize(login), cookie_of(next));
  BOOST_TEST(missing.status == 403U);
  BOOST_TEST(error_code(missing) == "account_missing");
}

BOOST_AUTO_TEST_CASE(the_old_components_page_may_reach_it_and_no_other_service) {
  const auto page = get("/nhiicc");
  BOOST_TEST(page.body == "<!doctype html><title>old");
  const auto policy = header(page, "Content-Security-Policy");
  BOOST_TEST(policy.find("connect-src 'self' wss://localhost:7777 wss://iccert.nhi.gov.tw:7777;") != std::string::npos);
  BOOST_TEST(policy.find("script-src 'self';") != std::string::npos);
  BOOST_TEST(get("/nhiicc.html").status == 404U);
  BOOST_TEST(get("/assets/nhiicc.html").status == 404U);
}

BOOST_AUTO_TEST_CASE(without_an_insurers_key_the_page_learns_it_and_the_old_one_is_not_there) {
  RelyingParty plain{{origin, authority.write_to(folder), ":memory:", {}, [this] { return now; }, {}}};
  const Api api(plain, assets, {origin, "ws://127.0.0.1:25120/"});
  const auto session = json::parse(api.handle({"GET", "/api/session", {}, {}, {}, {}}).body);
  BOOST_TEST(!session.at("nhiSignIn").as_bool());
  BOOST_TEST(!session.at("oldPage").as_bool());
  BOOST_TEST(api.handle({"GET", "/nhiicc", {}, {}, {}, {}}).status == 404U);
  BOOST_TEST(api.handle({"POST", "/api/old-login", origin, {}, "application/json", "{}"}).status == 404U);
}

BOOST_AUTO_TEST_CASE(cookies_are_for_this_host_and_no_script_or_other_site_sees_them) {
  const auto set = header(post("/api/challenge"), "Set-Cookie");
  BOOST_TEST(set.find("__Host-session=") == 0U);
  for (const auto* attribute : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"}) {
    BOOST_TEST(set.find(attribute) != std::string::npos, attribute);
  }
  BOOST_TEST(set.find("Domain") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cookie_of_a_similar_name_is_not_the_session) {
  const auto value = cookie_of(post("/api/challenge")).substr(std::string("__Host-session=").size());
  for (const auto& cookie : {"session=" + value, "x__Host-session=" + value, "__Host-sessions=" + value}) {
    BOOST_TEST(cookie_of(post("/api/challenge", "{}", cookie)) != "__Host-session=" + value);
  }
  BOOST_TEST(cookie_of(post("/api/challenge", "{}", "a=b; __Host-session=" + value)) == "__Host-session=" + value);
}

BOOST_AUTO_TEST_CASE(posts_from_another_origin_or_without_one_do_nothing) {
  for (const auto* other : {"", "null", "https://evil.test", "https://page.test", "http://page.test:8443",
                            "https://page.test:8443.evil.test"}) {
    for (const auto* target : {"/api/challenge", "/api/login", "/api/logout", "/api/nhi", "/api/nhi-login",
                               "/api/nhi-account", "/api/old-login"}) {
      const auto response = handle({"POST", target, other, {}, "application/json", "{}"});
      BOOST_TEST(response.status == 403U);
      BOOST_TEST(error_code(response) == "origin_refused");
      BOOST_TEST(header(response, "Set-Cookie").empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(posts_take_json_only) {
  for (const auto* type : {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    BOOST_TEST(error_code(handle({"POST", "/api/challenge", origin, {}, type, "{}"})) == "media_type");
  }
  const std::string deep = std::string(9, '[') + std::string(9, ']');
  for (const auto& body :
       {std::string(), std::string("{"), std::string("{}{}"), std::string("{\"a\":\"\xff\"}"), deep}) {
    const auto response = post("/api/challenge", body);
    BOOST_TEST(response.status == 400U);
    BOOST_TEST(error_code(response) == "bad_request");
  }
}

BOOST_AUTO_TEST_CASE(other_methods_are_refused) {
  for (const auto* method : {"PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "get"}) {
    BOOST_TEST(handle({method, "/", origin, {}, "application/json", "{}"}).status == 405U, method);
  }
  BOOST_TEST(post("/").status == 405U);
}

BOOST_AUTO_TEST_CASE(a_refused_login_says_why_in_both_languages) {
  const auto challenge = post("/api/challenge");
  const json::object body{{"idNumber", "F131232216"}, {"token", token_for(nonce_of(challenge))}};
  const auto login = post("/api/login", json::serialize(body), cookie_of(challenge));
  BOOST_TEST(login.status == 403U);
  BOOST_TEST(error_code(login) == "id_mismatch");
  const auto message = json::parse(login.body).at("error").at("message");
  BOOST_TEST(!message.at("en").as_string().empty());
  BOOST_TEST(!message.at("zh-TW").as_string().empty());
  BOOST_TEST(header(login, "Set-Cookie").empty());
  BOOST_TEST(login.body.find("F131232216") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_login_without_its_members_uses_the_challenge_up) {
  for (const auto* body : {"{}", "[]", "null", R"({"idNumber":7,"token":{}})"}) {
    const auto challenge = post("/api/challenge");
    BOOST_TEST(error_code(post("/api/login", body, cookie_of(challenge))) == "id_number_invalid");
    BOOST_TEST(error_code(post("/api/login", body, cookie_of(challenge))) == "challenge_missing");
  }
}

BOOST_AUTO_TEST_CASE(a_form_without_a_login_is_401_and_a_wrong_field_is_named) {
  BOOST_TEST(post("/api/nhi").status == 401U);
  const auto challenge = post("/api/challenge");
  const json::object body{{"idNumber", id_number}, {"token", token_for(nonce_of(challenge))}};
  const auto cookie = cookie_of(post("/api/login", json::serialize(body), cookie_of(challenge)));
  const auto response = post("/api/nhi", R"({"cardNumber":12})", cookie);
  BOOST_TEST(response.status == 422U);
  BOOST_TEST(json::parse(response.body).at("error").at("detail").as_string() == "cardNumber");
}

BOOST_AUTO_TEST_CASE(settings_that_cannot_stand_in_a_policy_are_refused) {
  const auto make = [&](const char* site, const char* service) { Api(party, assets, {site, service}); };
  for (const auto* site : {"http://page.test", "https://page.test/", "page.test", "https://", "https://a;b"}) {
    BOOST_CHECK_THROW(make(site, "ws://127.0.0.1:25120/"), std::invalid_argument);
  }
  for (const auto* service : {"http://127.0.0.1", "ws://", "ws://127.0.0.1:1 *", "ws://a;script-src *"}) {
    BOOST_CHECK_THROW(make(origin, service), std::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_without_a_page_is_refused) {
  BOOST_CHECK_THROW(Assets({folder.file("nowhere")}), std::runtime_error);
  BOOST_CHECK_THROW(Assets(std::vector<std::filesystem::path>{}), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(every_reason_has_a_name_and_texts_of_its_own) {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::TooManyTries); ++i) {
    const auto reason = static_cast<Reason>(i);
    names.push_back(name_of(reason));
    BOOST_TEST(!text_of(reason).en.empty());
    BOOST_TEST(!text_of(reason).zh.empty());
  }
  std::sort(names.begin(), names.end());
  BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::portal::test
