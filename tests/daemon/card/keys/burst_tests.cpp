// Operations of one login that follow each other closely: what they cost, and how their transaction ends.
#include "tests/daemon/card/keys/token_fixture.hpp"

namespace twcard::service::testing {

using namespace std::chrono_literals;

namespace {

// No burst ends by itself while a test lasts.
struct Unhurried : TokenFixture {
  Unhurried() : TokenFixture({600s, 600s}) {}

  void sign(rpc::Client& client) const {
    BOOST_TEST(client.call("token.sign", key_params("SIGN"), block()).blob.size() == 256U);
  }
  // False when the card was not reset within 10 s.
  [[nodiscard]] bool reset_follows() const {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (card->counters().resets == 0 && std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(1ms);
    return card->counters().resets != 0;
  }
  // What another program gets for a private operation, once it can have the card.
  [[nodiscard]] std::uint16_t foreign_private_operation() {
    const auto channel = readers.simulator().open(reader_a);
    reader::Transaction transaction(*channel);
    const apdu::CommandApdu command{0x80, 0xEA, 0x82, 0x01, ScrubbedBytes(128), std::nullopt};
    return transaction.transmit(command).status.value();
  }
};

struct Usual : TokenFixture {};

struct SecondGeneration : Unhurried {
  SecondGeneration() {
    readers.simulator().remove(reader_a);
    wait_for_event("card_removed");
    card = citizen_card_of_generation_2();
    insert(reader_a, card);
  }
};

struct AlwaysTooLong : TokenFixture {
  AlwaysTooLong() : TokenFixture({600s, 0ms}) {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(bursts)

BOOST_FIXTURE_TEST_CASE(in_a_burst_an_operation_costs_three_apdus_and_no_verify, Unhurried) {
  auto client = connect();
  log_in(client);
  card->reset_counters();
  for (int i = 0; i < 3; ++i) sign(client);
  BOOST_TEST(client.call("token.decrypt", key_params("KEYX"), block()).blob.size() == 256U);
  const auto counters = card->counters();
  BOOST_TEST(counters.apdus == 12U);
  BOOST_TEST(counters.verifies == 0U);
  BOOST_TEST(counters.resets == 0U);
}

BOOST_FIXTURE_TEST_CASE(a_burst_that_nobody_goes_on_with_ends_and_nobody_inherits_its_login, Usual) {
  auto client = connect();
  log_in(client);
  BOOST_TEST(client.call("token.sign", key_params("SIGN"), block()).blob.size() == 256U);
  card->reset_counters();
  const auto channel = readers.simulator().open(reader_a);
  const reader::Transaction waits_for_the_end(*channel);
  BOOST_TEST(card->counters().resets == 1U);
  BOOST_TEST(card->counters().apdus == 0U);
}

BOOST_FIXTURE_TEST_CASE(after_a_burst_another_program_is_not_logged_in, Unhurried) {
  auto client = connect();
  log_in(client);
  sign(client);
  client.call("token.logout", card_params());
  BOOST_TEST(foreign_private_operation() == 0x6982);
}

BOOST_FIXTURE_TEST_CASE(a_burst_that_has_lasted_long_enough_takes_no_more_operations, AlwaysTooLong) {
  auto client = connect();
  log_in(client);
  card->reset_counters();
  for (int i = 0; i < 2; ++i) static_cast<void>(client.call("token.sign", key_params("SIGN"), block()));
  BOOST_TEST(card->counters().apdus == 14U);
  BOOST_TEST(card->counters().resets == 2U);
}

BOOST_FIXTURE_TEST_CASE(another_client_ends_the_burst_and_never_uses_its_login, Unhurried) {
  auto client = connect();
  log_in(client);
  card->reset_counters();
  BOOST_TEST(call("token.random").blob.size() == 8U);
  BOOST_TEST(card->counters().resets == 1U);
  sign(client);
  BOOST_TEST(card->counters().verifies == 1U);

  auto other = connect();
  log_in(other);
  BOOST_TEST(card->counters().resets == 2U);
  BOOST_TEST(card->counters().verifies == 2U);
  sign(client);
  sign(other);
  BOOST_TEST(card->counters().verifies == 4U);
}

BOOST_FIXTURE_TEST_CASE(a_signature_for_a_page_is_not_part_of_a_burst, Unhurried) {
  auto client = connect();
  log_in(client);
  card->reset_counters();
  static_cast<void>(call("authenticate", {{"origin", site}, {"nonce", nonce}}));
  BOOST_TEST(card->counters().apdus == 7U);
  BOOST_TEST(card->counters().resets == 2U);
  BOOST_TEST(foreign_private_operation() == 0x6982);
}

BOOST_FIXTURE_TEST_CASE(a_card_that_wants_the_pin_each_time_gets_it_once_a_transaction, SecondGeneration) {
  auto client = connect();
  log_in(client);
  sign(client); // the card's keys are known from here on
  card->reset_counters();
  log_in(client);
  BOOST_TEST(card->counters().apdus == 4U);
  sign(client);
  BOOST_TEST(card->counters().apdus == 9U);
  BOOST_TEST(card->counters().verifies == 1U);
  BOOST_TEST(card->counters().resets == 1U, "at once, and not after the pause");
  sign(client);
  BOOST_TEST(card->counters().apdus == 18U);
  BOOST_TEST(card->counters().verifies == 2U);
  BOOST_TEST(card->counters().resets == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_logout_ends_the_burst_at_once, Unhurried) {
  auto client = connect();
  log_in(client);
  sign(client);
  card->reset_counters();
  client.call("token.logout", card_params());
  BOOST_TEST(reset_follows());
}

BOOST_FIXTURE_TEST_CASE(the_logout_of_another_connection_leaves_the_burst, Unhurried) {
  auto client = connect();
  log_in(client);
  card->reset_counters();
  call("token.logout", card_params());
  sign(client);
  BOOST_TEST(card->counters().resets == 0U);
}

BOOST_FIXTURE_TEST_CASE(the_end_of_the_connection_ends_the_burst_at_once, Unhurried) {
  {
    auto client = connect();
    log_in(client);
    card->reset_counters();
  }
  BOOST_TEST(reset_follows());
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_ends_during_its_login_leaves_no_burst, Unhurried) {
  const auto insertion = std::string(card_params().at("insertion").as_string());
  const std::string pin = ScriptedPrompt::right_pin;
  readers.hold(reader_a);
  {
    rpc::testing::RawConnection client(socket());
    client.send_json(R"({"jsonrpc":"2.0","id":1,"method":"token.login","params":{"reader":"Reader A","insertion":")" +
                         insertion + R"("}})",
                     static_cast<std::uint32_t>(pin.size()));
    client.send(as_bytes(pin));
    BOOST_TEST(readers.wait_until_held());
  }
  card->reset_counters();
  readers.release();
  BOOST_TEST(reset_follows());
}

BOOST_FIXTURE_TEST_CASE(an_operation_that_fails_ends_the_burst_and_the_login, Unhurried) {
  auto client = connect();
  log_in(client);
  readers.on_response([](ByteView command, Bytes response) {
    return command[1] == 0xC1 ? Bytes{0x6F, 0x00} : std::move(response);
  });
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::CardRefused);
  readers.on_response(nullptr);
  BOOST_TEST(foreign_private_operation() == 0x6982);
  CHECK_ERROR(client.call("token.sign", key_params("SIGN"), block()), Errc::PinRequired);
}

BOOST_FIXTURE_TEST_CASE(a_card_pulled_in_a_burst_is_card_removed_and_the_next_insertion_works, Unhurried) {
  auto client = connect();
  log_in(client);
  readers.simulator().play(reader_a, simulator::removal_after(1));
  const auto params = key_params("SIGN");
  CHECK_ERROR(client.call("token.sign", params, block()), Errc::CardRemoved);
  wait_for_event("card_removed");
  insert(reader_a, card);
  BOOST_TEST(foreign_private_operation() == 0x6982);
  log_in(client);
  sign(client);
  // Pulled between two operations, and another card put in.
  readers.simulator().remove(reader_a);
  wait_for_event("card_removed");
  const auto other = another_citizen_card();
  insert(reader_a, other);
  CHECK_ERROR(client.call("token.sign", params, block()), Errc::CardRemoved);
  BOOST_TEST(other->counters().verifies == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
