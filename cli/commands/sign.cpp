#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_certificates.hpp"
#include "cli/service/connection.hpp"
#include "cli/system/certificate.hpp"
#include "cli/system/files.hpp"
#include "cli/system/hash.hpp"

#include <fmt/format.h>

namespace twcard::cli {

namespace {

// The card's signature certificate, or the one that `wanted` names by its ID or as a file. Others cannot sign: said
// here, before the person is asked.
ListedCertificate choose(std::vector<ListedCertificate> certificates, const std::optional<std::string>& wanted) {
  std::erase_if(certificates, [](const auto& c) { return !c.has_key || c.role != "signature"; });
  if (certificates.empty()) throw Error(Errc::UnsupportedCard, "the card has no signature certificate with a key");
  if (!wanted) return std::move(certificates.front());
  for (auto& certificate : certificates)
    if (certificate.id == *wanted) return std::move(certificate);
  std::error_code ignored;
  if (std::filesystem::is_regular_file(*wanted, ignored)) {
    const auto der = Certificate::from_file(*wanted).der();
    for (auto& certificate : certificates)
      if (certificate.der == der) return std::move(certificate);
  }
  std::string ids;
  for (const auto& certificate : certificates)
    ids += fmt::format("{}{}", ids.empty() ? "" : ", ", escaped(certificate.id));
  const auto name = escaped(*wanted);
  throw usage_error(fmt::format("the card cannot sign with certificate {}; it can with: {}", name, ids),
                    fmt::format("卡片無法以憑證 {} 簽章；可用：{}", name, ids));
}

ExitCode run(const Context& context, const Arguments& arguments) {
  const std::filesystem::path file = arguments.positionals().front();
  const std::filesystem::path out = arguments.value("--out").value_or(file.string() + ".sig");
  const auto function = hash_function_of(arguments.value("--hash").value_or("SHA-256"));
  const bool overwrite = arguments.has("--force");
  std::error_code ignored;
  if (std::filesystem::equivalent(file, out, ignored))
    throw usage_error("--out names the file that is to be signed", "--out 指定了要簽章的檔案本身");
  check_writable(out, overwrite);
  const auto hash = hash_of_file(file, function);

  boost::json::object params;
  if (const auto reader = arguments.value("--reader")) params["reader"] = *reader;
  auto service = connect(context);
  const auto listed = service.client.call("certificates", params).result;
  const auto certificate = choose(certificates_of(listed), arguments.value("--certificate"));
  tell(context, Text{"Please answer the questions on the screen.", "請回答螢幕上的詢問。"}.in(context.language));
  params["reader"] = listed.at("reader");
  params["certificate"] = to_base64(certificate.der);
  params["hash_function"] = name_of(function);
  const auto signature = service.client.call("sign", std::move(params), SecureBytes::copy_of(hash));
  write_file(out, signature.blob.view(), overwrite);

  if (context.json) {
    print_json({{"file", file.string()},
                {"signature_file", out.string()},
                {"signature", to_base64(signature.blob.view())},
                {"algorithm", signature.result.at("algorithm")},
                {"hash_function", name_of(function)},
                {"certificate_id", certificate.id},
                {"certificate", to_base64(certificate.der)}});
  } else {
    print(fmt::format("{}\n", escaped(out.string())));
  }
  return ExitCode::Ok;
}

} // namespace

const Command sign_command{
    "sign",
    "FILE [--out FILE.sig] [--hash NAME] [--certificate ID|FILE] [--reader NAME]",
    {"sign a file with the card", "用卡片對檔案簽章"},
    {"Makes a detached signature of FILE (RSASSA-PKCS1-v1_5, raw) with the certificate card and prints the\n"
     "name of the file that it is in. Windows ask for consent, with the hash, and for the PIN.\n"
     "Only the hash goes to the service. `twcard verify` and `openssl dgst -verify` check the signature.",
     "用憑證卡對 FILE 產生分離式簽章（RSASSA-PKCS1-v1_5，原始格式），並印出簽章檔的名稱。\n"
     "會開視窗顯示雜湊值並徵求同意，然後詢問 PIN 碼。\n"
     "只有雜湊值會送到服務。簽章可用 `twcard verify` 或 `openssl dgst -verify` 驗證。"},
    {{"--out", "FILE", {"where the signature goes; FILE.sig by default", "簽章檔，預設為 FILE.sig"}},
     {"--hash", "NAME", {"SHA-256 (default), SHA-384 or SHA-512", "SHA-256（預設）、SHA-384 或 SHA-512"}},
     {"--certificate",
      "ID|FILE",
      {"the certificate to sign with, by its ID in `twcard certs` or as a file",
       "簽章用的憑證：`twcard certs` 列出的 ID，或憑證檔"}},
     {"--force", "", {"write over a signature file that is there", "覆寫已存在的簽章檔"}},
     {"--reader", "NAME", {"the card in this reader", "使用這個讀卡機中的卡片"}}},
    1,
    run};

} // namespace twcard::cli
