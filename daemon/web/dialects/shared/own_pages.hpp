// The pages that the dialects serve themselves, above all the popups: a window that a site's page opens, and that is
// the go-between of that page and this service. They hold no script of their own, show nothing that they are sent, and
// their policy allows neither. Source: docs/dialects/protocol.md, "The popups".
#pragma once

#include "daemon/web/front/http_exchange.hpp"
#include "rpc/legacy/settings.hpp"

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
// The script finds the sites, with spaces between, in <meta name=sites>, and speaks to no others.
[[nodiscard]] HttpResponse popup_page(const OwnPage& page, const rpc::LegacySites& sites);
[[nodiscard]] HttpResponse own_script(std::string_view script);
// Of a popup: what all of them do, which the dialect's part, behind it, uses. `begin(message)` says the message to the
// page if it is a site's; the window closes when the page's window has gone, and 30 s after it began or has answered.
// `isOfPage(event)` is what counts as the page's; `relay(event, path, failed)` hands its text to this service, and the
// answer, or `failed`, to the page: true when it has been handed, false when this window's time is over.
[[nodiscard]] HttpResponse popup_script(std::string_view dialects_part);
[[nodiscard]] HttpResponse json_response(std::string text);
[[nodiscard]] HttpResponse plain_refusal(unsigned status, std::string_view text);

// Whether the address is one of `localhost`. By another name a popup would be of an origin that is not ours, and its
// requests would get nothing.
[[nodiscard]] bool is_at_localhost(const HttpRequest& request);

// The site that asks by a request of a popup: the origin that the browser has told the popup, and the popup this
// service. Empty when it is not one of the sites, or when the request is not of our own page, which no other page can
// pretend.
[[nodiscard]] std::string site_behind_popup(const HttpRequest& request, const std::set<std::string>& own_origins,
                                            const rpc::LegacySites& sites);

} // namespace twcard::web
