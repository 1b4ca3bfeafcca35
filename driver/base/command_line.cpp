#include "driver/base/command_line.hpp"

#include <boost/program_options/parsers.hpp>
#include <iostream>

namespace twcard {

namespace po = boost::program_options;

std::optional<po::variables_map> parse_command_line(int argc, char** argv, const std::string& program,
                                                    const std::string& help, const po::options_description& options) {
  po::variables_map given;
  po::store(po::command_line_parser(argc, argv).options(options).positional({}).run(), given);
  if (given.contains("help")) {
    std::cout << help;
    return std::nullopt;
  }
  if (given.contains("version")) {
    std::cout << program << " " TWCARD_VERSION "\n";
    return std::nullopt;
  }
  return given;
}

int wrong_usage(const std::string& program, const std::string& reason) {
  std::cerr << program << ": " << reason << "\nTry: " << program << " --help\n";
  return exit_usage;
}

} // namespace twcard
