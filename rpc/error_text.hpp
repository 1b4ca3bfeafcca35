// What an error code means, said to a person, in both languages of the project.
#pragma once

#include "driver/base/error.hpp"
#include "rpc/language.hpp"

#include <boost/json/object.hpp>
#include <string>

namespace twcard::rpc {

// One or two sentences: what happened and what to do. The remaining attempts are part of the text when the error knows
// them.
[[nodiscard]] std::string text_of(const Error& error, Language language);

// {"code": "...", "message": {"en": "...", "zh-TW": "..."}, "detail": "...", "tries_left": n}: the form of an error in
// every JSON protocol. `detail` is the error's context.
[[nodiscard]] boost::json::object to_json(const Error& error);

} // namespace twcard::rpc
