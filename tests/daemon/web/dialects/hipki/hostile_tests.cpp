// What a hostile card can have twcardd say: what becomes of it is valid JSON of a bounded size. What becomes of its
// certificates: tests/daemon/card/methods/hostile_certificate_tests.cpp.
#include "daemon/web/dialects/hipki/answers.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::web::hipki {

namespace {

namespace json = boost::json;

constexpr std::size_t kibi = 1024;

// As the service sends it: strings in JSON, whatever is in them.
json::object listing(const std::string& text) {
  json::object form{{"id", text},
                    {"label", text},
                    {"der", text},
                    {"ordered_subject", text},
                    {"ordered_issuer", text},
                    {"common_name", text},
                    {"last_four", text},
                    {"public_key", text},
                    {"serial_number", text},
                    {"not_before", "2024-01-02T03:04:05Z"},
                    {"not_after", "2034-01-02T03:04:05Z"},
                    {"usage", json::array{text, text}},
                    {"has_key", true},
                    {"default_for", json::array{text, "sign"}}};
  json::object token{{"serial_number", text}, {"certificates", json::array{std::move(form)}}};
  return {{"readers", json::array{json::object{{"name", text}, {"token", std::move(token)}}}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(hipki_hostile)

BOOST_AUTO_TEST_CASE(long_and_odd_names_and_labels_are_listed) {
  for (const std::string& text : {std::string(64 * kibi, 'x'), std::string(64 * kibi, '\x01'), std::string(kibi, '"'),
                                  std::string("</script><b>\0x", 14), std::string("王") + "\xF0\xA0\xAE\xB7"}) {
    const auto answer = information_answer(readers_of(listing(text)), true, true);
    BOOST_TEST(answer.size() < kibi + 6 * 14 * text.size()); // 14 times; at most six octets for one
    const auto parsed = json::parse(answer);
    BOOST_TEST((json::parse(pixel_text(answer)) == parsed));
    const auto& slot = parsed.at("slots").at(0);
    const auto& told = slot.at("token").at("certs").at(0);
    BOOST_TEST((slot.at("slotDescription").as_string() == text));
    BOOST_TEST((slot.at("token").at("serialNumber").as_string() == text));
    for (const char* member : {"label", "certb64", "sn", "subjectDN", "subjectCN", "issuerDN", "subjectID"})
      BOOST_TEST((told.at(member).as_string() == text), member);
    BOOST_TEST((slot.at("token").at("keys").at(0).at("keyb64").as_string() == text));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::web::hipki
