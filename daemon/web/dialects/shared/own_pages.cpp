#include "daemon/web/dialects/shared/own_pages.hpp"

namespace twcard::web {

namespace {

constexpr std::string_view page_origin_field = "Twcard-Page-Origin";
constexpr const char* policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri "
                               "'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for "
                               "'script'; trusted-types 'none'";

// No answer goes to an origin that the browser has not named as the sender's, and none from a window that is closing,
// or that the page has opened again: the page would take it for the next one's.
constexpr auto script_of_popups = R"('use strict';
const sites = document.querySelector('meta[name=sites]').content.split(' ');
let patience;
let over = false;

function wait() {
  clearTimeout(patience);
  patience = setTimeout(() => close(), 30000);
}

function begin(message) {
  if (!opener) return;
  setInterval(() => { if (!opener || opener.closed) close(); }, 500);
  wait();
  // Whoever opened this window gets it only if its origin is one of these.
  for (const site of sites) opener.postMessage(message, site);
}

function isOfPage({ source, origin, data }) {
  return source === opener && sites.includes(origin) && typeof data === 'string';
}

async function relay({ source, origin, data }, path, failed) {
  clearTimeout(patience);
  const headers = { 'Content-Type': 'text/plain', 'Twcard-Page-Origin': origin };
  const answer = await fetch(path, { method: 'POST', headers, body: data })
    .then((response) => (response.ok ? response.text() : failed)).catch(() => failed);
  if (over) return false;
  // A page may ask its next question at once, in a window of the same name: it must not get this one, which closes.
  name = '';
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  if (over) return false;
  source.postMessage(answer, origin);
  wait();
  return true;
}

// Comes before requests are given up for the window's sake.
addEventListener('beforeunload', () => { over = true; });
)";

HttpResponse html(const OwnPage& page, const std::string& more_head) {
  const auto script = page.script.empty() ? "" : "<script src=\"" + page.script + "\" defer></script>\n";
  return {200,
          "text/html; charset=utf-8",
          "<!doctype html>\n<html lang=\"" + page.language + "\">\n<meta charset=\"utf-8\">\n<title>" + page.title +
              "</title>\n" + more_head + script + "<body>\n" + page.body + "</body>\n</html>\n",
          {{"Content-Security-Policy", policy}, {"X-Frame-Options", "DENY"}, {"Referrer-Policy", "no-referrer"}}};
}

} // namespace

HttpResponse own_page(const OwnPage& page) {
  return html(page, "");
}

HttpResponse popup_page(const OwnPage& page, const rpc::LegacySites& sites) {
  std::string list;
  for (const auto& site : sites.origins) list += (list.empty() ? "" : " ") + site;
  return html(page, "<meta name=\"sites\" content=\"" + list + "\">\n");
}

HttpResponse own_script(std::string_view script) {
  return {200, "text/javascript; charset=utf-8", std::string(script), {}};
}

HttpResponse popup_script(std::string_view dialects_part) {
  return own_script(std::string(script_of_popups) + std::string(dialects_part));
}

HttpResponse json_response(std::string text) {
  return {200, "application/json; charset=utf-8", std::move(text), {}};
}

HttpResponse plain_refusal(unsigned status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text) + "\n", {}};
}

bool is_at_localhost(const HttpRequest& request) {
  return only_value_of(request.fields, "Host").starts_with("localhost:");
}

std::string site_behind_popup(const HttpRequest& request, const std::set<std::string>& own_origins,
                              const rpc::LegacySites& sites) {
  std::string site(only_value_of(request.fields, page_origin_field));
  if (!own_origins.contains(request.origin) || !sites.allows(site)) return {};
  return site;
}

} // namespace twcard::web
