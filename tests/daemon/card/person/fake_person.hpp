// A person in the test's own process, who gives one answer to every question.
#pragma once

#include "daemon/card/person/consent.hpp"

namespace twcard::service::testing {

class FakePerson final : public Person {
public:
  [[nodiscard]] bool may_be_asked(const std::string&) const override { return true; }
  [[nodiscard]] boost::asio::awaitable<Consent> approves(ConsentQuestion question) override {
    asked.push_back(std::move(question));
    co_return answer;
  }
  [[nodiscard]] boost::asio::awaitable<Pin> enters_pin(PinQuestion) override {
    throw Error(Errc::Cancelled, "this person enters no PIN");
  }
  [[nodiscard]] boost::asio::awaitable<bool> risks_last_try(PinQuestion) override { co_return false; }
  [[nodiscard]] boost::asio::awaitable<std::size_t> chooses_card(CardQuestion) override { co_return 0; }

  Consent answer = Consent::Refused;
  std::vector<ConsentQuestion> asked;
};

} // namespace twcard::service::testing
