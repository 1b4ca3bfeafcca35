// The JSON of the NHIICC HTTP API. Source: docs/dialects/protocol.md, "NHIICC: the HTTP API".
#pragma once

#include "daemon/web/dialects/nhiicc/commands.hpp"

#include <boost/json/object.hpp>
#include <optional>

namespace twcard::web {

// The object that a text is; an empty text is one without members. Nothing for any other text, or below a depth of 8.
[[nodiscard]] std::optional<boost::json::object> nhiicc_object(std::string_view text);
// The text of a member, which is wiped there: it may be a password. Nothing for a member that is not a string.
[[nodiscard]] std::optional<ScrubbedBytes> take_text(boost::json::object& members, std::string_view name);
// `result`, which is the answer's code, and then its members.
[[nodiscard]] boost::json::object to_json(const NhiiccAnswer& answer);

} // namespace twcard::web
