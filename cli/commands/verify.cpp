#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/certificate.hpp"
#include "cli/system/files.hpp"
#include "cli/system/hash.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace twcard::cli {

namespace {

constexpr std::size_t max_signature_file = 4096;

std::string required(const Arguments& arguments, std::string_view option) {
  if (auto value = arguments.value(option)) return *value;
  throw usage_error(fmt::format("{} is missing", option), fmt::format("缺少 {}", option));
}

std::vector<Certificate> certificates(const std::vector<std::string>& files) {
  std::vector<Certificate> loaded;
  for (const auto& file : files) std::ranges::move(Certificate::all_from_file(file), std::back_inserter(loaded));
  return loaded;
}

struct Verdict {
  bool signature_fits = false;
  bool may_sign = false;
  bool chain_checked = false;
  std::optional<std::string> chain_fault;

  [[nodiscard]] bool valid() const { return signature_fits && may_sign && !chain_fault; }
};

std::string describe(const Verdict& verdict, const Certificate& certificate, rpc::Language language) {
  std::string text;
  const auto line = [&](const Text& label, std::string_view value) {
    text += fmt::format("{}{}\n", padded(label.in(language), 13), value);
  };
  line({"Signature", "簽章"},
       verdict.signature_fits
           ? Text{"valid: made over this file with the key of the certificate", "有效：以此憑證的金鑰對此檔案簽署"}.in(
                 language)
           : Text{"NOT VALID: the file, the signature and the certificate do not belong together",
                  "無效：檔案、簽章與憑證不相符"}
                 .in(language));
  line({"Certificate", "憑證"}, escaped(certificate.subject()));
  line({"valid until", "有效至"}, certificate.not_after());
  if (!verdict.may_sign)
    line({"Usage", "用途"},
         Text{"NOT VALID: the certificate is not for signatures", "無效：此憑證不可用於簽章"}.in(language));
  if (!verdict.chain_checked)
    line({"Trust", "信任"},
         Text{"not checked; name the root certificate with --ca", "未檢查；請用 --ca 指定根憑證"}.in(language));
  else if (verdict.chain_fault)
    line({"Trust", "信任"},
         fmt::format("{}{}", Text{"NOT TRUSTED: ", "不受信任："}.in(language), *verdict.chain_fault));
  else
    line(
        {"Trust", "信任"},
        Text{"leads to a given root; revocation was not checked", "可追溯到指定的根憑證；未檢查是否廢止"}.in(language));
  return text;
}

ExitCode run(const Context& context, const Arguments& arguments) {
  const auto certificate = Certificate::from_file(required(arguments, "--certificate"));
  const auto signature = read_file(required(arguments, "--signature"), max_signature_file);
  const auto function = hash_function_of(arguments.value("--hash").value_or("SHA-256"));
  const auto roots = certificates(arguments.values("--ca"));
  const auto issuers = certificates(arguments.values("--issuer"));
  if (roots.empty() && !issuers.empty())
    throw usage_error("--issuer is of use only with --ca", "--issuer 需與 --ca 一起使用");

  Verdict verdict;
  verdict.signature_fits =
      certificate.fits(signature, hash_of_file(arguments.positionals().front(), function), function);
  verdict.may_sign = certificate.may_sign();
  verdict.chain_checked = !roots.empty();
  if (verdict.chain_checked) verdict.chain_fault = certificate.fault_of_chain(roots, issuers);

  if (context.json) {
    boost::json::object result{{"valid", verdict.valid()},
                               {"signature_valid", verdict.signature_fits},
                               {"usage_allows_signing", verdict.may_sign},
                               {"trust", !verdict.chain_checked ? "not_checked"
                                         : verdict.chain_fault  ? "untrusted"
                                                                : "trusted"},
                               {"subject", certificate.subject()},
                               {"not_after", certificate.not_after()}};
    if (verdict.chain_fault) result["trust_fault"] = *verdict.chain_fault;
    print_json(result);
  } else {
    print(describe(verdict, certificate, context.language));
  }
  return verdict.valid() ? ExitCode::Ok : ExitCode::NotVerified;
}

} // namespace

const Command verify_command{
    "verify",
    "FILE --signature FILE.sig --certificate CERT [--ca ROOT ... [--issuer CERT ...]] [--hash NAME]",
    {"check a signature of a file", "驗證檔案的簽章"},
    {"Checks a detached signature (RSASSA-PKCS1-v1_5, raw) of FILE against a certificate. With --ca it also checks "
     "that\n"
     "the certificate leads to one of these roots and is valid now; revocation is not checked. Needs no card.\n"
     "Exit status 7 when anything does not hold.",
     "以憑證驗證 FILE 的分離式簽章（RSASSA-PKCS1-v1_5，原始格式）。加上 --ca 時也檢查憑證是否可追溯到\n"
     "指定的根憑證且目前有效；不檢查是否廢止。不需要卡片。\n"
     "任何一項不成立時，結束狀態為 7。"},
    {{"--signature", "FILE.sig", {"the signature", "簽章檔"}},
     {"--certificate", "CERT", {"the signer's certificate, PEM or DER", "簽章者的憑證，PEM 或 DER"}},
     {"--ca",
      "ROOT",
      {"root certificates to trust, one or several in a file; may be repeated", "信任的根憑證，一檔可有多張；可重複"},
      true},
     {"--issuer", "CERT", {"certificates between the two, the same way", "中間憑證，同上"}, true},
     {"--hash", "NAME", {"SHA-256 (default), SHA-384 or SHA-512", "SHA-256（預設）、SHA-384 或 SHA-512"}}},
    1,
    run};

} // namespace twcard::cli
