// What the person is asked, against something that makes the question idle.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <exception>
#include <optional>

namespace twcard::service {

template <typename Answer>
struct Outcome {
  std::optional<Answer> answer;
  std::exception_ptr failure; // without an answer
};

// Never fails, so that the first end of the two is the race's result.
template <typename Answer>
boost::asio::awaitable<Outcome<Answer>> outcome_of(boost::asio::awaitable<Answer> question) {
  Outcome<Answer> outcome;
  try {
    outcome.answer = co_await std::move(question);
  } catch (...) {
    outcome.failure = std::current_exception();
  }
  co_return outcome;
}

// The person's answer; nullopt when the event came first, which closes what the person sees. Throws what the question
// throws.
template <typename Answer>
boost::asio::awaitable<std::optional<Answer>> answer_before(boost::asio::awaitable<Answer> question,
                                                            boost::asio::awaitable<void> event) {
  using namespace boost::asio::experimental::awaitable_operators;
  auto first = co_await (outcome_of(std::move(question)) || std::move(event));
  if (first.index() == 1) co_return std::nullopt;
  auto& outcome = std::get<0>(first);
  if (!outcome.answer) std::rethrow_exception(outcome.failure);
  co_return std::move(outcome.answer);
}

} // namespace twcard::service
