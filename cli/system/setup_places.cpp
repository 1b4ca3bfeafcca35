#include "cli/system/setup_places.hpp"

#include "cli/frame/output.hpp"
#include "cli/frame/terminal_text.hpp"
#include "cli/system/files.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::cli {

namespace {

struct Named {
  std::string_view json;
  Text text;
};

Named named(State state) {
  switch (state) {
  case State::Registered: return {"registered", {"registered", "已登錄"}};
  case State::AlreadyRegistered: return {"already_registered", {"was registered already", "先前已登錄"}};
  case State::ForEverybody: return {"for_everybody", {"is registered for everybody", "已為所有使用者登錄"}};
  case State::ThroughP11Kit: return {"through_p11_kit", {"has it through p11-kit", "經由 p11-kit 使用"}};
  case State::Removed: return {"removed", {"removed", "已移除"}};
  case State::NotRegistered: return {"not_registered", {"was not registered", "原本就未登錄"}};
  case State::NeedsRights: return {"needs_rights", {"needs an administrator", "需要系統管理員權限"}};
  case State::Failed: return {"failed", {"failed", "失敗"}};
  }
  return {};
}

} // namespace

State remove_file(const std::filesystem::path& file) {
  std::error_code failure;
  const bool removed = std::filesystem::remove(file, failure);
  if (failure) {
    const auto name = escaped(file.string());
    throw file_error(fmt::format("cannot remove {}: {}", name, failure.message()),
                     fmt::format("無法移除 {}：{}", name, failure.message()));
  }
  return removed ? State::Removed : State::NotRegistered;
}

boost::json::array places_form(const std::vector<Place>& places) {
  boost::json::array list;
  for (const auto& place : places) {
    boost::json::object entry{
        {"program", place.program}, {"path", place.where.string()}, {"state", named(place.state).json}};
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
