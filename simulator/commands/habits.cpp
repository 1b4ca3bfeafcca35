#include "simulator/issuing/habits.hpp"

#include "simulator/commands/commands.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <iostream>

namespace twcard::simulator::commands {

namespace po = boost::program_options;

int habits(const Arguments& arguments) {
  bool names = false;
  bool together = false;
  po::options_description all("Options");
  all.add_options()                                               //
      ("names", po::bool_switch(&names), "print the names alone") //
      ("together", po::bool_switch(&together), "only those that a card can have all at once, good for everything");
  const auto values = parse(arguments,
                            "twcard-sim habits [--names] [--together]\n"
                            "What a card can do differently from the tidy default (personalise --habit).\n",
                            all);
  if (!values) return 0;
  constexpr std::size_t column = 26;
  for (const auto& row : all_habits()) {
    if (together && !row.together) continue;
    std::cout << row.name;
    if (!names) std::cout << std::string(column - row.name.size(), ' ') << row.summary;
    std::cout << "\n";
  }
  return 0;
}

} // namespace twcard::simulator::commands
