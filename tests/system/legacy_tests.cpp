// The old local protocols' methods through real pcscd, the simulated person and the simulated authentication site.
#include "tests/system/stack.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fstream>

using namespace twcard;
using namespace twcard::tests;

namespace {

constexpr const char* origin = "https://old.test";
constexpr const char* random_text = "00011234567890123456";

// An NHI card in the first reader, a citizen card in the second one.
struct BothCards {
  rpc::Client page = service();
  std::size_t dialogs_before = 0;
  BothCards() {
    person("approve");
    for (const int slot : {0, 1}) remove_card(slot);
    insert_card(0, stack_file("nhi.json"));
    insert_card(1, stack_file("hicos.json"));
    reset_apdus();
    dialogs_before = dialogs().size();
  }
  rpc::Reply ask(std::string_view method, boost::json::object params = {}, ByteView blob = {}) {
    params["origin"] = origin;
    return page.call(method, std::move(params), SecureBytes::copy_of(blob));
  }
  std::size_t asked() const { return dialogs().size() - dialogs_before; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(legacy, BothCards)

BOOST_AUTO_TEST_CASE(an_nhi_card_is_read_after_one_consent_in_the_old_components_commands) {
  const auto record = ask("legacy.nhi_basic").result;
  BOOST_TEST(record.at("name").as_string() == stack_variable("TWCARD_TEST_NAME"));
  BOOST_TEST(record.at("id_number").as_string() == stack_variable("TWCARD_TEST_ID"));
  BOOST_TEST(apdus(0) == 3U);
  reset_apdus();
  BOOST_TEST(ask("legacy.nhi_encrypt_password", {}, as_bytes("abc246")).result.at("encrypted").as_string().size() ==
             32U);
  BOOST_TEST(apdus(0) == 2U);
  BOOST_TEST(asked() == 1U);
  const std::string shown(dialogs().back().at("description").as_string());
  BOOST_TEST(shown.find(origin) != std::string::npos);
  BOOST_TEST(shown.find("not bound to this site") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_site_signs_what_an_old_page_has_chosen_and_openssl_verifies_it) {
  const auto result = ask("legacy.nhi_sign", {{"random", random_text}}).result;
  BOOST_TEST(apdus(0) == 4U);
  const auto signature = from_hex(std::string(result.at("signature").as_string())).value();
  std::ofstream(stack_file("site.sig"), std::ios::binary)
      .write(as_text(signature).data(), static_cast<std::streamsize>(signature.size()));
  std::ofstream(stack_file("site.text")) << std::string(result.at("card_number").as_string()) << random_text;
  const auto said = run(fmt::format("cd '{}' && openssl dgst -sha256 -verify '{}' -signature site.sig site.text",
                                    stack_variable("TWCARD_STACK_DIR"), stack_variable("TWCARD_TEST_SITE_KEY")));
  BOOST_TEST(said.find("Verified OK") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_swapped_card_is_asked_for_again_and_a_refusal_reads_nothing) {
  static_cast<void>(ask("legacy.nhi_basic"));
  remove_card(0);
  insert_card(0, stack_file("nhi.json"));
  reset_apdus();
  person("refuse");
  BOOST_TEST(error_of([this] { ask("legacy.nhi_basic"); }) == "user_denied");
  BOOST_TEST(apdus(0) == 0U);
  person("approve");
  static_cast<void>(ask("legacy.nhi_basic"));
  BOOST_TEST(asked() == 3U);
}

BOOST_AUTO_TEST_CASE(a_citizen_card_signs_and_decrypts_with_a_consent_and_a_pin_each_time) {
  auto program = service();
  const auto made = ask("legacy.sign", {{"hash_function", "SHA-256"}}, some_hash());
  BOOST_TEST(openssl_verifies(program, made.blob.view()));
  BOOST_TEST(asked() == 2U);
  const auto certificate_file = stack_file("keyx.der");
  const auto der = from_base64(certificate(program, "KEYX")).value();
  std::ofstream(certificate_file, std::ios::binary)
      .write(as_text(der).data(), static_cast<std::streamsize>(der.size()));
  const auto cipher = run(
      fmt::format("printf 'a message' | openssl pkeyutl -encrypt -certin -keyform DER -inkey '{}'", certificate_file));
  BOOST_TEST((as_text(ask("legacy.decrypt", {}, as_bytes(cipher)).blob.view()) == "a message"));
  BOOST_TEST(asked() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
