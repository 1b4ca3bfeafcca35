// What a site finds in the hexadecimal digits of the text protocol, undone with the test profile's keys and verified
// with the simulated site's by programs that know nothing of the service. Source: the NHIICC protocol description,
// "EnCrypt and SecureGetBasic".
#include "simulator/crypto/site_ciphers.hpp"
#include "tests/dialects/nhiicc/health_card.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <fmt/format.h>
#include <fstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

std::string asked(web::RawWebSocket& page, const std::string& request) {
  page.send_text(request);
  return page.receive_text();
}

// Local time.
std::string today(const char* format) {
  const auto now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 9> digits{};
  std::strftime(digits.data(), digits.size(), format, &local);
  return digits.data();
}

// The seven octets of each block; the eighth is random.
Bytes without_random(ByteView key, const std::string& hex) {
  auto blocks = simulator::des3_ecb_decrypt(key, from_hex(hex).value());
  Bytes kept;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (i % 8 != 7) kept.push_back(blocks[i]);
  return kept;
}

// SHA-1 of the card number and the date, and the suffix.
Bytes password_key(const std::string& card_number, const std::string& date) {
  const auto digits = run(fmt::format("printf '%s' '{}{}' | sha1sum | cut -d ' ' -f 1", card_number, date));
  auto key = from_hex(digits.substr(0, 40)).value();
  key.insert(key.end(), simulator::password_suffix.begin(), simulator::password_suffix.end());
  return key;
}

std::string password_in(const std::string& hex, const std::string& card_number, const std::string& date) {
  auto inner = without_random(as_bytes(simulator::password_key), hex);
  inner.resize(inner.size() / 8 * 8); // what fills the last block of seven
  auto plain = simulator::des3_ecb_decrypt(password_key(card_number, date), inner);
  const std::size_t padding = plain.back();
  plain.resize(padding > plain.size() ? 0 : plain.size() - padding);
  return std::string(as_text(plain));
}

std::string card_number_of(const std::string& basic) {
  return basic.substr(std::string_view("GetBasic:").size(), 12);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(ciphers, HealthCard)

BOOST_AUTO_TEST_CASE(a_site_finds_the_password_that_its_page_has_sent) {
  const auto page = HealthCard::page();
  const auto number = card_number_of(asked(*page, "GetBasic"));
  for (const std::string password : {"secret", "secret7", "secret78", "secret789012"}) {
    const auto before = today("%Y%m%d");
    const auto hex = asked(*page, "EnCrypt?Pwd=" + password).substr(std::string_view("EnCrypt:").size());
    // Midnight may have passed.
    const std::array found{password_in(hex, number, before), password_in(hex, number, today("%Y%m%d"))};
    BOOST_TEST((found[0] == password || found[1] == password), password);
  }
}

BOOST_AUTO_TEST_CASE(a_site_finds_the_record_with_the_name_in_big5) {
  const auto page = HealthCard::page();
  const auto basic = asked(*page, "GetBasic");
  const auto undone = [](const std::string& hex, const std::string& date) {
    return std::string(as_text(without_random(as_bytes(date + date + date), hex)));
  };
  const auto before = today("%m%d%Y");
  const auto hex = asked(*page, "SecureGetBasicWithParam?Pwd=anything");
  const auto name = run(fmt::format("printf '%s' '{}' | iconv -f UTF-8 -t BIG5", stack_variable("TWCARD_TEST_NAME")));
  auto expected = basic.substr(std::string_view("GetBasic:").size());
  expected.replace(expected.find(stack_variable("TWCARD_TEST_NAME")), stack_variable("TWCARD_TEST_NAME").size(), name);
  expected.resize((expected.size() + 6) / 7 * 7, '\0');
  BOOST_TEST((undone(hex, before) == expected || undone(hex, today("%m%d%Y")) == expected));
}

BOOST_AUTO_TEST_CASE(a_site_verifies_the_signature_over_the_card_number_and_its_random_text) {
  const std::string random = "00019876543210987654";
  const auto page = HealthCard::page();
  const auto number = card_number_of(asked(*page, "GetBasic"));
  const auto signature =
      from_hex(asked(*page, "H_Sign?Random=" + random).substr(std::string_view("H_Sign:").size())).value();
  std::ofstream(stack_file("h_sign.sig"), std::ios::binary)
      .write(as_text(signature).data(), static_cast<std::streamsize>(signature.size()));
  const auto verified = [&](const std::string& text) {
    std::ofstream(stack_file("h_sign.text")) << text;
    return run(fmt::format(
        "cd '{}' && openssl dgst -sha256 -verify '{}' -signature h_sign.sig h_sign.text 2>/dev/null || true",
        stack_variable("TWCARD_STACK_DIR"), stack_variable("TWCARD_TEST_SITE_KEY")));
  };
  BOOST_TEST(verified(number + random) == "Verified OK\n");
  BOOST_TEST(verified(number + "00019876543210987655") == "Verification failure\n");
}

BOOST_AUTO_TEST_SUITE_END()
