// What a person is asked, and by whose wish. The order is the same for every use case (docs/service-protocol.md):
// parameters are checked, the person is asked, only then is the card looked for, and then the PIN is asked.
#pragma once

#include "driver/base/secure_bytes.hpp"
#include "driver/card/certificate/holder.hpp"
#include "driver/card/signing_card.hpp"

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace twcard::service {

// A web site, or (without origin) a program of this user.
struct Caller {
  std::uint64_t connection = 0; // the one that asks; unique in this process
  std::optional<std::string> origin;
  std::string program; // path
  pid_t pid = 0;
  std::map<std::string, std::string> surface; // where and in which language to ask: the `ui` of hello
};

// Login: of a program, which then signs and decrypts without being asked again (PKCS#11). Legacy...: of a site that
// speaks one of the old local protocols, whose answers are not bound to it (control C10).
enum class Operation {
  NhiRead,
  NhiAuthenticate,
  Certificates,
  Authenticate,
  Sign,
  Login,
  LegacyNhiRead,
  LegacyNhiSign,
  LegacyTokens,
  LegacySign,
  LegacyDecrypt
};

[[nodiscard]] std::string_view name_of(Operation operation);
[[nodiscard]] constexpr bool is_legacy(Operation operation) {
  return operation >= Operation::LegacyNhiRead;
}

// Who asks, and which reader's card is meant (nullopt: the one that fits).
struct Asking {
  Caller caller;
  std::optional<std::string> reader;
};

// A card as the person is shown it.
struct CardPlace {
  card::CardKind kind = card::CardKind::Hicos;
  card::HolderType holder = card::HolderType::Unknown;
  std::string owner; // as in its certificate; empty where that is not known without a word to the card
  std::string reader;
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

enum class Consent { Refused, Given, Always };

struct PinQuestion {
  Caller caller;
  Operation operation = Operation::Authenticate;
  CardPlace card;
  std::optional<int> tries_left; // nullopt: not known
  card::PinPolicy policy;
};

// Which of these cards is to be used: 1 to max_cards_to_choose. Of a single one: whether it is.
struct CardQuestion {
  Caller caller;
  std::vector<CardPlace> cards;
  std::function<bool()> outdated; // whether these are not the cards any more: nobody has left it unanswered then
};
inline constexpr std::size_t max_cards_to_choose = 16;

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

// Given or Always; throws ConsentDenied when the person refuses.
boost::asio::awaitable<Consent> require_consent(Person& person, ConsentQuestion question);

} // namespace twcard::service
