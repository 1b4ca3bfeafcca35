// A service with a citizen card in its first reader, used by logins as PKCS#11 uses it.
#pragma once

#include "tests/daemon/card/service_fixture.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

struct TokenFixture : ServiceFixture {
  std::shared_ptr<simulator::SimulatedCard> card = citizen_card();
  explicit TokenFixture(CardLimits limits = {}) : ServiceFixture(Profiles::Installed, limits) {
    insert(reader_a, card);
    card->reset_counters();
  }
  [[nodiscard]] boost::json::object reader_entry(const std::string& reader) const {
    const auto result = call("token.list").result;
    for (const auto& entry : result.at("readers").as_array())
      if (entry.at("reader").as_string() == reader) return entry.as_object();
    BOOST_FAIL("no reader " << reader);
    return {};
  }
  [[nodiscard]] boost::json::object card_params() const {
    return {{"reader", reader_a}, {"insertion", reader_entry(reader_a).at("insertion")}};
  }
  [[nodiscard]] boost::json::object key_params(const char* key) const {
    auto params = card_params();
    params["key"] = key;
    return params;
  }
  void log_in(rpc::Client& client, std::string_view pin = ScriptedPrompt::right_pin) const {
    client.call("token.login", card_params(), SecureBytes::copy_of(as_bytes(pin)));
  }
  // A block below any modulus of 2048 bits.
  [[nodiscard]] static SecureBytes block() {
    SecureBytes octets(256);
    octets.data()[255] = 42;
    octets.data()[1] = 1;
    return octets;
  }
};

} // namespace twcard::service::testing
