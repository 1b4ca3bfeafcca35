#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("{}{}\n", padded(label, 13), text);
}

std::string reader_lines(const boost::json::object& reader, rpc::Language language) {
  const auto& card = reader.at("card");
  auto text = fmt::format("  {}: {}\n", escaped(reader.at("name").as_string()), describe_card(card, language));
  for (const auto& hint : missing_profile_hint(card, language)) text += fmt::format("    {}\n", hint);
  for (const auto& hint : tries_hint(card, language)) text += fmt::format("    {}\n", hint);
  return text;
}

ExitCode run(const Context& context, const Arguments&) {
  auto service = connect(context);
  auto status = service.client.call("status").result;
  if (context.json) {
    status["service"] = {{"name", "twcardd"}, {"version", service.version}};
    print_json(status);
    return ExitCode::Ok;
  }
  const auto language = context.language;
  const bool pcsc = status.at("pcsc").as_string() == "ok";
  const auto& readers = status.at("readers").as_array();
  const auto& faults = status.at("profile_faults").as_array();
  auto text = line(Text{"Service", "服務"}.in(language), fmt::format("twcardd {}", escaped(service.version)));
  text += line("pcscd", pcsc ? Text{"running", "執行中"}.in(language)
                             : Text{"cannot be reached; is it installed (`sudo apt install pcscd`) and running?",
                                    "無法連上；是否已安裝（`sudo apt install pcscd`）並執行？"}
                                   .in(language));
  text += line(Text{"Readers", "讀卡機"}.in(language),
               readers.empty() ? std::string(Text{"none; plug one in", "沒有，請接上讀卡機"}.in(language))
                               : fmt::format("{}", readers.size()));
  for (const auto& reader : readers) text += reader_lines(reader.as_object(), language);
  if (!faults.empty())
    text += line(Text{"Profiles", "設定檔"}.in(language),
                 Text{"files with faults are left out:", "下列檔案有錯誤，未採用："}.in(language));
  for (const auto& entry : faults) {
    const auto& fault = entry.as_object();
    const auto field = escaped(fault.at("field").as_string());
    text += fmt::format("  {}:{}: {}{}{}\n", escaped(fault.at("file").as_string()), fault.at("line").to_number<int>(),
                        field, field.empty() ? "" : ": ", escaped(fault.at("text").as_string()));
  }
  print(text);
  return ExitCode::Ok;
}

} // namespace

const Command status_command{
    "status",
    "",
    {"the service, pcscd, readers, cards and card profiles", "服務、pcscd、讀卡機、卡片與卡片設定檔的狀況"},
    {"Shows what works and what is missing: the service, pcscd, each reader with its card,\n"
     "card profiles that are missing, and profile files with faults (file, line, field).",
     "顯示哪些正常、缺少什麼：服務、pcscd、各讀卡機與其中的卡片、\n缺少的卡片設定檔，以及有錯誤的設定檔（檔案、行號、欄"
     "位）。"},
    {},
    0,
    run};

} // namespace twcard::cli
