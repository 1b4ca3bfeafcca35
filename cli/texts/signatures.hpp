// Signing files and verifying signatures.
#pragma once

#include "driver/base/text.hpp"

namespace twcard::cli::texts {

namespace sign {
inline constexpr TextWith<std::string_view, std::string_view> cannot_sign_with{
    "the card cannot sign with certificate {}; it can sign with: {}", "卡片無法以憑證 {} 簽章；可用：{}"};
inline constexpr Text out_is_the_file{"--out names the file to be signed itself", "--out 指定了要簽章的檔案本身"};
inline constexpr Text out{"the signature file; FILE.sig by default", "簽章檔，預設為 FILE.sig"};
inline constexpr Text certificate{"the certificate to sign with: its ID in `twcard certs`, or a file",
                                  "簽章用的憑證：`twcard certs` 列出的 ID，或憑證檔"};
inline constexpr Text summary{"sign a file with the card", "用卡片對檔案簽章"};
inline constexpr Text details{
    "Makes a detached signature of FILE (RSASSA-PKCS1-v1_5, raw) with the certificate card and\n"
    "prints the name of the signature file. A window shows the hash and asks for consent; then\n"
    "the PIN is asked for. Only the hash is sent to the service. Verify the signature with\n"
    "`twcard verify` or `openssl dgst -verify`.",
    "用憑證卡對 FILE 產生分離式簽章（RSASSA-PKCS1-v1_5，原始格式），並顯示簽章檔的名稱。\n"
    "會開啟視窗顯示雜湊值並徵求同意，然後詢問 PIN 碼。只有雜湊值會送到服務。\n"
    "簽章可用 `twcard verify` 或 `openssl dgst -verify` 驗證。"};
} // namespace sign

namespace verify {
inline constexpr Text signature_label{"Signature", "簽章"};
inline constexpr Text signature_valid{"valid: made over this file with the key of the certificate",
                                      "有效：以此憑證的金鑰對此檔案簽署"};
inline constexpr Text signature_invalid{"NOT VALID: the file, the signature and the certificate do not match",
                                        "無效：檔案、簽章與憑證不相符"};
inline constexpr Text certificate_label{"Certificate", "憑證"};
inline constexpr Text valid_until{"valid until", "有效至"};
inline constexpr Text usage_label{"Usage", "用途"};
inline constexpr Text usage_invalid{"NOT VALID: the certificate is not for signatures", "無效：此憑證不可用於簽章"};
inline constexpr Text trust_label{"Trust", "信任"};
inline constexpr Text trust_unchecked{"not checked; name the root certificate with --ca",
                                      "未檢查；請用 --ca 指定根憑證"};
inline constexpr TextWith<std::string_view> not_trusted{"NOT TRUSTED: {}", "不受信任：{}"};
inline constexpr Text trusted{"leads to a given root; revocation was not checked",
                              "可追溯到指定的根憑證；未檢查是否廢止"};
inline constexpr Text issuer_without_ca{"--issuer is used only together with --ca", "--issuer 需與 --ca 一起使用"};
inline constexpr Text signature{"the signature", "簽章檔"};
inline constexpr Text certificate{"the signer's certificate, PEM or DER", "簽章者的憑證，PEM 或 DER"};
inline constexpr Text ca{"root certificates to trust, one or more per file; may be repeated",
                         "信任的根憑證，一檔可有多張；可重複"};
inline constexpr Text issuer{"intermediate certificates, one or more per file; may be repeated",
                             "中間憑證，一檔可有多張；可重複"};
inline constexpr Text summary{"verify the signature of a file", "驗證檔案的簽章"};
inline constexpr Text details{
    "Verifies a detached signature (RSASSA-PKCS1-v1_5, raw) of FILE with a certificate. With\n"
    "--ca it also checks that the certificate leads to one of these roots and is valid now.\n"
    "Revocation is not checked. No card is needed. The exit status is 7 if any check fails.",
    "以憑證驗證 FILE 的分離式簽章（RSASSA-PKCS1-v1_5，原始格式）。加上 --ca 時也檢查憑證是否\n"
    "可追溯到指定的根憑證且目前有效；不檢查是否廢止。不需要卡片。\n"
    "任何一項檢查未通過時，結束狀態為 7。"};
} // namespace verify

} // namespace twcard::cli::texts
