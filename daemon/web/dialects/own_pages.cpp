#include "daemon/web/dialects/own_pages.hpp"

namespace twcard::web {

namespace {

constexpr std::string_view page_origin_field = "Twcard-Page-Origin";
constexpr const char* policy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri "
                               "'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for "
                               "'script'; trusted-types 'none'";

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

HttpResponse popup_page(const OwnPage& page, const std::set<std::string>& sites) {
  std::string list;
  for (const auto& site : sites) list += (list.empty() ? "" : " ") + site;
  return html(page, "<meta name=\"sites\" content=\"" + list + "\">\n");
}

HttpResponse own_script(std::string_view script) {
  return {200, "text/javascript; charset=utf-8", std::string(script), {}};
}

HttpResponse json_response(std::string text) {
  return {200, "application/json; charset=utf-8", std::move(text), {}};
}

HttpResponse plain_refusal(unsigned status, std::string_view text) {
  return {status, "text/plain; charset=utf-8", std::string(text) + "\n", {}};
}

std::string site_behind_popup(const HttpRequest& request, const std::set<std::string>& own_origins,
                              const std::set<std::string>& sites) {
  std::string site(only_value_of(request.fields, page_origin_field));
  if (!own_origins.contains(request.origin) || !sites.contains(site)) return {};
  return site;
}

} // namespace twcard::web
