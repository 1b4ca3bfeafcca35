// What `twcard setup legacy` says of the sites that may use an old local interface.
#pragma once

#include "cli/frame/command.hpp"
#include "cli/legacy/settings.hpp"

#include <boost/json/object.hpp>

namespace twcard::cli {

// `origins`, and `page_pins` where there are any.
[[nodiscard]] boost::json::object sites_form(const LegacySites& sites);
// A line a site, indented; those that are not among `before` are marked as new.
[[nodiscard]] std::string sites_text(const LegacySites& sites, const LegacySites& before, Language language);

// Prints what is on, for whom, and what NHIICC has of what it needs. Changes nothing.
[[nodiscard]] ExitCode list_legacy(const Context& context);

} // namespace twcard::cli
