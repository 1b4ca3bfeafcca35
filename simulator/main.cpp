// twcard-sim: software cards and an invented person, for tests and demonstrations.
#include "simulator/commands/commands.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>

namespace {

using namespace twcard::simulator;

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(const commands::Arguments&);
};

constexpr std::array<Command, 10> all_commands{{
    {"personalise", "make the card of an invented person", commands::personalise},
    {"habits", "list what a card can do differently", commands::habits},
    {"profile", "write the card profile of simulated citizen cards", commands::profile},
    {"run", "put cards into virtual PC/SC readers", commands::run},
    {"insert", "put a card into a reader of a running simulator", commands::insert},
    {"remove", "pull a card out", commands::remove},
    {"fault", "play faults on the commands to a card", commands::fault},
    {"counters", "what the cards were asked", commands::counters},
    {"person", "answer prompts as a person would (a pinentry)", commands::person},
    {"site", "be the insurer's authentication site", commands::site},
}};

void print_help(std::ostream& out) {
  out << "twcard-sim COMMAND [options]\nSimulated cards for tests. Everything in them is invented; keys are test "
         "keys.\n\n";
  for (const auto& command : all_commands)
    out << "  " << command.name << std::string(14 - command.name.size(), ' ') << command.summary << "\n";
  out << "\ntwcard-sim COMMAND --help says more. Exit status: 0 done, 1 failed, 2 wrong usage.\n";
}

} // namespace

int main(int argc, char** argv) {
  const commands::Arguments arguments(argv + std::min(argc, 2), argv + argc);
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "--help" || name == "help") {
    print_help(std::cout);
    return 0;
  }
  if (name == "--version") {
    std::cout << "twcard-sim " TWCARD_VERSION "\n";
    return 0;
  }
  const auto* command = std::find_if(all_commands.begin(), all_commands.end(),
                                     [name](const Command& candidate) { return candidate.name == name; });
  if (command == all_commands.end()) {
    print_help(std::cerr);
    return 2;
  }
  try {
    return command->run(arguments);
  } catch (const commands::UsageError& error) {
    std::cerr << "twcard-sim " << name << ": " << error.what() << " (see twcard-sim " << name << " --help)\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "twcard-sim " << name << ": " << error.what() << "\n";
    return 1;
  }
}
