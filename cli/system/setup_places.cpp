#include "cli/system/setup_places.hpp"

#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"
#include "cli/texts/named.hpp"
#include "cli/texts/program.hpp"
#include "cli/texts/setup.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

// The name in JSON.
texts::Named named(State state) {
  switch (state) {
  case State::Registered: return {"registered", texts::place::registered};
  case State::AlreadyRegistered: return {"already_registered", texts::place::already_registered};
  case State::ForEverybody: return {"for_everybody", texts::place::for_everybody};
  case State::ThroughP11Kit: return {"through_p11_kit", texts::place::through_p11_kit};
  case State::Removed: return {"removed", texts::place::removed};
  case State::NotRegistered: return {"not_registered", texts::place::not_registered};
  case State::NeedsRights: return {"needs_rights", texts::place::needs_rights};
  case State::Failed: return {"failed", texts::place::failed};
  }
  return {};
}

} // namespace

State remove_file(const std::filesystem::path& file) {
  std::error_code failure;
  const bool removed = std::filesystem::remove(file, failure);
  if (failure) throw file_error(texts::file::cannot_remove, escaped(file.string()), failure.message());
  return removed ? State::Removed : State::NotRegistered;
}

boost::json::array places_form(const std::vector<Place>& places) {
  boost::json::array list;
  for (const auto& place : places) {
    boost::json::object entry{
        {"program", place.program}, {"path", place.where.string()}, {"state", named(place.state).name}};
    if (!place.problem.empty()) entry["problem"] = place.problem;
    if (!place.command.empty()) entry["command"] = place.command;
    list.push_back(std::move(entry));
  }
  return list;
}

void print_places(const Context& context, const std::vector<Place>& places) {
  for (const auto& place : places) {
    print(fmt::format("{}  {}: {}\n", padded(place.program, 12), escaped(place.where.string()),
                      named(place.state).text.in(context.language)));
    if (!place.problem.empty()) print(fmt::format("  {}\n", place.problem));
    if (!place.command.empty()) print(fmt::format("  {}\n", place.command));
  }
}

ExitCode exit_code_of(const std::vector<Place>& places) {
  const bool failed = std::ranges::any_of(places, [](const auto& place) { return place.state == State::Failed; });
  return failed ? ExitCode::Failed : ExitCode::Ok;
}

} // namespace twcard::cli
