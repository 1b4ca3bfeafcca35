// One request's way to a card: consent, then the card, then the last look before the answer leaves.
//
//     auto permit = co_await permission.ask(std::move(request), fits);
//     …                                           // what has to be known before a card is touched
//     const auto card = co_await permit.card();
//     …
//     co_return permit.release(card, std::move(answer));
#pragma once

#include "daemon/card/permission/approved_card.hpp"
#include "daemon/card/permission/policy.hpp"
#include "daemon/card/readers/token_cache.hpp"

namespace twcard::service {

class Permission;

using Fits = TokenCache::Fits;

struct CardRequest {
  ConsentQuestion question{};          // the caller, the operation, and what the person is shown of it
  std::optional<std::string> reader{}; // whose card is meant; nullopt: the one that fits
};

// What the person answered.
struct ConsentAnswer {
  Consent consent = Consent::Once;
  std::uint64_t revocations = 0; // Grants::revocations() when the question was asked
};

// What the person sees of a card. It has a snapshot.
[[nodiscard]] CardPlace place_of(const Token& token);

class Permit final {
public:
  // The card that is meant: the one that fits, or the one of several that the person chooses (docs/decisions/008). If
  // it is not one that an earlier consent covers, the person is asked about it now. From here on the page may be
  // notified about the card. Throws what TokenCache::find and the person throw; SeveralCards to a program, which can
  // name a reader, and when cards come and go for longer than the person can be asked; CardRemoved.
  boost::asio::awaitable<ApprovedCard> card();
  // What leaves. Throws ConsentDenied when the person was not asked for this request, and what allowed it was revoked
  // meanwhile, or the site silenced.
  template <typename Answer>
  [[nodiscard]] Released<Answer> release(const ApprovedCard& card, Answer answer) const {
    require_still(card);
    return Released<Answer>(std::move(answer));
  }

  [[nodiscard]] const Caller& caller() const noexcept { return m_request.question.caller; }
  [[nodiscard]] Operation operation() const noexcept { return m_policy->operation; }
  // The answers to reset of the cards that may be the one, without a word to any of them.
  [[nodiscard]] std::vector<Bytes> likely_cards() const;
  // Whether there are cards where this one is looked for that `others` fits.
  [[nodiscard]] bool finds(const Fits& others) const;

private:
  friend class Permission;
  Permit(Permission& permission, const Policy& policy, CardRequest request, Fits fits)
      : m_permission(&permission), m_policy(&policy), m_request(std::move(request)), m_fits(std::move(fits)) {}

  // An earlier consent, or else the person's.
  boost::asio::awaitable<void> obtain();
  boost::asio::awaitable<void> ask_about(std::shared_ptr<const Token> shown);
  // The only card that may be meant, if the site has a permanent consent for it.
  boost::asio::awaitable<std::shared_ptr<const Token>> granted_card();
  boost::asio::awaitable<std::shared_ptr<const Token>> chosen_card();
  // nullptr when the cards were changed meanwhile.
  boost::asio::awaitable<std::shared_ptr<const Token>> choose(TokenCache::Tokens offered);
  // What is known of that already: no card, the only one, the one that was chosen before, or all that fit.
  [[nodiscard]] TokenCache::Tokens expected() const;
  [[nodiscard]] std::shared_ptr<const Token> earlier_choice(const TokenCache::Tokens& offered) const;
  void require_still(const ApprovedCard& card) const;

  Permission* m_permission;
  const Policy* m_policy;
  CardRequest m_request;
  Fits m_fits;
  std::shared_ptr<const Token> m_shown;   // in the question: no other card takes its place unasked
  std::shared_ptr<const Token> m_granted; // instead of a question
  std::optional<ConsentAnswer> m_answer;  // nullopt: nobody was asked
};

} // namespace twcard::service
