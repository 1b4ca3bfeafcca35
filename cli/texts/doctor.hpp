// The rows of `twcard doctor`: what is looked at, what was found, and what to do. Advice that is a command alone has no
// language.
#pragma once

#include "driver/base/text.hpp"

#include <cstdint>

namespace twcard::cli::texts::doctor {

inline constexpr Text summary{"find out why a reader or a site does not work", "檢查讀卡機、驅動程式、權限與舊式介面"};
inline constexpr Text details{
    "Checks the USB readers, their drivers and your access rights, and the old local interfaces\n"
    "that are switched on (twcard setup legacy): ports, certificate, browsers, hosts file, card\n"
    "profile. Says how to fix what is wrong. Needs no service and changes nothing.",
    "檢查 USB 上的讀卡機、驅動程式與權限，以及已開啟的舊式介面（twcard setup legacy）：\n"
    "連接埠、憑證、瀏覽器、hosts 檔與卡片設定檔，並說明如何修正。\n"
    "不需要服務，也不會變更任何設定。"};

// Readers.
inline constexpr Text no_reader{"no reader is connected", "沒有接上讀卡機"};
inline constexpr Text ready{"a driver is installed", "已安裝驅動程式"};
inline constexpr Text no_driver{"no driver is installed", "沒有驅動程式"};
inline constexpr Text several_drivers{"more than one driver claims it; the vendor's old one may be in the way",
                                      "有多個驅動程式爭用，可能是廠商的舊驅動程式"};
inline constexpr Text unusable_driver{
    "its driver cannot run here: the library is missing or made for another processor",
    "驅動程式無法在此執行：缺少程式庫，或是為其他處理器製作"};
inline constexpr Text no_rights{"a driver is installed; you may not open the reader yourself, and pcscd may refuse you",
                                "已安裝驅動程式；您本人無權直接開啟讀卡機，pcscd 也可能拒絕您"};
inline constexpr Text install_own_driver{"install ifd-ez100pu.bundle, a part of twcard",
                                         "請安裝 twcard 的 ifd-ez100pu.bundle"};
inline constexpr TextWith<std::string_view> keep_one_driver{
    "keep one of {} in /usr/lib/pcsc/drivers and restart pcscd",
    "請在 /usr/lib/pcsc/drivers 保留 {} 其中之一，再重新啟動 pcscd"};
inline constexpr TextWith<std::string_view, std::string_view> replace_driver{
    "remove {} from /usr/lib/pcsc/drivers, restart pcscd; {}",
    "請從 /usr/lib/pcsc/drivers 移除 {} 並重新啟動 pcscd；{}"};
inline constexpr Text get_rights{"log in at this computer itself, or join the group twcard-readers",
                                 "請在這台電腦前登入，或加入 twcard-readers 群組"};

// The old interfaces: where the list of `twcard setup legacy` shows the same, the text is in texts/setup.hpp.
inline constexpr TextWith<std::string_view> interface { "old interface {}", "舊式介面 {}" };
inline constexpr TextWith<std::string_view> on_for{"on, for {}", "已開啟，供 {} 使用"};
inline constexpr TextWith<std::uint16_t> port{"port {}", "連接埠 {}"};
inline constexpr Text served{"twcard-web is listening", "twcard-web 正在接聽"};
inline constexpr Text closed{"nothing is listening", "沒有程式接聽"};
inline constexpr TextWith<std::string_view, int> taken_by{"in use by another program: {} (process {})",
                                                          "已被其他程式占用：{}（處理程序 {}）"};
inline constexpr Text taken{"in use by another program, perhaps of another user",
                            "已被其他程式占用，可能屬於其他使用者"};
inline constexpr Text start_web{
    "systemctl --user enable --now twcard-web.service; if it is running already, its log shows the reason: journalctl "
    "--user -u twcard-web.service",
    "systemctl --user enable --now twcard-web.service；若已在執行，原因請見記錄：journalctl --user -u "
    "twcard-web.service"};
inline constexpr TextWith<std::uint16_t> free_port{
    "remove that program (an old component?), then run: systemctl --user restart twcard-web.service. To find the "
    "program: sudo ss -ltnp 'sport = :{}'",
    "請移除該程式（可能是舊元件），再執行：systemctl --user restart twcard-web.service。查詢是哪個程式：sudo ss -ltnp "
    "'sport = :{}'"};
inline constexpr TextWith<std::string_view> expired{"expired on {}", "已於 {} 到期"};
inline constexpr TextWith<std::string_view, long> valid_until{"until {}, {} days left", "至 {}，剩 {} 天"};
inline constexpr TextWith<std::string_view, std::string_view> browser{"{} ({})", "{}（{}）"};
inline constexpr TextWith<std::string_view> then_restart_browser{"{}, then restart the browser",
                                                                 "{}，再重新啟動瀏覽器"};
inline constexpr Text nhi_profile{"card profile of kind nhi", "nhi 類的卡片設定檔"};
inline constexpr Text installed{"installed", "已安裝"};
inline constexpr Text nhi_profile_missing{"none; SignHC (H_Sign) and EncryptPwd (EnCrypt) need one",
                                          "沒有；SignHC（H_Sign）與 EncryptPwd（EnCrypt）需要"};
inline constexpr Text read_about_profiles{"see docs/card-profiles.md and docs/nhi-authentication.md",
                                          "請見 docs/card-profiles.md、docs/nhi-authentication.md"};
inline constexpr Text interfaces{"old interfaces", "舊式介面"};
inline constexpr Text not_under_sudo{"each user has their own, so they are not checked with sudo",
                                     "屬於各使用者，使用 sudo 時不檢查"};
inline constexpr Text run_without_sudo{"run twcard doctor without sudo", "請不要加 sudo 執行 twcard doctor"};

} // namespace twcard::cli::texts::doctor
