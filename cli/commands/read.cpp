#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/texts/cards.hpp"
#include "cli/texts/program.hpp"
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
    if (!rpc::nhi_field_named(name)) throw usage_error(texts::read::unknown_field, escaped(name));
    names.emplace_back(name);
    if (comma == std::string_view::npos) return names;
    rest.remove_prefix(comma + 1);
  }
}

// At the beginning of a line.
std::string label_text(NhiField field, Language language) {
  std::string label(label_of(field).in(language));
  if (label.front() >= 'a' && label.front() <= 'z') label.front() -= 'a' - 'A';
  return label;
}

std::string value_text(NhiField field, std::string_view value, Language language) {
  if (field == NhiField::Sex && value == "F") return std::string(texts::read::female.in(language));
  if (field == NhiField::Sex && value == "M") return std::string(texts::read::male.in(language));
  if (field == NhiField::Termination && value.empty()) return std::string(texts::read::not_cancelled.in(language));
  return escaped(value);
}

ExitCode run(const Context& context, const Arguments& arguments) {
  boost::json::object params{{"fields", wanted_fields(arguments.value("--fields"))}};
  if (const auto reader = arguments.value("--reader")) params["reader"] = *reader;
  auto service = connect(context);
  tell(context, texts::answer_the_question);
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
  if (fields.contains("name") && answer.at("name_uncertain").as_bool()) tell(context, texts::read::name_uncertain);
  for (const auto& warning : answer.at("warnings").as_array()) tell(context, escaped(warning.as_string()));
  return ExitCode::Ok;
}

} // namespace

const Command read_command{"read",
                           "[--fields NAME,NAME] [--reader NAME]",
                           texts::read::summary,
                           texts::read::details,
                           {{"--fields", "NAMES", texts::read::fields}, {"--reader", "NAME", texts::option::reader}},
                           0,
                           run};

} // namespace twcard::cli
