// The one exception type and its codes. What each code becomes at an edge (PKCS#11, JSON) is decided in one place per
// edge; every switch over Errc is exhaustive and has no default.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace twcard {

enum class Errc {
  PinIncorrect,       // the card said 63Cn; tries_left() is n
  PinBlocked,         // 6983 or 63C0
  PinLength,          // refused before the card saw it, or 6700
  PinRequired,        // 6982
  PinLastTry,         // not sent: a wrong one would lock the card, and the person has not agreed to that
  Cancelled,          // the person closed the prompt
  NoCard,             // no suitable card in any reader
  CardRemoved,        // pulled out in the middle, or swapped
  CardReset,          // another program holds or resets the card
  SeveralCards,       // more than one card fits: the caller has to name the reader
  NoReader,           // PC/SC works and knows no reader
  NoPcsc,             // pcscd cannot be reached
  UnsupportedCard,    // no driver recognises it
  BadCardData,        // the card said something that cannot be right
  CardRefused,        // a status word that has no meaning of its own here
  ProfileMissing,     // the operation needs a card profile that is not installed
  SignatureMismatch,  // the signature does not verify against the certificate; it was not released
  OriginDenied,       // policy refuses the site
  ConsentDenied,      // the user refused
  PromptUnavailable,  // no way to ask the person
  SiteUnreachable,    // the insurer's authentication site
  SiteFailed,         // it refused, or its answer is invalid; step() says where
  ServiceUnavailable, // twcardd or twcard-prompt cannot be reached
  Timeout,            // a deadline passed
  BadRequest,         // the caller's arguments; the context names the field and the limit
  Internal,           // a fault of ours
};

// Stable name of a code, as it stands in JSON: pin_incorrect, user_cancelled, ...
[[nodiscard]] std::string_view name_of(Errc code);
// The code of a name; Internal for a name that this version does not know.
[[nodiscard]] Errc errc_of(std::string_view name);

// The context is for people: what was being done and which field or limit was hit. It never holds octets of a card,
// a PIN, a name or a number of a person.
class Error final : public std::runtime_error {
public:
  Error(Errc code, const std::string& context) : std::runtime_error(context), m_code(code) {}
  Error(Errc code, const std::string& context, std::optional<int> tries_left)
      : std::runtime_error(context), m_code(code), m_tries_left(tries_left) {}

  Error(Errc code, const std::string& context, std::string step)
      : std::runtime_error(context), m_code(code), m_step(std::move(step)) {}

  [[nodiscard]] Errc code() const noexcept { return m_code; }
  // The remaining attempts that the card reports; only with PinIncorrect.
  [[nodiscard]] std::optional<int> tries_left() const noexcept { return m_tries_left; }
  // At which of several steps it failed, by its name in docs/service-protocol.md; else empty.
  [[nodiscard]] const std::string& step() const noexcept { return m_step; }

private:
  Errc m_code;
  std::optional<int> m_tries_left;
  std::string m_step;
};

// `part`, whose errors say that they belong to this step, unless they already name one.
template <typename Part>
auto at_step(const char* step, Part part) {
  try {
    return part();
  } catch (const Error& error) {
    if (!error.step().empty()) throw;
    throw Error(error.code(), error.what(), std::string(step));
  }
}

} // namespace twcard
