// The command line of a program without commands: its options, --help and --version. Wrong usage throws
// boost::program_options::error, which the program answers with the same exit status as every other one.
#pragma once

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <optional>
#include <string>

namespace twcard {

inline constexpr int exit_usage = 2;

// The options that are given; `help` and `version` have to be among `options`. Nothing when one of these two is given
// and the text has been printed.
[[nodiscard]] std::optional<boost::program_options::variables_map>
parse_command_line(int argc, char** argv, const std::string& program, const std::string& help,
                   const boost::program_options::options_description& options);

// Prints the reason on standard error; the exit status.
[[nodiscard]] int wrong_usage(const std::string& program, const std::string& reason);

} // namespace twcard
