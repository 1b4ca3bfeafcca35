// What twcardd wants a person to be asked, checked and typed. Source: docs/service-protocol.md, "twcard-prompt".
// Paths and names are still untrusted text: wording.cpp makes them fit to be shown.
#pragma once

#include "driver/base/bytes.hpp"
#include "rpc/error_text.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

namespace twcard::prompt {

inline constexpr std::size_t max_origin_size = 255;

// Who asks: a web site (origin), or a program of this user (path and pid).
struct Caller {
  std::string origin; // letters, digits and .-_:/[] only; empty for a program
  std::string program;
  std::int64_t pid = 0;
};

// Legacy...: of a site, over one of the old local protocols, whose answers are not bound to it (control C10).
enum class Operation {
  ReadNhi,
  AuthenticateNhi,
  Certificates,
  Authenticate,
  Sign,
  Login,
  LegacyReadNhi,
  LegacySignNhi,
  LegacyTokens,
  LegacySign,
  LegacyDecrypt
};
[[nodiscard]] constexpr bool is_reading(Operation operation) {
  return operation == Operation::ReadNhi || operation == Operation::Certificates ||
         operation == Operation::LegacyReadNhi || operation == Operation::LegacyTokens;
}
[[nodiscard]] constexpr bool is_legacy(Operation operation) {
  return operation >= Operation::LegacyReadNhi;
}

enum class Field { CardNumber, Name, IdNumber, BirthDate, Sex, IssueDate, Termination };

// `kind` and `holder` are for rpc::card_name.
struct CardPlace {
  std::string kind;
  std::string holder;
  std::string reader;
  std::string owner{}; // as in its certificate; empty where that is not known
};

// Where and in which language to ask. What is not given is taken from this program's own environment; but a terminal
// that comes without a display is asked on the terminal, not on a screen that its user may not sit at.
struct Surface {
  std::optional<std::string> language, display, wayland_display, xauthority, tty, term;
};

struct ConsentRequest {
  Caller caller;
  Operation operation = Operation::ReadNhi;
  std::vector<Field> fields;      // ReadNhi: 1 to 8
  std::string hash_function;      // Sign, LegacySign
  Bytes hash;                     // the same: 20 to 64 octets
  bool may_be_remembered = false; // the answer may be once for all: of a site, to read
  std::optional<CardPlace> card;
  Surface surface;
};

struct PinRequest {
  Caller caller;
  Operation operation = Operation::Authenticate;
  std::optional<CardPlace> card;
  std::optional<int> tries_left;              // nullopt: not known
  std::size_t min_length = 0, max_length = 0; // octets, 1 to 64
  Surface surface;
};

// Whether a PIN try may be used after which a wrong PIN locks the card.
struct LastTryRequest {
  Caller caller;
  std::optional<CardPlace> card;
  Surface surface;
};

// Which of these cards is to be used: 1 to 16.
struct CardRequest {
  Caller caller;
  std::vector<CardPlace> cards;
  Surface surface;
};

// All throw Error(BadRequest) that names the member.
[[nodiscard]] ConsentRequest consent_request_of(const boost::json::object& params);
[[nodiscard]] PinRequest pin_request_of(const boost::json::object& params);
[[nodiscard]] LastTryRequest last_try_request_of(const boost::json::object& params);
[[nodiscard]] CardRequest card_request_of(const boost::json::object& params);

} // namespace twcard::prompt
