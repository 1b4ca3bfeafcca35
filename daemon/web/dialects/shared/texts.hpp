// Every sentence that the pages and answers of the dialects show to a person. The pages are of a user who may not know
// twcard; so they say what to do next.
#pragma once

#include "driver/base/text.hpp"

namespace twcard::web::texts {

// Of a popup: the card, the dialect's name on the command line. HTML.
inline constexpr TextWith<std::string_view, std::string_view> popup{
    "A site asks to use your {0}. Please answer the question in the window that opens. If no window opens, the site is "
    "not allowed to use your card. If you trust it, <code>twcard setup legacy {1} --allow</code> allows it.",
    "網站要求使用您的{0}，請回答螢幕上的詢問視窗。若沒有出現視窗，表示此網站未獲准使用您的卡片；若您信任該網站，可用 "
    "<code>twcard setup legacy {1} --allow</code> 允許它。"};
inline constexpr Text nhi_title{"NHI card", "健保卡"};
inline constexpr Text card_title{"Smart card", "智慧卡"};

// NHIICC.
inline constexpr Text connection_trusted{
    "This connection is trusted: this browser can use the NHI card component on this computer.",
    "連線受信任：這個瀏覽器可以使用這台電腦的健保卡元件。"};

// HiPKI.
inline constexpr Text running{"twcard is running.", "twcard 執行中。"};
inline constexpr Text site_allowed{"This site may use your card.", "此網站已可使用您的卡片。"};
inline constexpr Text site_not_added{
    // HTML
    "A site cannot add itself. If you trust it, run <code>twcard setup legacy hipki --allow https://that.site</code>.",
    "網站不能自行加入。若您信任該網站，請執行 <code>twcard setup legacy hipki --allow https://該網站</code>。"};
inline constexpr Text unsupported{"This function is not supported.", "不支援這項功能。"};
inline constexpr Text no_reply{"The service did not reply.", "服務沒有回應。"};
inline constexpr Text pin_incorrect{"incorrect PIN", "PIN 碼錯誤"};
inline constexpr Text pin_incorrect_two_left{"incorrect PIN, two attempts left", "PIN 碼錯誤，還有兩次機會"};
inline constexpr Text pin_one_left{"one PIN attempt left", "PIN 碼只剩一次機會"};
inline constexpr Text pin_length{"PIN of the wrong length", "PIN 碼長度不符"};
inline constexpr Text pin_locked{"PIN locked", "PIN 碼已鎖定"};

// Refusals that only the makers of a page see.
inline constexpr std::string_view get_only = "GET only";
inline constexpr std::string_view popup_at_localhost = "the popup is at localhost";
inline constexpr std::string_view site_not_allowed = "this site may not use the card";

} // namespace twcard::web::texts
