// What a person is asked, and by whose wish. The order is the same for every use case (docs/service-protocol.md):
// parameters are checked, the person is asked, only then is the card looked for, and then the PIN is asked.
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "driver/card/signing_card.hpp"
#include "rpc/vocabulary/limits.hpp"
#include "rpc/vocabulary/operation.hpp"
#include "rpc/vocabulary/prompt_forms.hpp"

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace twcard::service {

using rpc::CardPlace;
using rpc::Consent;
using rpc::Operation;

struct Caller : rpc::Caller {
  std::uint64_t connection = 0; // the one that asks; unique in this process
  rpc::Surface surface;         // the `ui` of hello
};

struct ConsentQuestion {
  Caller caller;
  Operation operation = Operation::NhiRead;
  std::vector<std::string> fields; // NhiRead
  std::string hash_function;       // Sign, LegacySign
  Bytes hash;                      // Sign, LegacySign
  std::optional<CardPlace> card{}; // when it is known which one: of several, the chosen one
  bool may_be_remembered = false;  // the answer may be Always (grants.hpp)
};

struct PinQuestion {
  Caller caller;
  Operation operation = Operation::Authenticate;
  CardPlace card;
  std::optional<int> tries_left; // nullopt: not known
  card::PinPolicy policy;
};

// Which of these cards is to be used: 1 to rpc::max_cards_to_choose. Of a single one: whether it is.
struct CardQuestion {
  Caller caller;
  std::vector<CardPlace> cards;
  std::function<bool()> outdated; // whether these are not the cards any more: nobody has left it unanswered then
};

// How the person is reached. All that ask throw Cancelled, Timeout, PromptUnavailable; when the waiting coroutine is
// cancelled, what the person sees is closed.
class Person {
public:
  virtual ~Person() = default;
  // False for a site that was refused, or asked in vain, too often (control C7).
  [[nodiscard]] virtual bool may_be_asked(const std::string& origin) const = 0;
  [[nodiscard]] virtual boost::asio::awaitable<Consent> approves(ConsentQuestion question) = 0;
  [[nodiscard]] virtual boost::asio::awaitable<Pin> enters_pin(PinQuestion question) = 0;
  // Whether the last PIN try may be used: a wrong PIN would lock the card.
  [[nodiscard]] virtual boost::asio::awaitable<bool> risks_last_try(PinQuestion question) = 0;
  // The place of the chosen one in the question.
  [[nodiscard]] virtual boost::asio::awaitable<std::size_t> chooses_card(CardQuestion question) = 0;
};

} // namespace twcard::service
