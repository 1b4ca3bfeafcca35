// The `setup` commands: what they register where, and the sites that may use the old local interfaces.
#pragma once

#include "driver/base/text.hpp"

namespace twcard::cli::texts {

namespace place {
inline constexpr Text registered{"registered", "已註冊"};
inline constexpr Text already_registered{"already registered", "先前已註冊"};
inline constexpr Text for_everybody{"registered for all users", "已為所有使用者註冊"};
inline constexpr Text through_p11_kit{"available through p11-kit", "經由 p11-kit 使用"};
inline constexpr Text removed{"removed", "已移除"};
inline constexpr Text not_registered{"was not registered", "原本就未註冊"};
inline constexpr Text needs_rights{"needs an administrator", "需要系統管理員權限"};
inline constexpr Text failed{"failed", "失敗"};
} // namespace place

// Tools that change the browsers' databases.
namespace tool {
inline constexpr TextWith<std::string_view> not_installed{"{} is not installed; on Debian: apt install libnss3-tools",
                                                          "未安裝 {}；在 Debian 上：apt install libnss3-tools"};
inline constexpr TextWith<std::string_view, std::string_view, std::string_view> failed{"{} {}: {}", "{} {}：{}"};
} // namespace tool

namespace setup {
inline constexpr Text unusable_module_path{"--module: the path contains a line break or a quotation mark",
                                           "--module：路徑中有換行或引號"};
inline constexpr Text restart_browsers{"Running browsers use the module after they are restarted.",
                                       "執行中的瀏覽器重新啟動後生效。"};
inline constexpr Text undo{"remove all registrations", "取消所有註冊"};
inline constexpr Text module{"register this module", "註冊這個模組檔案"};
inline constexpr Text summary{"register the PKCS#11 module with your browsers and p11-kit",
                              "將 PKCS#11 模組註冊到您的瀏覽器與 p11-kit"};
inline constexpr Text details{
    "Registers the card module for this user with Chromium, Firefox, Thunderbird and the\n"
    "programs that use p11-kit. It can be run again, and has to be after a new browser profile\n"
    "was created. --undo removes everything that it registered.",
    "為這位使用者將卡片模組註冊到 Chromium、Firefox、Thunderbird 以及使用 p11-kit 的程式。\n"
    "可重複執行；之後新增的瀏覽器設定檔需再執行一次。--undo 取消所有註冊。"};
} // namespace setup

namespace legacy {
inline constexpr Text page_pins_of_hipki{"--page-pins and --no-page-pins are for hipki only",
                                         "--page-pins 與 --no-page-pins 僅適用於 hipki"};
inline constexpr Text page_pins_or_none{"use either --page-pins or --no-page-pins, not both",
                                        "--page-pins 與 --no-page-pins 只能擇一"};
inline constexpr Text one_interface{"one interface at a time", "一次只能指定一個介面"};
inline constexpr Text which_interface{"which interface: nhiicc or hipki?", "要設定哪個介面？nhiicc 或 hipki"};
inline constexpr TextWith<std::string_view> unknown_interface{"unknown interface {}; use nhiicc or hipki, or `remove`",
                                                              "沒有 {} 這個介面；可用 nhiicc、hipki，或 `remove`"};
inline constexpr TextWith<std::string_view> not_with_remove{
    "remove switches an interface off for all sites: {} cannot be combined with it",
    "remove 會對所有網站關閉介面：不可同時使用 {}"};
inline constexpr Text which_sites{"which sites may use it? Add --allow https://site.example for each of them",
                                  "哪些網站可以使用？請逐一加上 --allow https://site.example"};
inline constexpr TextWith<std::size_t, std::size_t> too_many_sites{"{} sites: at most {} may use it",
                                                                   "共 {} 個網站：最多 {} 個"};
inline constexpr TextWith<std::string_view> page_pins_not_allowed{
    "--page-pins {}: this site is not allowed; add it with --allow as well",
    "--page-pins {}：這個網站尚未獲准；請同時加上 --allow"};
inline constexpr TextWith<std::string_view> unreadable_settings{
    "{} was not written by this program; `twcard setup legacy remove` deletes it",
    "{} 不是本程式所寫的內容；`twcard setup legacy remove` 可將它移除"};
inline constexpr TextWith<std::string_view, std::string_view> other_address{
    "{} gives {} another address; remove that line", "{} 將 {} 指向其他位址；請移除該行"};
inline constexpr Text add_line{"this command adds the missing line:", "請執行此指令，加入所缺的一行："};
inline constexpr Text remove_line{"this command removes the line:", "請執行此指令，移除該行："};

inline constexpr TextWith<std::string_view> may_be_used_by{"{} may be used by:", "可使用 {} 的網站："};
inline constexpr Text no_longer_by{"and no longer by (--allow gives the whole list):",
                                   "不再允許（--allow 所列即為全部）："};
inline constexpr Text new_site{" (new)", "（新增）"};
inline constexpr Text with_page_pins{" (the PIN entered on its page is used)", "（採用其網頁上輸入的 PIN 碼）"};
inline constexpr Text needs_profile{
    "SignHC (H_Sign) and EncryptPwd (EnCrypt) need a card profile of kind nhi, and none is installed:\n"
    "see docs/card-profiles.md and docs/nhi-authentication.md. The other commands work without it.",
    "SignHC（H_Sign）與 EncryptPwd（EnCrypt）需要 nhi 類的卡片設定檔，目前未安裝：\n"
    "請見 docs/card-profiles.md、docs/nhi-authentication.md。其他指令不需要。"};
inline constexpr Text trusted_after_restart{"Running browsers trust the certificate after they are restarted.",
                                            "執行中的瀏覽器重新啟動後才會信任憑證。"};
inline constexpr Text trusted_until_restart{"Running browsers trust the certificate until they are restarted.",
                                            "執行中的瀏覽器在重新啟動前仍會信任憑證。"};
inline constexpr Text start_web{
    "twcard-web has to be running. With systemd: systemctl --user enable --now twcard-web.service",
    "twcard-web 必須執行中。使用 systemd 時：systemctl --user enable --now twcard-web.service"};

inline constexpr Text on_for_these_sites{"on, for these sites:", "已開啟，供下列網站使用："};
inline constexpr Text off{"off", "未開啟"};
inline constexpr Text certificate{"certificate", "憑證"};
inline constexpr Text no_certificate{"no usable certificate", "沒有可用的憑證"};
inline constexpr TextWith<std::string_view, long, std::string_view> certificate_until{"until {} ({} days left), {}",
                                                                                      "至 {}（剩 {} 天），{}"};
inline constexpr Text browser{"browser", "瀏覽器"};
inline constexpr Text browsers{"browsers", "瀏覽器"};
inline constexpr Text trusts{"trusts the certificate", "信任憑證"};
inline constexpr Text does_not_trust{"does not trust the certificate", "不信任憑證"};
inline constexpr Text hosts_file{"hosts file", "hosts 檔"};
inline constexpr TextWith<std::string_view> points_here{"{} points to this computer", "{} 指向這台電腦"};
inline constexpr TextWith<std::string_view> does_not_point_here{"{} does not point to this computer",
                                                                "{} 未指向這台電腦"};
inline constexpr Text card_profile{"card profile", "卡片設定檔"};
inline constexpr Text has_profile{"installed for the NHI card", "已安裝健保卡的設定檔"};
inline constexpr Text has_no_profile{"none for the NHI card", "沒有健保卡的設定檔"};
inline constexpr Text how_to_switch_on{"To switch one on: twcard setup legacy nhiicc --allow https://site.example",
                                       "開啟：twcard setup legacy nhiicc --allow https://site.example"};

inline constexpr Text allow{"a site that may use it; the sites given are the whole list", "可使用的網站；所列即為全部"};
inline constexpr Text page_pins{"hipki: use the PIN entered on this site's page instead of asking for it",
                                "hipki：採用這個網站的網頁上輸入的 PIN 碼，而不詢問"};
inline constexpr Text no_page_pins{"hipki: ask for the PIN at every site again", "hipki：所有網站都恢復詢問 PIN 碼"};
inline constexpr Text summary{"let certain sites use an old local interface", "讓指定的網站使用舊式本機介面"};
inline constexpr Text details{
    "nhiicc: for sites written for the local service of the NHI card.\n"
    "hipki: for sites written for the local signature server of the citizen certificate card.\n"
    "Both are off until this command names the sites that may use them. They are less secure:\n"
    "their replies are not bound to the site (docs/dialects/threats.md).\n"
    "nhiicc also creates a certificate for this computer only and makes this user's browsers\n"
    "trust it. Run the command again to renew a certificate that expires soon.\n"
    "remove switches one interface, or both, off and removes what belongs to it.\n"
    "Without an interface: lists what is on, for which sites, and the certificate.\n"
    "Do not use sudo: where an administrator is needed, a command to copy is shown.",
    "nhiicc：供為健保卡本機服務撰寫的網站使用。\n"
    "hipki：供為自然人憑證本機簽章服務撰寫的網站使用。\n"
    "兩者預設關閉，僅供此指令所列網站使用；安全性較低：其回應未與網站綁定（docs/dialects/threats.md）。\n"
    "nhiicc 會製作僅限這台電腦的憑證，並讓這位使用者的瀏覽器信任它；重複執行會更新即將到期的憑證。\n"
    "remove 關閉其中之一或全部，並移除所屬設定。\n"
    "未指定介面時，列出已開啟的介面、允許的網站與憑證。\n"
    "請勿使用 sudo：需要系統管理員的部分會列出可複製的指令。"};
} // namespace legacy

} // namespace twcard::cli::texts
