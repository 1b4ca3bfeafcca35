#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_certificates.hpp"
#include "cli/service/connection.hpp"
#include "cli/system/certificate.hpp"
#include "cli/system/files.hpp"
#include "cli/system/hash.hpp"
#include "cli/texts/cards.hpp"
#include "cli/texts/program.hpp"
#include "cli/texts/signatures.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

// The card's signature certificate, or the one that `wanted` names by its ID or as a file. Others cannot sign: said
// here, before the person is asked.
ListedCertificate choose(std::vector<ListedCertificate> certificates, const std::optional<std::string>& wanted) {
  std::erase_if(certificates, [](const auto& c) { return !c.signs; });
  if (certificates.empty()) throw Error(Errc::UnsupportedCard, "the card has no signature certificate with a key");
  const auto usual = std::ranges::find(certificates, true, &ListedCertificate::signs_by_default);
  if (!wanted) return usual != certificates.end() ? std::move(*usual) : std::move(certificates.front());
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
  throw Failure(ExitCode::NoCard, name_of(Errc::UnsupportedCard), texts::sign::cannot_sign_with, escaped(*wanted), ids);
}

ExitCode run(const Context& context, const Arguments& arguments) {
  const std::filesystem::path file = arguments.positionals().front();
  const std::filesystem::path out = arguments.value("--out").value_or(file.string() + ".sig");
  const auto function = hash_function_of(arguments.value("--hash").value_or("SHA-256"));
  const bool overwrite = arguments.has("--force");
  std::error_code ignored;
  if (std::filesystem::equivalent(file, out, ignored)) throw usage_error(texts::sign::out_is_the_file);
  check_writable(out, overwrite);
  const auto hash = hash_of_file(file, function);

  boost::json::object params;
  if (const auto reader = arguments.value("--reader")) params["reader"] = *reader;
  auto service = connect(context);
  const auto listed = service.client.call("certificates", params).result;
  const auto certificate = choose(certificates_of(listed), arguments.value("--certificate"));
  tell(context, texts::answer_the_questions);
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

const Command sign_command{"sign",
                           "FILE [--out FILE.sig] [--hash NAME] [--certificate ID|FILE] [--reader NAME]",
                           texts::sign::summary,
                           texts::sign::details,
                           {{"--out", "FILE", texts::sign::out},
                            {"--hash", "NAME", texts::option::hash},
                            {"--certificate", "ID|FILE", texts::sign::certificate},
                            {"--force", "", texts::option::force},
                            {"--reader", "NAME", texts::option::reader}},
                           1,
                           run};

} // namespace twcard::cli
