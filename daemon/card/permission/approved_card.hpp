// What permission gives out: a card that may be used, and an answer that may leave. Neither can be made anywhere else
// (tests/daemon/card/permission/must_not_compile).
#pragma once

#include "daemon/card/readers/token.hpp"

#include <utility>

namespace twcard::service {

// A card in a reader that the caller may use. It has a snapshot, but for one of a list (ApprovedReader).
class ApprovedCard final {
public:
  [[nodiscard]] const Token* operator->() const noexcept { return m_token.get(); }
  [[nodiscard]] const Token& operator*() const noexcept { return *m_token; }
  [[nodiscard]] const std::shared_ptr<const Token>& token() const noexcept { return m_token; }
  [[nodiscard]] const Snapshot& snapshot() const { return *m_token->snapshot(); }

  // On the thread of its reader: CardWorker::ask.
  template <typename Result>
  boost::asio::awaitable<Result> ask(std::function<Result(reader::Transaction&, card::Card&)> question,
                                     std::optional<CardWorker::Login> login = std::nullopt) const {
    return CardWorker::ask(m_token->worker, m_token->insertion, std::move(question), login);
  }

private:
  friend class Permission;
  friend class Permit;
  explicit ApprovedCard(std::shared_ptr<const Token> token) : m_token(std::move(token)) {}

  std::shared_ptr<const Token> m_token;
};

struct ApprovedReader {
  std::string name;
  std::optional<ApprovedCard> card; // nullopt: empty. It may be one that is still being read, or cannot be
};

// An answer after the last look at the permission that it was made under.
template <typename Answer>
class Released final {
public:
  [[nodiscard]] Answer& operator*() noexcept { return m_answer; }
  [[nodiscard]] Answer* operator->() noexcept { return &m_answer; }
  // The same answer in another form.
  template <typename Form>
  [[nodiscard]] Released<Form> as(Form form) const {
    return Released<Form>(std::move(form));
  }

private:
  friend class Permission;
  friend class Permit;
  template <typename Other>
  friend class Released;
  explicit Released(Answer answer) : m_answer(std::move(answer)) {}

  Answer m_answer;
};

} // namespace twcard::service
