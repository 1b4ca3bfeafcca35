#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_certificates.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/cards.hpp"
#include "cli/texts/program.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <set>

namespace twcard::cli {

namespace {

std::string listing(const boost::json::object& answer, Language language) {
  std::string text;
  const auto line = [&](const Text& label, std::string_view value) {
    text += fmt::format("  {}{}\n", padded(label.in(language), 12), escaped(value));
  };
  for (const auto& entry : answer.at("certificates").as_array()) {
    const auto& certificate = entry.as_object();
    std::string usage;
    for (const auto& name : certificate.at("usage").as_array())
      usage += fmt::format("{}{}", usage.empty() ? "" : ", ", std::string_view(name.as_string()));
    text += fmt::format("{}  {}{}\n", escaped(certificate.at("id").as_string()),
                        escaped(texts::text_named(texts::certs::roles, certificate.at("role").as_string(), language)),
                        certificate.at("has_key").as_bool() ? texts::certs::key_on_card.in(language) : "");
    line(texts::certs::subject, certificate.at("subject").as_string());
    if (const auto holder = certificate.at("holder").as_string(); holder != "unknown")
      line(texts::certs::holder, texts::text_named(texts::certs::holders, holder, language));
    line(texts::certs::issuer, certificate.at("issuer").as_string());
    line(texts::certs::serial, certificate.at("serial_number").as_string());
    line(texts::certs::valid, fmt::format("{} – {}", std::string_view(certificate.at("not_before").as_string()),
                                          std::string_view(certificate.at("not_after").as_string())));
    line(texts::certs::key, fmt::format("RSA {}", certificate.at("key_bits").to_number<int>()));
    line(texts::certs::usage, usage);
  }
  for (const auto& hint : tries_hint(answer.at("card"), language)) text += hint + "\n";
  return text;
}

// The certificate's ID as a file name: what the service names must not choose a folder.
std::string file_name(const std::string& id, std::set<std::string>& taken) {
  std::string stem;
  for (const char c : id) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    stem += plain ? c : '_';
  }
  auto name = stem + ".pem";
  for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}-{}.pem", stem, number);
  return name;
}

boost::json::array write_files(const std::vector<ListedCertificate>& certificates, const std::filesystem::path& folder,
                               bool overwrite) {
  std::set<std::string> taken;
  boost::json::array written;
  for (const auto& certificate : certificates) {
    const auto file = folder / file_name(certificate.id, taken);
    write_file(file, as_bytes(to_pem(certificate.der)), overwrite);
    written.emplace_back(file.string());
  }
  return written;
}

ExitCode run(const Context& context, const Arguments& arguments) {
  boost::json::object params;
  if (const auto reader = arguments.value("--reader")) params["reader"] = *reader;
  auto service = connect(context);
  auto answer = service.client.call("certificates", std::move(params)).result;
  if (const auto folder = arguments.value("--out")) {
    auto written = write_files(certificates_of(answer), *folder, arguments.has("--force"));
    if (!context.json)
      for (const auto& file : written) print(escaped(file.as_string()) + "\n");
    answer["files"] = std::move(written);
  } else if (arguments.has("--pem") && !context.json) {
    for (const auto& certificate : certificates_of(answer)) print(to_pem(certificate.der));
  } else if (!context.json) {
    print(listing(answer, context.language));
  }
  if (context.json) print_json(answer);
  return ExitCode::Ok;
}

} // namespace

const Command certs_command{"certs",
                            "[--pem | --out DIR [--force]] [--reader NAME]",
                            texts::certs::summary,
                            texts::certs::details,
                            {{"--pem", "", texts::certs::pem},
                             {"--out", "DIR", texts::certs::out},
                             {"--force", "", texts::option::force},
                             {"--reader", "NAME", texts::option::reader}},
                            0,
                            run};

} // namespace twcard::cli
