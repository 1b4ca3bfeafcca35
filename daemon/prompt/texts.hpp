// Every sentence of the dialogs. Names of cards and of their fields are shared: rpc/card_name, rpc/vocabulary.
//
// Whoever reads them decides by them: they say who asks, what leaves the card and what follows, in ordinary words.
#pragma once

#include "driver/base/text.hpp"

namespace twcard::prompt::texts {

// The callers: of a request, at the beginning of a sentence and in the middle of it, and as the one who receives.
inline constexpr Text this_site{"this site", "此網站"};
inline constexpr Text this_program{"this program", "此程式"};
inline constexpr Text a_site{"This site", "此網站"};
inline constexpr Text a_program{"A program on this computer", "這台電腦上的程式"};
inline constexpr Text the_site{"the site", "此網站"};
inline constexpr Text the_program{"the program", "此程式"};
inline constexpr TextWith<int> process{"(process {})", "（處理程序 {}）"};

// What is asked for: "This site asks {}:".
inline constexpr TextWith<std::string_view, std::string_view> asks{"{} asks {}:", "{}要求{}："};
inline constexpr TextWith<std::string_view, std::string_view> asks_over_old_interface{
    "{} asks {} through an older, less secure interface:", "{}要求透過安全性較低的舊式介面{}："};
inline constexpr Text to_read_nhi{"to read your NHI card", "讀取您的健保卡"};
inline constexpr Text to_sign_in_with_nhi{"you to sign in with your NHI card", "使用您的健保卡登入"};
inline constexpr Text to_read_certificates{"to read the certificates on your card", "讀取您卡片中的憑證"};
inline constexpr Text to_sign_in{"you to sign in with your card", "使用您的卡片登入"};
inline constexpr Text to_sign{"you to make a digital signature with your card", "使用您的卡片進行數位簽章"};
inline constexpr Text to_use_keys{"to sign and decrypt with your card", "使用您的卡片簽章與解密"};
inline constexpr Text to_list_cards{"to list your cards", "列出您的卡片"};
inline constexpr Text to_decrypt{"to decrypt data with your card", "使用您的卡片解密資料"};

// What the caller receives.
inline constexpr TextWith<std::string_view> receives{"If you allow this, {} receives:", "同意後，{}會取得："};
inline constexpr TextWith<std::string_view> receives_certificates{
    "If you allow this, {} receives the certificates on the card, which contain:",
    "同意後，{}會取得卡片中的憑證，其內容包含："};
inline constexpr TextWith<std::string_view> receives_signature_certificate{
    "If you allow this, {} receives your signature certificate, which contains:",
    "同意後，{}會取得您的簽章憑證，其內容包含："};
inline constexpr TextWith<std::string_view, std::string_view> receives_signature{
    "If you allow this, {} receives your signature for the document with this hash ({}):",
    "同意後，{}會取得您對文件的簽章。文件的雜湊值（{}）為："};
inline constexpr TextWith<std::string_view, std::string_view> receives_all_of_signature{
    "If you allow this, {} receives your certificate, the card number and your signature for the document with this "
    "hash ({}):",
    "同意後，{}會取得您的憑證、卡片號碼，以及您對文件的簽章。文件的雜湊值（{}）為："};
inline constexpr TextWith<std::string_view> receives_plain_text{
    "If you allow this, {} receives your certificate and the data that it has sent, decrypted with the key on your "
    "card.",
    "同意後，{}會取得您的憑證，以及所送資料經您卡片中的金鑰解密後的內容。"};
inline constexpr TextWith<std::string_view> may_use_keys{
    "If you allow this, {} can sign and decrypt with your card until it logs out or closes.",
    "同意後，{}在登出或結束之前，可使用您的卡片簽章與解密。"};
inline constexpr Text document_unseen{
    "twcard cannot show you the document. A digital signature can be legally binding: sign only what you know.",
    "twcard 無法顯示文件內容。數位簽章可能具有法律效力，請確認內容後再簽署。"};
inline constexpr Text insurer_checks{"The National Health Insurance authentication server checks the card.",
                                     "卡片會經由健保認證主機驗證。"};
inline constexpr Text insurer_signature{
    "the authentication server's signature, which proves that your card is in the reader",
    "健保認證主機所簽、證明您的卡片在讀卡機中的簽章"};
inline constexpr Text holder_name{"your name", "您的姓名"};
inline constexpr Text certificate_serial{"the serial number of the certificate", "憑證序號"};
inline constexpr Text id_number_ending{"the last four characters of your national ID number", "身分證字號後四碼"};
inline constexpr Text site_password{"the password that you type on the page, encrypted", "您在網頁輸入並經加密的密碼"};
inline constexpr Text token_number{"the card number", "卡片號碼"};
inline constexpr Text reader_names{"the names of your card readers", "讀卡機名稱"};
inline constexpr Text not_bound{"The data is not bound to this site: anyone who obtains it could use it elsewhere.",
                                "送出的資料未與此網站綁定，取得的人可能用於他處。"}; // control C10

// The card.
inline constexpr TextWith<std::string_view> reader{"Reader: {}", "讀卡機：{}"};
inline constexpr TextWith<std::string_view> holder{"Holder: {}", "持卡人：{}"};

// Consent.
inline constexpr Text consent_title{"twcard: your consent", "twcard：徵求您的同意"};
inline constexpr Text allow_once{"Allow this once?", "是否同意這一次的要求？"};
inline constexpr Text allow_for_a_while{"Allow this until you remove the card or leave the page?",
                                        "是否同意？同意的效力到取出卡片或離開網頁為止。"};
inline constexpr Text allow{"Allow", "同意"};
inline constexpr Text refuse{"Refuse", "拒絕"};
inline constexpr Text cancel{"Cancel", "取消"};
inline constexpr Text do_not_ask_again{"Don't ask again…", "不再詢問…"};

// Consent for good.
inline constexpr Text always_title{"twcard: always allow?", "twcard：一律同意？"};
inline constexpr TextWith<std::string_view> always{"Always allow this site {} without asking you?",
                                                   "今後此網站{}時，是否不再詢問？"};
inline constexpr TextWith<std::string_view> always_over_old_interface{
    "Always allow this site {} through an older, less secure interface without asking you?",
    "今後此網站透過安全性較低的舊式介面{}時，是否不再詢問？"};
inline constexpr Text card_used_now{"the card that is used now", "這次使用的卡片"};
inline constexpr Text cards_in_readers{"every card that is in a reader now", "目前所有讀卡機中的卡片"};
inline constexpr TextWith<std::string_view> holds_for{
    "This applies to {}, on this computer. The site can tell when such a card is in a reader.\n\nThis ends when you "
    "revoke it, or after 180 days without use. To revoke it, type `twcard grants` in a terminal.",
    "適用於{}，僅限這台電腦。網站能得知這樣的卡片是否在讀卡機中。\n\n您可以隨時收回：請在終端機輸入 twcard grants。180 "
    "天未使用也會失效。"};
inline constexpr Text always_allow{"Always allow", "一律同意"};

// PIN.
inline constexpr Text pin_title{"twcard: PIN", "twcard：輸入 PIN 碼"};
inline constexpr TextWith<std::string_view, std::string_view> pin_to_read{"Enter the PIN of your {} to let {} read it:",
                                                                          "請輸入{}的 PIN 碼，讓{}讀取卡片："};
inline constexpr TextWith<std::string_view, std::string_view> pin_to_give_certificates{
    "Enter the PIN of your {} to give its certificates to {}:", "請輸入{}的 PIN 碼，以提供憑證給{}："};
inline constexpr TextWith<std::string_view, std::string_view> pin_to_sign_in{
    "Enter the PIN of your {} to sign in to {}:", "請輸入{}的 PIN 碼，以登入{}："};
inline constexpr TextWith<std::string_view, std::string_view> pin_to_sign{
    "Enter the PIN of your {} to make a digital signature for {}:", "請輸入{}的 PIN 碼，依{}的要求簽章："};
inline constexpr TextWith<std::string_view, std::string_view> pin_to_decrypt{
    "Enter the PIN of your {} to decrypt data for {}:", "請輸入{}的 PIN 碼，依{}的要求解密資料："};
inline constexpr TextWith<std::string_view, std::string_view> pin_to_use_keys{
    "Enter the PIN of your {} to let {} sign and decrypt until it logs out or closes:",
    "請輸入{}的 PIN 碼。{}在登出或結束之前，可使用您的卡片簽章與解密："};
inline constexpr TextWith<std::size_t> pin_length{"The PIN has {} characters.", "PIN 碼長度為 {} 個字元。"};
inline constexpr TextWith<std::size_t, std::size_t> pin_lengths{"The PIN has {} to {} characters.",
                                                                "PIN 碼長度為 {} 至 {} 個字元。"};
inline constexpr TextWith<int> attempts_left{"Attempts left: {}.", "剩餘次數：{} 次。"};
inline constexpr Text attempts_unknown{"The number of remaining attempts is unknown.", "無法得知剩餘次數。"};
inline constexpr Text last_attempt{"This is the last attempt: a wrong PIN locks the card.",
                                   "只剩最後一次機會，若再輸入錯誤，卡片將被鎖定。"};
inline constexpr Text card_locked{
    "The card was locked when it was last used here. The office that issued it can unlock it.",
    "這張卡片上次在此使用時已被鎖定，須由發卡機關解鎖。"};
inline constexpr Text pin_label{"PIN:", "PIN 碼："};
inline constexpr Text ok{"OK", "確定"};

// The last attempt.
inline constexpr Text last_attempt_title{"twcard: last PIN attempt", "twcard：最後一次輸入 PIN 碼的機會"};
inline constexpr TextWith<std::string_view> one_attempt_left{
    "Only one PIN attempt is left on your {}. A wrong PIN locks the card; then only the office that issued it can "
    "unlock it.",
    "您的{}只剩最後一次輸入 PIN 碼的機會。若再輸入錯誤，卡片將被鎖定，只有發卡機關能解鎖。"};
inline constexpr Text pin_is_wanted_by{"The PIN is requested by:", "要求輸入 PIN 碼的是："};
inline constexpr Text stop_if_unsure{"If you are not sure of the PIN, stop here.", "若不確定 PIN 碼，請先停止。"};
inline constexpr Text use_last_attempt{"Use the last attempt", "使用最後一次機會"};
inline constexpr Text stop{"Stop", "停止"};

// The choice of a card.
inline constexpr Text card_title{"twcard: which card?", "twcard：選擇卡片"};
inline constexpr TextWith<std::string_view> cards_changed{
    "The cards have been changed. Do you want to use this card for {}?", "卡片已更換。是否將這張卡片用於{}？"};
inline constexpr TextWith<std::string_view> several_cards{
    "There is more than one suitable card. Which one do you want to use for {}?",
    "有多張適用的卡片。請選擇要用於{}的卡片。"};
inline constexpr TextWith<std::size_t, std::size_t, std::string_view> card_of{"Card {} of {}: {}",
                                                                              "第 {} 張，共 {} 張：{}"};
inline constexpr Text use_this_card{"Use this card", "使用這張卡片"};
inline constexpr Text next_card{"Next card", "看下一張"};

} // namespace twcard::prompt::texts
