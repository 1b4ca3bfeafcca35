// Names of readers as the rest of the program knows them. PC/SC gives octets: a driver may have put any there, and
// pcscd cuts a long name in the middle of a character.
#pragma once

#include <string>
#include <vector>

namespace twcard::reader {

// A name for each of PC/SC's, in their order: valid UTF-8, and different where theirs are. A valid name stays as it is.
[[nodiscard]] std::vector<std::string> shown_names(const std::vector<std::string>& names);

// The one of `names` that is shown so; `shown` itself when there is none, which PC/SC then does not know either.
[[nodiscard]] std::string name_shown_as(const std::string& shown, const std::vector<std::string>& names);

} // namespace twcard::reader
