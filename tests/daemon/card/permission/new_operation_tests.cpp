// What it takes to add an operation (docs/decisions/010): one row of policy and one use case; the rest is the door's.
#include "tests/daemon/card/person/fake_person.hpp"
#include "tests/daemon/card/service_fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

namespace twcard::service::testing {

namespace asio = boost::asio;

namespace {

// The row.
constexpr auto count_operation = static_cast<Operation>(policies.size());
constexpr std::array table{
    Policy{count_operation, Callers::Sites, Callers::Sites, {.remembered = true, .opens_events = true}}};

// The use case.
asio::awaitable<Released<std::size_t>> count_certificates(Permission& permission, CardRequest request) {
  auto permit = co_await permission.ask(std::move(request), has_keys);
  const auto card = co_await permit.card();
  co_return permit.release(card, card.snapshot().certificates.size());
}

// The same, and the person revokes everything while the card is being used.
asio::awaitable<Released<std::size_t>> count_slowly(Permission& permission, CardRequest request) {
  auto permit = co_await permission.ask(std::move(request), has_keys);
  const auto card = co_await permit.card();
  permission.revoked(std::nullopt);
  co_return permit.release(card, card.snapshot().certificates.size());
}

struct Door {
  TestReaders readers{{reader_a}};
  asio::io_context context;
  card::CardRegistry registry{{}};
  std::shared_ptr<TokenCache> cards = std::make_shared<TokenCache>(
      context.get_executor(), readers, registry, CardLimits{},
      std::make_shared<const CertificateStore>(std::filesystem::path{}),
      std::make_shared<const VendorClient>(std::filesystem::path{}, std::vector<card::VendorProfile>{}),
      [](const ReaderEvent&) {});
  FakePerson person;
  Permission permission{cards, person, Grants({}), table};

  Door() {
    readers.simulator().insert(reader_a, citizen_card());
    cards->take(readers.list());
    context.run_for(std::chrono::seconds(10));
    person.answer = Consent::Once;
  }
  ~Door() { static_cast<void>(cards->stop(std::chrono::steady_clock::now() + std::chrono::seconds(10))); }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  [[nodiscard]] static CardRequest request_of(std::optional<std::string> origin = site,
                                              Operation operation = count_operation) {
    CardRequest request;
    request.question.operation = operation;
    request.question.caller.origin = std::move(origin);
    return request;
  }
  std::size_t run(asio::awaitable<Released<std::size_t>> use_case) {
    std::exception_ptr failure;
    std::size_t count = 0;
    const auto wait = [&use_case, &count]() -> asio::awaitable<void> { count = *co_await std::move(use_case); };
    asio::co_spawn(context, wait(), [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    context.restart();
    context.run_for(std::chrono::seconds(10));
    if (failure) std::rethrow_exception(failure);
    return count;
  }
  std::size_t count(CardRequest request = request_of()) {
    return run(count_certificates(permission, std::move(request)));
  }
  [[nodiscard]] bool may_hear_of_card() const {
    return permission.may_hear_of(0, site, **permission.list_for_program({}).front().card);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(new_operation, Door)

BOOST_AUTO_TEST_CASE(its_row_decides_who_is_asked_what_is_remembered_and_that_events_begin) {
  BOOST_TEST(!may_hear_of_card());
  BOOST_TEST(count() > 0U);
  BOOST_REQUIRE(person.asked.size() == 1U);
  BOOST_TEST((person.asked.front().operation == count_operation));
  BOOST_TEST(!person.asked.front().may_be_remembered);
  BOOST_TEST(may_hear_of_card());
  BOOST_TEST(count() > 0U);
  BOOST_TEST(person.asked.size() == 1U);
  permission.connection_closed(0);
  BOOST_TEST(!may_hear_of_card());
  BOOST_TEST(count() > 0U);
  BOOST_TEST(person.asked.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_refusal_ends_it_before_the_card) {
  person.answer = Consent::Refused;
  CHECK_ERROR(count(), Errc::ConsentDenied);
  BOOST_TEST(!may_hear_of_card());
}

BOOST_AUTO_TEST_CASE(a_caller_that_is_not_in_its_row_gets_no_question) {
  CHECK_ERROR(count(request_of(std::nullopt)), Errc::BadRequest);
  CHECK_ERROR(count(request_of(site, Operation::NhiRead)), Errc::Internal);
  BOOST_TEST(person.asked.empty());
}

BOOST_AUTO_TEST_CASE(an_answer_under_a_consent_that_is_revoked_meanwhile_does_not_leave) {
  BOOST_TEST(count() > 0U);
  CHECK_ERROR(run(count_slowly(permission, request_of())), Errc::ConsentDenied);
  BOOST_TEST(person.asked.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::service::testing
