// Cards and readers in words, for status, readers and events.
#pragma once

#include "rpc/error_text.hpp"

#include <boost/json/value.hpp>
#include <string>
#include <vector>

namespace twcard::cli {

// The `card` of a reader (docs/service-protocol.md, status.readers[]) in a few words: "no card", "NHI card, ready".
[[nodiscard]] std::string describe_card(const boost::json::value& card, Language language);

// "NHI card": the kind alone, for a card that is no longer there.
[[nodiscard]] std::string card_kind(const boost::json::object& card, Language language);

// What is missing before somebody can sign or log in with the card, and what to do, in lines; none when nothing is.
[[nodiscard]] std::vector<std::string> missing_profile_hint(const boost::json::value& card, Language language);

// What is known of the card's PIN tries, when it is worth knowing: a line, or none.
[[nodiscard]] std::vector<std::string> tries_hint(const boost::json::value& card, Language language);

} // namespace twcard::cli
