// What the program says whatever the command: help, wrong usage, exit statuses, errors, files.
#pragma once

#include "driver/base/text.hpp"

namespace twcard::cli::texts {

namespace help {
inline constexpr Text about{"twcard: use NHI cards and certificate cards on this computer.",
                            "twcard：在這台電腦上使用健保卡與憑證卡。"};
inline constexpr TextWith<std::string_view> usage{"Usage: twcard {}", "用法：twcard {}"};
inline constexpr Text any_command{"COMMAND [options]", "指令 [選項]"};
inline constexpr Text commands{"Commands:", "指令："};
inline constexpr Text options{"Options:", "選項："};
inline constexpr Text exit_status{"Exit status:", "結束狀態："};
inline constexpr Text try_first{"Start with: twcard status. Help for a command: twcard COMMAND --help",
                                "可先執行：twcard status。個別指令的說明：twcard 指令 --help"};
} // namespace help

// Options of every command, and those of several.
namespace option {
inline constexpr Text json{"print JSON, including errors, for programs", "輸出 JSON（包括錯誤），供程式使用"};
inline constexpr Text no_start{"do not start the services if they are not running", "服務未執行時不自動啟動"};
inline constexpr Text help{"show this help", "顯示說明"};
inline constexpr Text version{"show the version", "顯示版本"};
inline constexpr Text reader{"use the card in this reader", "使用這個讀卡機中的卡片"};
inline constexpr Text force{"overwrite existing files", "覆寫已存在的檔案"};
inline constexpr Text hash{"SHA-256 (default), SHA-384 or SHA-512", "SHA-256（預設）、SHA-384 或 SHA-512"};
} // namespace option

namespace usage {
inline constexpr TextWith<std::string_view, std::string_view> of_command{"usage: twcard {} {}", "用法：twcard {} {}"};
inline constexpr TextWith<std::string_view> unknown_option{"unknown option {}", "沒有 {} 這個選項"};
inline constexpr TextWith<std::string_view, std::string_view> unknown_option_like{"unknown option {}; did you mean {}?",
                                                                                  "沒有 {} 這個選項，是不是 {}？"};
inline constexpr TextWith<std::string_view> option_twice{"{} is given twice", "{} 重複了"};
inline constexpr TextWith<std::string_view> no_value{"{} takes no value", "{} 後面不接值"};
inline constexpr TextWith<std::string_view, std::string_view> needs_value{"{0} needs a value: {0} {1}",
                                                                          "{0} 需要一個值：{0} {1}"};
inline constexpr TextWith<std::string_view> missing{"{} is missing", "缺少 {}"};
inline constexpr Text no_command{"no command was given; `twcard --help` lists the commands",
                                 "缺少指令；`twcard --help` 會列出所有指令"};
inline constexpr TextWith<std::string_view> unknown_command{"unknown command {}; `twcard --help` lists the commands",
                                                            "沒有 {} 這個指令；`twcard --help` 會列出所有指令"};
inline constexpr TextWith<std::string_view, std::string_view> unknown_command_like{
    "unknown command {}; did you mean {}?", "沒有 {} 這個指令；是不是 {}？"};
inline constexpr TextWith<std::string_view> unknown_hash{"unknown hash function {}; use SHA-256, SHA-384 or SHA-512",
                                                         "沒有 {} 這個雜湊函數；可用 SHA-256、SHA-384 或 SHA-512"};
inline constexpr TextWith<std::string_view> not_an_origin{
    "{} is not the address of a site (origin); it must look like https://site.example",
    "{} 不是網站網址（origin）；格式如 https://site.example"};
inline constexpr TextWith<std::string_view> under_sudo{
    "with sudo this would be set up for root, not for {}; run it without sudo. Where an administrator is needed, a "
    "command to copy is shown",
    "使用 sudo 會設定到 root，而不是 {}；請不要加 sudo 執行。需要系統管理員的部分，會列出可複製的指令"};
} // namespace usage

namespace exit_status {
inline constexpr Text done{"done", "完成"};
inline constexpr Text failed{"the operation failed", "操作失敗"};
inline constexpr Text wrong_usage{"the command line is wrong", "指令用法有誤"};
inline constexpr Text no_card{"no suitable card or reader", "沒有適用的卡片或讀卡機"};
inline constexpr Text refused{"refused or cancelled by the user", "使用者拒絕或取消"};
inline constexpr Text pin{"PIN incorrect, locked or of the wrong length", "PIN 碼錯誤、已鎖定或長度不符"};
inline constexpr Text unavailable{"a service cannot be reached", "無法連線到服務"};
inline constexpr Text not_verified{"verify: the signature or certificate is not valid", "verify：簽章或憑證未通過驗證"};
} // namespace exit_status

// Errors of the service carry their own text (rpc/error_text); these say what this program can add to it.
namespace hint {
inline constexpr Text choose_reader{"Choose a reader with --reader NAME; `twcard readers` lists them.",
                                    "請用 --reader 名稱 指定讀卡機；`twcard readers` 會列出所有讀卡機。"};
inline constexpr Text see_status{"`twcard status` shows the readers and their cards.",
                                 "可用 `twcard status` 查看讀卡機與卡片的狀況。"};
inline constexpr Text install_pcscd{"Install pcscd (`sudo apt install pcscd`) and make sure that it is running.",
                                    "請安裝 pcscd（`sudo apt install pcscd`）並確認它已在執行。"};
inline constexpr Text see_help{"`twcard COMMAND --help` shows the usage.", "用法請見 `twcard 指令 --help`。"};
} // namespace hint

// "port 7777: nothing is listening"
inline constexpr TextWith<std::string_view, std::string_view> about{"{}: {}", "{}：{}"};

inline constexpr TextWith<std::string_view> request_refused{"the service rejected the request: {}",
                                                            "服務拒絕了這項要求：{}"};

// A file or folder, and the reason that the system gives.
namespace file {
inline constexpr TextWith<std::string_view, std::string_view> cannot_read{"cannot read {}: {}", "無法讀取 {}：{}"};
inline constexpr TextWith<std::string_view, std::string_view> cannot_write{"cannot write {}: {}", "無法寫入 {}：{}"};
inline constexpr TextWith<std::string_view, std::string_view> cannot_remove{"cannot remove {}: {}", "無法移除 {}：{}"};
inline constexpr TextWith<std::string_view, std::string_view> cannot_create{"cannot create {}: {}", "無法建立 {}：{}"};
inline constexpr TextWith<std::string_view, std::string_view> cannot_start{"cannot start {}: {}", "無法執行 {}：{}"};
inline constexpr TextWith<std::string_view> cannot_print{"cannot write to standard output: {}", "無法寫到標準輸出：{}"};
inline constexpr TextWith<std::string_view> exists{"{} exists; use --force to overwrite it",
                                                   "{} 已存在；加上 --force 可覆寫"};
inline constexpr TextWith<std::string_view> not_a_certificate{
    "{} contains no certificate, or a damaged one (PEM or DER)", "{} 不含憑證，或其中的憑證已損壞（PEM 或 DER）"};
inline constexpr Text no_home{"HOME is not set, so the settings folder is unknown",
                              "未設定 HOME，無法得知設定要放在哪裡"};
} // namespace file

} // namespace twcard::cli::texts
