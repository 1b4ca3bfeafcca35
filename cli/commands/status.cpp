#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/card_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/texts/cards.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

std::string line(std::string_view label, std::string_view text) {
  return fmt::format("{}{}\n", padded(label, 13), text);
}

std::string reader_lines(const boost::json::object& reader, Language language) {
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
  auto text = line(texts::status::service.in(language), fmt::format("twcardd {}", escaped(service.version)));
  text += line("pcscd", (pcsc ? texts::status::running : texts::status::unreachable).in(language));
  text +=
      line(texts::status::readers.in(language),
           readers.empty() ? std::string(texts::status::no_readers.in(language)) : fmt::format("{}", readers.size()));
  for (const auto& reader : readers) text += reader_lines(reader.as_object(), language);
  if (!faults.empty()) text += line(texts::status::profiles.in(language), texts::status::faulty_profiles.in(language));
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

const Command status_command{"status", "", texts::status::summary, texts::status::details, {}, 0, run};

} // namespace twcard::cli
