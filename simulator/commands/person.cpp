#include "simulator/person/person.hpp"

#include "simulator/commands/commands.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <cstdlib>
#include <unistd.h>

namespace twcard::simulator::commands {

namespace po = boost::program_options;

namespace {

constexpr const char* usage = "twcard-sim person --answers FILE [--transcript FILE]\n"
                              "An invented person at the prompts: a pinentry (Assuan protocol on standard input and "
                              "output) that answers as FILE\n"
                              "says, {\"mode\": \"approve\"|\"refuse\"|\"wrong-pin\"|\"cancel\"|\"slow\", \"pin\": "
                              "\"123456\", \"delay_ms\": 0}.\n";

std::string option_or_environment(const po::variables_map& values, const char* option, const char* variable) {
  if (values.contains(option)) return values[option].as<std::string>();
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

} // namespace

int person(const Arguments& arguments) {
  po::options_description all("Options");
  all.add_options()                                                                                             //
      ("answers", po::value<std::string>(), "how to answer, read again at each dialog (TWCARD_PERSON_ANSWERS)") //
      ("transcript", po::value<std::string>(), "file to add a JSON line a dialog to (TWCARD_PERSON_TRANSCRIPT)");
  const auto values = parse(arguments, usage, all);
  if (!values) return 0;
  PersonFiles files;
  files.answers = option_or_environment(*values, "answers", "TWCARD_PERSON_ANSWERS");
  files.transcript = option_or_environment(*values, "transcript", "TWCARD_PERSON_TRANSCRIPT");
  if (files.answers.empty()) throw UsageError("how to answer? give --answers or set TWCARD_PERSON_ANSWERS");
  play_person(STDIN_FILENO, STDOUT_FILENO, files);
  return 0;
}

} // namespace twcard::simulator::commands
