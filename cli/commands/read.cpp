#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/connection.hpp"
#include "rpc/vocabulary/nhi_field.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

using rpc::NhiField;

boost::json::array wanted_fields(const std::optional<std::string>& list) {
  boost::json::array names;
  if (!list) {
    for (const auto field : rpc::nhi_fields) names.emplace_back(name_of(field));
    return names;
  }
  for (std::string_view rest = *list;;) {
    const auto comma = rest.find(',');
    const auto name = rest.substr(0, comma);
    if (!rpc::nhi_field_named(name))
      throw usage_error(fmt::format("the NHI card has no field \"{}\"; `twcard read --help` lists them", escaped(name)),
                        fmt::format("健保卡沒有「{}」這個欄位；`twcard read --help` 列出所有欄位", escaped(name)));
    names.emplace_back(name);
    if (comma == std::string_view::npos) return names;
    rest.remove_prefix(comma + 1);
  }
}

// At the beginning of a line.
std::string label_text(NhiField field, rpc::Language language) {
  std::string label(label_of(field, language));
  if (label.front() >= 'a' && label.front() <= 'z') label.front() -= 'a' - 'A';
  return label;
}

std::string value_text(NhiField field, std::string_view value, rpc::Language language) {
  if (field == NhiField::Sex && value == "F") return std::string(Text{"female", "女"}.in(language));
  if (field == NhiField::Sex && value == "M") return std::string(Text{"male", "男"}.in(language));
  if (field == NhiField::Termination && value.empty()) return std::string(Text{"none", "無"}.in(language));
  return escaped(value);
}

ExitCode run(const Context& context, const Arguments& arguments) {
  boost::json::object params{{"fields", wanted_fields(arguments.value("--fields"))}};
  if (const auto reader = arguments.value("--reader")) params["reader"] = *reader;
  auto service = connect(context);
  tell(context, Text{"Please answer the question on the screen.", "請回答螢幕上的詢問。"}.in(context.language));
  const auto answer = service.client.call("nhi.read", std::move(params)).result;
  if (context.json) {
    print_json(answer);
    return ExitCode::Ok;
  }
  std::string text;
  const auto& fields = answer.at("fields").as_object();
  for (const auto field : rpc::nhi_fields)
    if (const auto* value = fields.if_contains(name_of(field)))
      text += fmt::format("{}{}\n", padded(label_text(field, context.language), 18),
                          value_text(field, value->as_string(), context.language));
  print(text);
  if (fields.contains("name") && answer.at("name_uncertain").as_bool())
    tell(context, Text{"The name holds characters that have no sure Unicode form.", "姓名含有無法確定的造字。"}.in(
                      context.language));
  for (const auto& warning : answer.at("warnings").as_array()) tell(context, escaped(warning.as_string()));
  return ExitCode::Ok;
}

} // namespace

const Command read_command{
    "read",
    "[--fields NAME,NAME] [--reader NAME]",
    {"read the basic data of an NHI card", "讀取健保卡基本資料"},
    {"Reads the basic data of the NHI card in the reader. A window asks first and shows what will be read.\n"
     "Fields: card_number, name, id_number, birth_date, sex, issue_date, termination; all when none is named.",
     "讀取讀卡機中健保卡的基本資料。讀取前會先開視窗詢問，並顯示將讀取的內容。\n"
     "欄位：card_number、name、id_number、birth_date、sex、issue_date、termination；未指定時為全部。"},
    {{"--fields", "NAMES", {"only these fields, separated by commas", "只讀這些欄位，以逗號分隔"}},
     {"--reader", "NAME", {"the card in this reader", "使用這個讀卡機中的卡片"}}},
    0,
    run};

} // namespace twcard::cli
