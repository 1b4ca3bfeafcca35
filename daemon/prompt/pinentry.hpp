// One question to the person through the installed pinentry, over the Assuan protocol (libassuan, in pinentry.cpp only;
// commands: pinentry's manual, "Protocol").
//
// Every question starts a pinentry of its own and ends it before the answer is given. Calls block until the person
// answers, at most `timeout` and then some seconds, and can be cancelled from another thread: the dialog is then ended
// with SIGTERM, and with SIGKILL after `grace`.
//
// Throws Error: Cancelled (closed by the user, or the request was cancelled), Timeout, PromptUnavailable (no
// pinentry, no display or terminal, it died), PinLength.
#pragma once

#include "daemon/prompt/cancellation.hpp"
#include "daemon/prompt/wording.hpp"
#include "driver/base/secure_bytes.hpp"

#include <chrono>

namespace twcard::prompt {

struct PinentryOptions {
  std::string program = "pinentry"; // a path, or a name to be found on PATH
  std::chrono::seconds timeout = std::chrono::seconds(120);
  std::chrono::milliseconds grace = std::chrono::seconds(2);
};

// True: allowed. False: refused.
[[nodiscard]] bool ask_consent(const PinentryOptions& options, const Surface& surface, const Dialog& dialog,
                               const Cancellation& cancellation);

// A consent that may be permanent. The middle button of the first dialog, or whatever a pinentry reports as
// it, leads to a second dialog, and there only its button to allow means Always: pinentries differ in what closing a
// dialog, Escape and an unknown key are. In all at most `options.timeout`.
[[nodiscard]] Consent ask_consent_to_keep(const PinentryOptions& options, const ConsentRequest& request,
                                          Language language, const Cancellation& cancellation);

// The place of the card that is to be used; the cards are shown one after the other, once. No other button than the one
// that takes a card does so: pinentries differ in what closing a dialog or refusing means. In all at most
// `options.timeout`.
[[nodiscard]] std::size_t ask_card(const PinentryOptions& options, const CardRequest& request, Language language,
                                   const Cancellation& cancellation);

// The PIN as typed, `min_length` to `max_length` octets (at most rpc::max_pin_octets); asked again twice when it is
// shorter or longer. It is never outside locked memory of this process.
[[nodiscard]] SecureBytes ask_pin(const PinentryOptions& options, const Surface& surface, const Dialog& dialog,
                                  std::size_t min_length, std::size_t max_length, const Cancellation& cancellation);

} // namespace twcard::prompt
