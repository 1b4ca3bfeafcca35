// What has to happen before an operation reaches a card: one row per operation (docs/decisions/010).
//
// Questions to a person on behalf of a web site are rate-limited whatever the operation (person/prompt_rate.hpp).
#pragma once

#include "daemon/card/person/consent.hpp"
#include "driver/base/error.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace twcard::service {

enum class Callers { None, Sites, Programs, All };

[[nodiscard]] constexpr bool includes(Callers callers, const Caller& caller) {
  return callers == Callers::All || callers == (caller.origin ? Callers::Sites : Callers::Programs);
}

struct Policy {
  struct Holds {
    bool grantable = false;    // a site's consent to one card may be permanent (docs/decisions/009)
    bool remembered = false;   // the consent holds for the page's connection and this insertion of the card
    bool keeps_choice = false; // so does the choice of one of several cards, which the next question shows (008)
    bool opens_events = false; // from now on the page is notified about this card (control C5)
  };
  Operation operation = Operation::NhiRead;
  Callers may_request = Callers::None; // anybody else gets BadRequest
  Callers ask_person = Callers::None;  // for whose requests the person is asked for consent
  Holds holds{};
};

// The old interfaces spread one sign-in over several requests of a page; the native methods are complete in themselves
// and ask each time. The old interface to cards with keys has no events. A login has no question of its own: entering
// the PIN is the consent.
inline constexpr std::array policies{
    Policy{Operation::NhiRead, Callers::All, Callers::All, {.grantable = true, .opens_events = true}},
    Policy{Operation::NhiAuthenticate, Callers::Sites, Callers::Sites, {.opens_events = true}},
    // Any program of this user can read certificates through pcscd as well (docs/decisions/004).
    Policy{Operation::Certificates, Callers::All, Callers::Sites, {.grantable = true, .opens_events = true}},
    Policy{Operation::Authenticate, Callers::Sites, Callers::Sites, {.opens_events = true}},
    Policy{Operation::Sign, Callers::All, Callers::All, {.opens_events = true}},
    Policy{Operation::Login, Callers::Programs, Callers::None, {}},
    Policy{Operation::LegacyNhiRead,
           Callers::Sites,
           Callers::Sites,
           {.grantable = true, .remembered = true, .keeps_choice = true, .opens_events = true}},
    Policy{Operation::LegacyNhiSign, Callers::Sites, Callers::Sites, {.keeps_choice = true, .opens_events = true}},
    Policy{Operation::LegacyTokens,
           Callers::Sites,
           Callers::Sites,
           {.grantable = true, .remembered = true, .keeps_choice = true}},
    Policy{Operation::LegacySign, Callers::Sites, Callers::Sites, {.keeps_choice = true}},
    Policy{Operation::LegacyDecrypt, Callers::Sites, Callers::Sites, {.keeps_choice = true}}};

static_assert(std::ranges::all_of(policies,
                                  [](const Policy& row) { return row.holds.grantable == is_reading(row.operation); }));

// Throws Error(Internal) for an operation without a row.
[[nodiscard]] constexpr const Policy& policy_of(Operation operation, std::span<const Policy> table = policies) {
  const auto row = std::ranges::find(table, operation, &Policy::operation);
  if (row == table.end()) throw Error(Errc::Internal, "the operation has no policy");
  return *row;
}

// Throws Error(BadRequest) for a caller who may not request the operation.
inline void require_caller(const Policy& policy, const Caller& caller) {
  if (!includes(policy.may_request, caller))
    throw Error(Errc::BadRequest, caller.origin ? "origin: not for web sites" : "origin: missing");
}

} // namespace twcard::service
