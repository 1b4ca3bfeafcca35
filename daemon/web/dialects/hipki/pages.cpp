#include "daemon/web/dialects/hipki/pages.hpp"

#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/shared/own_pages.hpp"

namespace twcard::web::hipki {

namespace {

struct PopupText {
  const char* tag;
  const char* title;
  const char* text;
};

PopupText text_in(PageLanguage language) {
  switch (language) {
  case PageLanguage::English:
    return {
        "en", "Smart card",
        "A site asks for your card. Please look for the question on your screen. When nothing happens, the site that "
        "opened this window may not use your card; <code>twcard setup legacy hipki --allow</code> names those that "
        "may."};
  case PageLanguage::TraditionalChinese:
    return {"zh-Hant-TW", "智慧卡",
            "網站要求使用您的卡片，請留意螢幕上的詢問。若沒有反應，表示開啟此視窗的網站不在允許之列；"
            "可用 <code>twcard setup legacy hipki --allow</code> 指定允許的網站。"};
  }
  return {};
}

constexpr auto script = R"(
const failed = JSON.stringify({ func: '', ret_code: 0x7600000D, last_error: 0, message: '服務沒有回應' });
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

} // namespace

HttpResponse popup_page(PageLanguage language, const std::set<std::string>& sites) {
  const auto [tag, title, text] = text_in(language);
  const auto body = std::string("<p role=\"status\"><img src=\"/waiting.gif\" alt=\"\"> ") + text + "</p>\n";
  return web::popup_page({tag, title, body, "/popup.js"}, sites);
}

HttpResponse popup_script() {
  return web::popup_script(script);
}

HttpResponse domain_page(bool known, const std::set<std::string>& sites) {
  const char* text =
      known ? "此網站已可使用您的卡片。This site may use your card."
            : "網站不能自行加入。若您信任該網站，請執行 <code>twcard setup legacy hipki --allow https://該網站</code>。"
              "A site cannot add itself. If you trust it, run <code>twcard setup legacy hipki --allow "
              "https://that.site</code>.";
  return web::popup_page({"zh-Hant-TW", "twcard", std::string("<p role=\"status\">") + text + "</p>\n", "/domain.js"},
                         sites);
}

HttpResponse domain_script() {
  return own_script(script_for_domains);
}

HttpResponse self_test_page() {
  const auto body = std::string("<p>twcard 正在執行。twcard is running. version:") + interface_version + "</p>\n";
  return own_page({"zh-Hant-TW", "twcard", body, ""});
}

HttpResponse waiting_image() {
  return {200, "image/gif", std::string(image), {}};
}

} // namespace twcard::web::hipki
