// Consents that are remembered.
#pragma once

#include "driver/base/text.hpp"

#include <cstdint>

namespace twcard::cli::texts::grants {

// What a site may do.
inline constexpr Text read_nhi{"read the NHI card", "讀取健保卡"};
inline constexpr Text read_certificates{"read the certificates on the card", "讀取卡片中的憑證"};
inline constexpr Text read_nhi_over_old_interface{"read the NHI card through an old interface",
                                                  "透過舊式介面讀取健保卡"};
inline constexpr Text list_cards_over_old_interface{"list the cards through an old interface", "透過舊式介面列出卡片"};
inline constexpr Text first_field{": ", "："};
inline constexpr Text next_field{", ", "、"};
inline constexpr Text allowed{"may", "允許"};
inline constexpr Text card{"card", "卡片"};
inline constexpr Text not_inserted{"not in a reader now", "目前不在讀卡機中"};
inline constexpr TextWith<std::string_view> in_reader{"in {}", "在讀卡機 {}"};
inline constexpr Text since{"since", "同意日期"};
inline constexpr Text last_used{"last used", "最近使用"};
inline constexpr Text none{"No site may read a card without asking you.", "沒有任何網站可以不經詢問讀取卡片。"};
inline constexpr Text how_to_revoke{"To revoke a consent: twcard grants revoke ORIGIN",
                                    "收回同意：twcard grants revoke 網站網址"};
inline constexpr Text which_site{"name the site, or use --all; `twcard grants` lists the sites",
                                 "請指定網站，或使用 --all；`twcard grants` 會列出所有網站"};
inline constexpr TextWith<std::uint64_t> revoked{"Revoked: {}. You will be asked again.",
                                                 "已收回 {} 項，之後將再次詢問。"};
inline constexpr Text nothing_to_revoke{"No consent was remembered. Consents given to open pages have ended.",
                                        "沒有記住的同意；開啟中的網頁已取得的同意已失效。"};
inline constexpr Text all{"every site", "所有網站"};
inline constexpr Text summary{"list the sites that may read a card without asking", "列出可不經詢問讀取卡片的網站"};
inline constexpr Text details{
    "Lists the sites that you always allow to read a card: what each may read, since when, and\n"
    "when it last did. Each consent applies to one card and ends after 180 days without use.\n"
    "Signatures and sign-in always need your consent.\n"
    "To revoke a consent: twcard grants revoke ORIGIN",
    "列出您一律同意讀取卡片的網站：可讀取的內容、同意日期與最近使用日期。\n"
    "每項同意僅適用於一張卡片，180 天未使用即失效；簽章與登入每次都會詢問。\n"
    "收回同意：twcard grants revoke 網站網址"};
inline constexpr Text revoke_summary{"revoke what sites may read without asking", "收回網站不經詢問讀取卡片的同意"};
inline constexpr Text revoke_details{
    "Revokes everything that this site (https://site.example), or with --all every site, may\n"
    "read without asking. This takes effect at once, also for open pages.",
    "收回這個網站（https://site.example）不經詢問讀取卡片的所有同意；--all 收回所有網站的同意。\n"
    "立即生效，開啟中的網頁亦同。"};

} // namespace twcard::cli::texts::grants
