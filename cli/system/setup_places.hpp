// What a `setup` command did, place by place: a file, a database, a program's registration.
#pragma once

#include "cli/frame/command.hpp"
#include "cli/frame/failure.hpp"

#include <boost/json/array.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace twcard::cli {

// ForEverybody and ThroughP11Kit: nothing is to be done, for the module is there already by another way. NeedsRights:
// the person has to do it, as `problem` says.
enum class State {
  Registered,
  AlreadyRegistered,
  ForEverybody,
  ThroughP11Kit,
  Removed,
  NotRegistered,
  NeedsRights,
  Failed
};

struct Place {
  std::string program;
  std::filesystem::path where;
  State state = State::Failed;
  std::string problem; // states NeedsRights and Failed
  std::string command; // state NeedsRights: for a shell, does what is to be done
};

// One place that fails does not keep the others from being done.
template <typename Work>
Place attempt(const Context& context, std::string_view program, const std::filesystem::path& where, Work work) {
  try {
    return {std::string(program), where, work(), {}, {}};
  } catch (const Failure& failure) {
    return {std::string(program), where, State::Failed, failure.in(context.language), {}};
  }
}

// Deletes a file; a Failure when it is there and cannot be deleted.
[[nodiscard]] State remove_file(const std::filesystem::path& file);

// `places` of the JSON answer.
[[nodiscard]] boost::json::array places_form(const std::vector<Place>& places);
void print_places(const Context& context, const std::vector<Place>& places);
[[nodiscard]] ExitCode exit_code_of(const std::vector<Place>& places);

} // namespace twcard::cli
