// Cards and readers, and the commands that show or read them. Names of cards and fields: rpc/card_name, rpc/vocabulary.
#pragma once

#include "cli/texts/named.hpp"

#include <cstdint>

namespace twcard::cli::texts {

inline constexpr Text answer_the_question{"Please answer the question on the screen.", "請回答螢幕上的詢問。"};
inline constexpr Text answer_the_questions{"Please answer the questions on the screen.", "請依序回答螢幕上的詢問。"};

namespace card {
inline constexpr Text none{"no card", "沒有卡片"};
inline constexpr TextWith<std::string_view> reading{"{}, being read", "{}，讀取中"};
inline constexpr TextWith<std::string_view> ready{"{}, ready", "{}，可以使用"};
inline constexpr Text unreadable{"cannot be read", "無法讀取"};
inline constexpr TextWith<std::string_view> profile_missing{"a card profile is needed for signatures and sign-in: {}",
                                                            "簽章與登入需要卡片設定檔：{}"};
inline constexpr Text profile_folders{
    "install it in /etc/twcard/profiles.d or ~/.config/twcard/profiles.d (see docs/card-profiles.md)",
    "請安裝到 /etc/twcard/profiles.d 或 ~/.config/twcard/profiles.d（見 docs/card-profiles.md）"};
inline constexpr TextWith<std::int64_t> attempts_left{"PIN: {} attempts left", "PIN 碼：還可以再試 {} 次"};
inline constexpr Text last_attempt{"PIN: one attempt left; a wrong PIN locks the card",
                                   "PIN 碼：只剩最後 1 次機會，若再輸入錯誤，卡片將被鎖定"};
inline constexpr Text locked{"PIN: locked when it was last used here; the office that issued the card can unlock it",
                             "PIN 碼：上次在此使用時已被鎖定，須由發卡機關解鎖"};
} // namespace card

namespace status {
inline constexpr Text service{"Service", "服務"};
inline constexpr Text running{"running", "執行中"};
inline constexpr Text unreachable{"cannot be reached; is it installed (`sudo apt install pcscd`) and running?",
                                  "無法連線；是否已安裝（`sudo apt install pcscd`）並在執行？"};
inline constexpr Text readers{"Readers", "讀卡機"};
inline constexpr Text no_readers{"none; connect one", "沒有，請接上讀卡機"};
inline constexpr Text profiles{"Profiles", "設定檔"};
inline constexpr Text faulty_profiles{"these files have errors and are not used:", "下列檔案有錯誤，未採用："};
inline constexpr Text summary{"show the service, pcscd, readers, cards and card profiles",
                              "顯示服務、pcscd、讀卡機、卡片與卡片設定檔的狀況"};
inline constexpr Text details{"Shows what works and what is missing: the service, pcscd, each reader and its card,\n"
                              "missing card profiles, and profile files with errors (file, line, field).",
                              "顯示哪些正常、缺少什麼：服務、pcscd、各讀卡機與其中的卡片、\n"
                              "缺少的卡片設定檔，以及有錯誤的設定檔（檔案、行號、欄位）。"};
} // namespace status

namespace readers {
inline constexpr Text none{"No reader is connected. Connect one.", "沒有讀卡機，請接上。"};
inline constexpr Text summary{"list the readers and the cards in them", "列出讀卡機與其中的卡片"};
inline constexpr Text details{"Prints one line per reader: its name, as --reader takes it, and the card in it.",
                              "每個讀卡機顯示一行：名稱（可用於 --reader）與其中的卡片。"};
} // namespace readers

namespace events {
inline constexpr std::array<Named, 8> names{{{"reader_added", {"reader connected", "已接上讀卡機"}},
                                             {"reader_removed", {"reader disconnected", "已移除讀卡機"}},
                                             {"card_inserted", {"card inserted", "已插入卡片"}},
                                             {"card_ready", {"card ready", "卡片可以使用"}},
                                             {"card_failed", {"card cannot be used", "卡片無法使用"}},
                                             {"card_removed", {"card removed", "已取出卡片"}},
                                             {"pcsc_lost", {"pcscd stopped", "pcscd 已停止"}},
                                             {"pcsc_back", {"pcscd is back", "pcscd 已恢復"}}}};
inline constexpr Text summary{"show changes of readers and cards as they happen", "即時顯示讀卡機與卡片的變化"};
inline constexpr Text details{"Shows the current readers, then one line per event: reader connected or disconnected,\n"
                              "card inserted, ready or removed. Press Ctrl-C to stop. With --json each line is a JSON\n"
                              "object; the first has the type \"subscribed\".",
                              "先顯示目前的讀卡機，之後每個事件顯示一行：讀卡機接上或移除，卡片插入、可用或取出。\n"
                              "按 Ctrl-C 結束。加上 --json 時每行是一個 JSON 物件，第一行的 type 為 \"subscribed\"。"};
} // namespace events

namespace read {
inline constexpr TextWith<std::string_view> unknown_field{
    "the NHI card has no field \"{}\"; `twcard read --help` lists the fields",
    "健保卡沒有「{}」這個欄位；`twcard read --help` 會列出所有欄位"};
inline constexpr Text female{"female", "女"};
inline constexpr Text male{"male", "男"};
inline constexpr Text not_cancelled{"none", "無"};
inline constexpr Text name_uncertain{"The name contains characters without a certain Unicode form.",
                                     "姓名含有無法確定的罕用字。"};
inline constexpr Text fields{"only these fields, separated by commas", "只讀取這些欄位，以逗號分隔"};
inline constexpr Text summary{"read the basic data of an NHI card", "讀取健保卡基本資料"};
inline constexpr Text details{
    "Reads the basic data of the NHI card in the reader. A window first shows what will be\n"
    "read and asks for consent. Fields: card_number, name, id_number, birth_date, sex,\n"
    "issue_date, termination; all of them if none is given.",
    "讀取讀卡機中健保卡的基本資料。讀取前會開啟視窗，顯示將讀取的內容並徵求同意。\n"
    "欄位：card_number、name、id_number、birth_date、sex、issue_date、termination；未指定時為全部。"};
} // namespace read

namespace certs {
inline constexpr std::array<Named, 4> roles{{{"signature", {"signature", "簽章"}},
                                             {"encryption", {"encryption", "加密"}},
                                             {"issuing_ca", {"issuing authority", "發證機構"}},
                                             {"root_ca", {"root authority", "根憑證機構"}}}};
inline constexpr std::array<Named, 9> holders{{{"citizen", {"citizen", "自然人"}},
                                               {"resident", {"foreign resident", "外來人口"}},
                                               {"medical_person", {"medical professional", "醫事人員"}},
                                               {"company", {"company", "公司"}},
                                               {"branch", {"branch of a company", "分公司"}},
                                               {"business", {"business", "行號"}},
                                               {"government_agency", {"government agency", "政府機關"}},
                                               {"government_unit", {"government unit", "政府單位"}},
                                               {"medical_organisation", {"medical organisation", "醫事機構"}}}};
inline constexpr Text key_on_card{", key on the card", "，金鑰在卡片上"};
inline constexpr Text subject{"subject", "主體"};
inline constexpr Text holder{"holder", "持有者"};
inline constexpr Text issuer{"issuer", "發證者"};
inline constexpr Text serial{"serial", "序號"};
inline constexpr Text valid{"valid", "有效期"};
inline constexpr Text key{"key", "金鑰"};
inline constexpr Text usage{"usage", "用途"};
inline constexpr Text pem{"print the certificates as PEM", "以 PEM 格式輸出憑證"};
inline constexpr Text out{"write the certificates to this folder, as PEM", "以 PEM 格式存到這個資料夾"};
inline constexpr Text summary{"list the certificates of a certificate card", "列出憑證卡上的憑證"};
inline constexpr Text details{"Lists the certificates on the card: their purpose, their holder, their validity.\n"
                              "With --out each is written to its own file, DIR/ID.pem (SIGN.pem, KEYX.pem, …).",
                              "列出卡片上的憑證：用途、持有者、有效期限。\n"
                              "加上 --out 時，每張憑證存成一個檔案：DIR/ID.pem（SIGN.pem、KEYX.pem……）。"};
} // namespace certs

} // namespace twcard::cli::texts
