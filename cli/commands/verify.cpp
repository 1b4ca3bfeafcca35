#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/certificate.hpp"
#include "cli/system/files.hpp"
#include "cli/system/hash.hpp"
#include "cli/texts/program.hpp"
#include "cli/texts/signatures.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace twcard::cli {

namespace {

constexpr std::size_t max_signature_file = 4096;

std::string required(const Arguments& arguments, std::string_view option) {
  if (auto value = arguments.value(option)) return *value;
  throw usage_error(texts::usage::missing, option);
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

std::string describe(const Verdict& verdict, const Certificate& certificate, Language language) {
  std::string text;
  const auto line = [&](const Text& label, std::string_view value) {
    text += fmt::format("{}{}\n", padded(label.in(language), 13), value);
  };
  line(texts::verify::signature_label,
       (verdict.signature_fits ? texts::verify::signature_valid : texts::verify::signature_invalid).in(language));
  line(texts::verify::certificate_label, escaped(certificate.subject()));
  line(texts::verify::valid_until, certificate.not_after());
  if (!verdict.may_sign) line(texts::verify::usage_label, texts::verify::usage_invalid.in(language));
  if (verdict.chain_fault)
    line(texts::verify::trust_label, texts::verify::not_trusted.in(language, *verdict.chain_fault));
  else
    line(texts::verify::trust_label,
         (verdict.chain_checked ? texts::verify::trusted : texts::verify::trust_unchecked).in(language));
  return text;
}

ExitCode run(const Context& context, const Arguments& arguments) {
  const auto certificate = Certificate::from_file(required(arguments, "--certificate"));
  const auto signature = read_file(required(arguments, "--signature"), max_signature_file);
  const auto function = hash_function_of(arguments.value("--hash").value_or("SHA-256"));
  const auto roots = certificates(arguments.values("--ca"));
  const auto issuers = certificates(arguments.values("--issuer"));
  if (roots.empty() && !issuers.empty()) throw usage_error(texts::verify::issuer_without_ca);

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
    texts::verify::summary,
    texts::verify::details,
    {{"--signature", "FILE.sig", texts::verify::signature},
     {"--certificate", "CERT", texts::verify::certificate},
     {"--ca", "ROOT", texts::verify::ca, true},
     {"--issuer", "CERT", texts::verify::issuer, true},
     {"--hash", "NAME", texts::option::hash}},
    1,
    run};

} // namespace twcard::cli
