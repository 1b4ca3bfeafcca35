#include "cli/texts/grants.hpp"
#include "cli/frame/command.hpp"
#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/service/connection.hpp"
#include "cli/texts/program.hpp"
#include "rpc/vocabulary/nhi_field.hpp"
#include "rpc/vocabulary/operation.hpp"
#include "rpc/web_origin.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

using boost::json::object;

struct Reading {
  rpc::Operation operation;
  Text text;
};

constexpr std::array<Reading, 4> readings{
    {{rpc::Operation::NhiRead, texts::grants::read_nhi},
     {rpc::Operation::Certificates, texts::grants::read_certificates},
     {rpc::Operation::LegacyNhiRead, texts::grants::read_nhi_over_old_interface},
     {rpc::Operation::LegacyTokens, texts::grants::list_cards_over_old_interface}}};

// Names that a newer service may have are shown as they are.
std::string reading_text(std::string_view name, Language language) {
  const auto* found = std::ranges::find(readings, name, [](const Reading& row) { return name_of(row.operation); });
  return found == readings.end() ? escaped(name) : std::string(found->text.in(language));
}

std::string field_text(std::string_view name, Language language) {
  const auto field = rpc::nhi_field_named(name);
  return field ? std::string(label_of(*field).in(language)) : escaped(name);
}

std::string fields_text(const object& grant, Language language) {
  const auto* fields = grant.if_contains("fields");
  if (fields == nullptr) return {};
  std::string text;
  for (const auto& field : fields->as_array()) {
    text += (text.empty() ? texts::grants::first_field : texts::grants::next_field).in(language);
    text += field_text(field.as_string(), language);
  }
  return text;
}

std::string card_text(const object& grant, Language language) {
  const auto& reader = grant.at("reader");
  if (reader.is_null()) return std::string(texts::grants::not_inserted.in(language));
  return texts::grants::in_reader.in(language, escaped(reader.as_string()));
}

std::string describe(const object& grant, Language language) {
  const auto line = [language](Text label, const std::string& value) {
    return fmt::format("  {}{}\n", padded(label.in(language), 11), value);
  };
  return escaped(grant.at("site").as_string()) + "\n" +
         line(texts::grants::allowed,
              reading_text(grant.at("operation").as_string(), language) + fields_text(grant, language)) +
         line(texts::grants::card, card_text(grant, language)) +
         line(texts::grants::since, escaped(grant.at("given").as_string())) +
         line(texts::grants::last_used, escaped(grant.at("used").as_string()));
}

ExitCode run(const Context& context, const Arguments&) {
  auto service = connect(context);
  auto answer = service.client.call("grants.list").result;
  if (context.json) {
    print_json(answer);
    return ExitCode::Ok;
  }
  const auto& grants = answer.at("grants").as_array();
  if (grants.empty()) {
    tell(context, texts::grants::none);
    return ExitCode::Ok;
  }
  std::string text;
  for (const auto& grant : grants) text += describe(grant.as_object(), context.language);
  print(text);
  tell(context, texts::grants::how_to_revoke);
  return ExitCode::Ok;
}

object what_to_revoke(const Arguments& arguments) {
  const auto& sites = arguments.positionals();
  if (arguments.has("--all") == !sites.empty()) throw usage_error(texts::grants::which_site);
  if (sites.empty()) return {{"all", true}};
  const auto origin = rpc::parse_origin(sites.front(), true);
  if (!origin) throw usage_error(texts::usage::not_an_origin, escaped(sites.front()));
  return {{"site", *origin}};
}

ExitCode revoke(const Context& context, const Arguments& arguments) {
  auto what = what_to_revoke(arguments);
  auto service = connect(context);
  const auto answer = service.client.call("grants.revoke", std::move(what)).result;
  if (context.json) {
    print_json(answer);
    return ExitCode::Ok;
  }
  const auto count = answer.at("revoked").to_number<std::uint64_t>();
  if (count == 0)
    tell(context, texts::grants::nothing_to_revoke);
  else
    tell(context, texts::grants::revoked.in(context.language, count));
  return ExitCode::Ok;
}

} // namespace

const Command grants_command{"grants", "", texts::grants::summary, texts::grants::details, {}, 0, run};

const Command grants_revoke_command{"grants revoke",
                                    "ORIGIN | --all",
                                    texts::grants::revoke_summary,
                                    texts::grants::revoke_details,
                                    {{"--all", "", texts::grants::all}},
                                    0,
                                    revoke,
                                    1};

} // namespace twcard::cli
