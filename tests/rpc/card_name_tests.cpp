#include "rpc/card_name.hpp"

#include <boost/test/unit_test.hpp>

namespace twcard::rpc {

BOOST_AUTO_TEST_SUITE(card_names)

BOOST_AUTO_TEST_CASE(cards_of_the_government_are_named_after_their_holder) {
  for (const auto* kind : {"hicos", "gpki"}) {
    BOOST_TEST(card_name(kind, "citizen", Language::English) == "citizen certificate card");
    BOOST_TEST(card_name(kind, "company", Language::English) == "company's certificate card");
    BOOST_TEST(card_name(kind, "company", Language::TraditionalChinese) == "工商憑證卡");
    BOOST_TEST(card_name(kind, "government_agency", Language::English) == "organisation's certificate card");
    BOOST_TEST(card_name(kind, "unknown", Language::English) == "certificate card");
  }
}

BOOST_AUTO_TEST_CASE(other_cards_are_named_after_their_kind_whatever_their_certificates_say) {
  for (const auto* holder : {"", "citizen", "company"}) {
    BOOST_TEST(card_name("nhi", holder, Language::TraditionalChinese) == "健保卡");
    BOOST_TEST(card_name("pkcs15", holder, Language::English) == "certificate card (ISO 7816-15)");
    BOOST_TEST(card_name("vendor", holder, Language::English) == "certificate card (by its vendor's library)");
    BOOST_TEST(card_name("another", holder, Language::English) == "card");
    BOOST_TEST(card_name("", holder, Language::TraditionalChinese) == "卡片");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::rpc
