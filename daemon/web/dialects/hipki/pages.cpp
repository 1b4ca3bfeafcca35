#include "daemon/web/dialects/hipki/pages.hpp"

#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"
#include "daemon/web/dialects/shared/texts.hpp"
#include "rpc/card_name.hpp"

#include <fmt/format.h>

namespace twcard::web::hipki {

namespace {

constexpr auto script = R"(
const failed = JSON.stringify({ func: '', ret_code: 0x7600000D, last_error: 0, message: noReply });
let asked = false;

addEventListener('message', async (event) => {
  if (asked || !isOfPage(event)) return;
  asked = true;
  if (await relay(event, '/popup', failed)) close();
});

begin('{"func":"getTbs"}');
)";

// It does not close by itself: whoever opened it would see that, and so learn whom the list names.
constexpr auto script_for_domains = R"('use strict';
const sites = document.querySelector('meta[name=sites]').content.split(' ');
const domain = new URLSearchParams(location.search).get('domain');
const known = sites.some((site) => new URL(site).hostname === domain);

for (const site of opener ? sites : []) opener.postMessage(JSON.stringify({ ret_code: known ? 0 : 0x7600000F }), site);
)";

// One grey pixel, GIF89a.
constexpr std::string_view
    image("GIF89a\x01\x00\x01\x00\x80\x00\x00\x80\x80\x80\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01"
          "\x00\x00\x02\x02"
          "D\x01\x00;",
          35);

std::string in_both_languages(Text text) {
  return fmt::format("<p role=\"status\">{}</p>\n<p lang=\"en\">{}</p>\n", text.zh, text.en);
}

} // namespace

HttpResponse popup_page(Language language, const rpc::LegacySites& sites) {
  const auto* tag = language == Language::TraditionalChinese ? "zh-Hant-TW" : "en";
  const auto body = fmt::format("<p role=\"status\"><img src=\"/waiting.gif\" alt=\"\"> {}</p>\n",
                                texts::popup.in(language, rpc::card_name({}, {}, language), "hipki"));
  return web::popup_page({tag, std::string(texts::card_title.in(language)), body, "/popup.js"}, sites);
}

HttpResponse popup_script() {
  return web::popup_script(fmt::format("const noReply = '{}';\n{}", texts::no_reply.zh, script));
}

HttpResponse domain_page(bool known, const rpc::LegacySites& sites) {
  const auto text = known ? texts::site_allowed : texts::site_not_added;
  return web::popup_page({"zh-Hant-TW", "twcard", in_both_languages(text), "/domain.js"}, sites);
}

HttpResponse domain_script() {
  return own_script(script_for_domains);
}

HttpResponse self_test_page() {
  const auto body = fmt::format("{}<p>version:{}</p>\n", in_both_languages(texts::running), interface_version);
  return own_page({"zh-Hant-TW", "twcard", body, ""});
}

HttpResponse waiting_image() {
  return {200, "image/gif", std::string(image), {}};
}

} // namespace twcard::web::hipki
