// The pages that the dialects serve themselves, above all the popups: a window that a site's page opens, and that is
// the go-between of that page and this service. They hold no script of their own, show nothing that they are sent, and
// their policy allows neither. Source: docs/dialects.md, "The popups".
#pragma once

#include "daemon/web/http_exchange.hpp"

#include <set>
#include <string>
#include <string_view>

namespace twcard::web {

struct OwnPage {
  std::string language; // of BCP 47
  std::string title;
  std::string body;   // HTML
  std::string script; // its path; empty: none
};

[[nodiscard]] HttpResponse own_page(const OwnPage& page);
// `sites`: canonical origins, ASCII without quotation marks. The script finds them, with spaces between, in <meta
// name=sites>, and speaks to no others.
[[nodiscard]] HttpResponse popup_page(const OwnPage& page, const std::set<std::string>& sites);
[[nodiscard]] HttpResponse own_script(std::string_view script);
[[nodiscard]] HttpResponse json_response(std::string text);
[[nodiscard]] HttpResponse plain_refusal(unsigned status, std::string_view text);

// Who asks, by a request of a popup: the origin that the browser has told the popup, and the popup this service. Empty
// when it is none of the sites, or when the request is not of our own page, which no other page can pretend.
[[nodiscard]] std::string site_behind_popup(const HttpRequest& request, const std::set<std::string>& own_origins,
                                            const std::set<std::string>& sites);

} // namespace twcard::web
