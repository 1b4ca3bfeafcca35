#include "daemon/prompt/prompt_request.hpp"

#include "tests/daemon/prompt/has_code.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::prompt {

namespace {

boost::json::object params(const std::string& text) {
  return boost::json::parse(text).as_object();
}

void refused(const std::string& text, const std::string& member) {
  const auto names_it = [&](const Error& error) {
    return error.code() == Errc::BadRequest && std::string(error.what()).find(member) != std::string::npos;
  };
  BOOST_TEST_CONTEXT(text) {
    if (text.find("min_length") != std::string::npos)
      BOOST_CHECK_EXCEPTION(static_cast<void>(pin_request_of(params(text))), Error, names_it);
    else
      BOOST_CHECK_EXCEPTION(static_cast<void>(consent_request_of(params(text))), Error, names_it);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(prompt_request)

BOOST_AUTO_TEST_CASE(a_consent_is_read_whole) {
  const auto request = consent_request_of(params(R"({"caller":{"origin":"https://page.test"},"operation":"sign",
    "hash_function":"SHA-256","hash":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "card":{"kind":"hicos","holder":"company","reader":"R"},"ui":{"language":"zh-TW","tty":"/dev/pts/3","term":"xterm"}})"));
  BOOST_TEST(request.caller.origin.value() == "https://page.test");
  BOOST_TEST((request.operation == Operation::Sign));
  BOOST_TEST(request.hash.size() == 32U);
  BOOST_TEST(request.hash[31] == 0x1F);
  BOOST_TEST(request.card.value().kind == "hicos");
  BOOST_TEST(request.card->holder == "company");
  BOOST_TEST(request.card->reader == "R");
  BOOST_TEST(request.surface.language.value() == "zh-TW");
}

// A program that gives itself out as twcard-web would otherwise have the prompt on a terminal of its own and answer it.
BOOST_AUTO_TEST_CASE(a_prompt_for_a_site_is_never_on_the_callers_terminal_or_display) {
  const std::string ui = R"("ui":{"language":"en","display":":9","wayland_display":"wayland-9","xauthority":"/tmp/x",
    "tty":"/dev/pts/3","term":"xterm"})";
  const auto own_only = [](const Surface& surface) {
    return surface.language == "en" && !surface.display && !surface.wayland_display && !surface.xauthority &&
           !surface.tty && !surface.term;
  };
  const std::string site = R"({"caller":{"origin":"https://page.test"},)";
  const std::string card = R"("card":{"kind":"hicos","reader":"R"},)";
  BOOST_TEST(own_only(consent_request_of(params(site + R"("operation":"certificates",)" + ui + "}")).surface));
  BOOST_TEST(own_only(
      pin_request_of(params(site + R"("operation":"sign","min_length":6,"max_length":8,)" + ui + "}")).surface));
  BOOST_TEST(own_only(last_try_request_of(params(site + card + ui + "}")).surface));
  BOOST_TEST(own_only(card_request_of(params(site + R"("cards":[{"kind":"nhi","reader":"R"}],)" + ui + "}")).surface));
  const auto program = consent_request_of(
      params(R"({"caller":{"program":"/usr/bin/x","pid":7},"operation":"certificates",)" + ui + "}"));
  BOOST_TEST(program.surface.tty.value() == "/dev/pts/3");
  BOOST_TEST(program.surface.display.value() == ":9");
}

BOOST_AUTO_TEST_CASE(cards_to_choose_are_one_to_sixteen_objects) {
  const auto request_with = [](const std::string& cards) {
    return params(R"({"caller":{"origin":"https://page.test"},"cards":)" + cards + "}");
  };
  const auto request = card_request_of(request_with(R"([{"kind":"hicos","owner":"王小明","reader":"R"},{}])"));
  BOOST_TEST(request.cards.size() == 2U);
  BOOST_TEST(request.cards[0].owner == "王小明");
  std::string seventeen = "[{}";
  for (int i = 1; i < 17; ++i) seventeen += ",{}";
  for (const auto& wrong : {std::string("[]"), std::string("{}"), std::string("[7]"), seventeen + "]"})
    BOOST_CHECK_EXCEPTION(static_cast<void>(card_request_of(request_with(wrong))), Error, [](const Error& error) {
      return error.code() == Errc::BadRequest && std::string(error.what()).starts_with("cards: ");
    });
}

BOOST_AUTO_TEST_CASE(only_what_a_site_reads_may_be_remembered) {
  const auto asked = [](const std::string& caller, const std::string& operation, const std::string& more = "") {
    return R"({"caller":)" + caller + R"(,"operation":")" + operation + R"(","remember":true)" + more + "}";
  };
  const std::string site = R"({"origin":"https://page.test"})";
  for (const char* reading : {"certificates", "legacy.nhi_read", "legacy.tokens"})
    BOOST_TEST(consent_request_of(params(asked(site, reading))).may_be_remembered);
  BOOST_TEST(consent_request_of(params(asked(site, "nhi.read", R"(,"fields":["name"])"))).may_be_remembered);
  for (const char* other : {"nhi.authenticate", "authenticate", "login", "legacy.nhi_sign", "legacy.decrypt"})
    refused(asked(site, other), "remember");
  const auto hash = R"(,"hash_function":"SHA-256","hash":")" + std::string(64, '0') + '"';
  for (const char* signing : {"sign", "legacy.sign"}) refused(asked(site, signing, hash), "remember");
  refused(asked(R"({"program":"/x","pid":7})", "certificates"), "remember");
  refused(R"({"caller":{"origin":"https://page.test"},"operation":"certificates","remember":"yes"})", "remember");
}

BOOST_AUTO_TEST_CASE(a_pin_request_may_not_know_the_tries) {
  const std::string head = R"({"caller":{"program":"/usr/bin/twcard","pid":7},"operation":"sign","card":null,)";
  const auto unknown = pin_request_of(params(head + R"("tries_left":null,"min_length":6,"max_length":8})"));
  BOOST_TEST(!unknown.tries_left.has_value());
  BOOST_TEST(unknown.caller.pid == 7);
  BOOST_TEST(pin_request_of(params(head + R"("tries_left":2,"min_length":6,"max_length":8})")).tries_left.value() == 2);
}

BOOST_AUTO_TEST_CASE(an_origin_that_could_mislead_is_not_shown_at_all) {
  for (const char* hostile :
       {R"(https://evil.test\nhttps://gov.tw)", R"(https://evil.test\u202ewt.vog)", R"(https://\u0430.test)",
        R"(https://evil.test gov.tw)", R"(https://evil.test%0Agov.tw)", R"(<b>https://gov.tw)", R"(https://a\u0000b)"})
    refused(std::string(R"({"operation":"certificates","caller":{"origin":")") + hostile + R"("}})", "origin");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_refused_by_the_members_name) {
  const std::string site = R"({"caller":{"origin":"https://page.test"},)";
  refused(R"({"operation":"certificates"})", "caller");
  refused(R"({"caller":{"program":"/x"},"operation":"certificates"})", "pid");
  refused(R"({"caller":{"origin":")" + std::string(256, 'a') + R"("},"operation":"certificates"})", "origin");
  refused(site + R"("operation":"format"})", "operation");
  refused(R"({"caller":{"program":"/x","pid":7},"operation":"legacy.nhi_read"})", "origin");
  refused(site + R"("operation":"nhi.read"})", "fields");
  refused(site + R"("operation":"nhi.read","fields":[]})", "fields");
  refused(site + R"("operation":"nhi.read","fields":["blood_type"]})", "fields");
  refused(site + R"("operation":"sign","hash_function":"SHA-256","hash":"00"})", "hash");
  refused(site + R"("operation":"sign","hash_function":"SHA-256","hash":"zz"})", "hash");
  refused(site + R"("operation":"sign","hash_function":"SHA-256"})", "hash");
  refused(site + R"("operation":"certificates","ui":{"tty":"/dev/x\nGETPIN"}})", "tty");
  refused(site + R"("operation":"certificates","ui":7})", "ui");
  refused(site + R"("operation":"sign","min_length":0,"max_length":8})", "min_length");
  refused(site + R"("operation":"sign","min_length":6,"max_length":65})", "max_length");
  refused(site + R"("operation":"sign","min_length":8,"max_length":6})", "max_length");
  refused(site + R"("operation":"sign","min_length":6,"max_length":8,"tries_left":"2"})", "tries_left");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::prompt
