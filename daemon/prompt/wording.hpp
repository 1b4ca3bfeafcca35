// What the dialogs say, in English and in Traditional Chinese as it is written in Taiwan.
//
// Pure functions. The caller stands on a line of its own, what will leave is listed item by item. An origin is shown
// whole, since prompt_request lets no other characters in than those of an origin; everything else that comes from a
// caller or a card goes through safe_text and is bounded, so that a description always fits the 1000 octets of an
// Assuan line once it is escaped.
#pragma once

#include "daemon/prompt/prompt_request.hpp"

namespace twcard::prompt {

// UTF-8; lines end in "\n". The first line of a description is always the project's own text: Qt decides by the first
// line whether a label is markup.
struct Dialog {
  std::string title;
  std::string description;
  std::string label;             // of the entry field; PIN only
  std::string too_short_or_long; // what to say about a PIN of a wrong length; PIN only
  std::string approve;
  std::string refuse; // not of a PIN, and not of the last card
  std::string cancel;
  std::string
      always{}; // of a consent that may be remembered: a button between the others, which leads to always_dialog
};

[[nodiscard]] Dialog consent_dialog(const ConsentRequest& request, Language language);
// Whether the site may read this from now on without a question.
[[nodiscard]] Dialog always_dialog(const ConsentRequest& request, Language language);
[[nodiscard]] Dialog pin_dialog(const PinRequest& request, Language language);
[[nodiscard]] Dialog last_try_dialog(const LastTryRequest& request, Language language);
// Whether the card at this place is the one to use; to refuse means to be shown the next one.
[[nodiscard]] Dialog card_dialog(const CardRequest& request, std::size_t place, Language language);

} // namespace twcard::prompt
