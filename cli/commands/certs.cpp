#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_certificates.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/system/files.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <set>

namespace twcard::cli {

namespace {

std::string_view role_text(std::string_view role, rpc::Language language) {
  if (role == "signature") return Text{"signature", "簽章"}.in(language);
  if (role == "encryption") return Text{"encryption", "加密"}.in(language);
  if (role == "issuing_ca") return Text{"issuing authority", "發證機構"}.in(language);
  if (role == "root_ca") return Text{"root authority", "根憑證機構"}.in(language);
  return role;
}

std::string_view holder_text(std::string_view holder, rpc::Language language) {
  if (holder == "citizen") return Text{"citizen", "自然人"}.in(language);
  if (holder == "resident") return Text{"resident", "外來人口"}.in(language);
  if (holder == "medical_person") return Text{"medical personnel", "醫事人員"}.in(language);
  if (holder == "company") return Text{"company", "公司"}.in(language);
  if (holder == "branch") return Text{"branch of a company", "分公司"}.in(language);
  if (holder == "business") return Text{"business", "行號"}.in(language);
  if (holder == "government_agency") return Text{"government agency", "政府機關"}.in(language);
  if (holder == "government_unit") return Text{"government unit", "政府單位"}.in(language);
  if (holder == "medical_organisation") return Text{"medical organisation", "醫事機構"}.in(language);
  return holder;
}

std::string listing(const boost::json::object& answer, rpc::Language language) {
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
                        escaped(role_text(certificate.at("role").as_string(), language)),
                        certificate.at("has_key").as_bool() ? Text{", key on the card", "，金鑰在卡片上"}.in(language)
                                                            : "");
    line({"subject", "主體"}, certificate.at("subject").as_string());
    if (const auto holder = certificate.at("holder").as_string(); holder != "unknown")
      line({"holder", "持有者"}, holder_text(holder, language));
    line({"issuer", "發證者"}, certificate.at("issuer").as_string());
    line({"serial", "序號"}, certificate.at("serial_number").as_string());
    line({"valid", "有效期"}, fmt::format("{} – {}", std::string_view(certificate.at("not_before").as_string()),
                                          std::string_view(certificate.at("not_after").as_string())));
    line({"key", "金鑰"}, fmt::format("RSA {}", certificate.at("key_bits").to_number<int>()));
    line({"usage", "用途"}, usage);
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

const Command certs_command{
    "certs",
    "[--pem | --out DIR [--force]] [--reader NAME]",
    {"list the certificates of a certificate card", "列出憑證卡上的憑證"},
    {"Lists the certificates on the card: for what they are, whose they are, how long they are valid.\n"
     "With --out each goes to a file of its own, DIR/ID.pem (SIGN.pem, KEYX.pem, …).",
     "列出卡片上的憑證：用途、所有人、有效期限。\n加上 --out "
     "時，每張憑證存成一個檔案：DIR/ID.pem（SIGN.pem、KEYX.pem……）。"},
    {{"--pem", "", {"print the certificates as PEM", "以 PEM 格式印出憑證"}},
     {"--out", "DIR", {"write them into this folder, as PEM", "以 PEM 格式存到這個資料夾"}},
     {"--force", "", {"write over files that are there", "覆寫已存在的檔案"}},
     {"--reader", "NAME", {"the card in this reader", "使用這個讀卡機中的卡片"}}},
    0,
    run};

} // namespace twcard::cli
