// The commands of twcard-sim: one function each, given the arguments after the command's name. They return the exit
// status: 0 done, 1 failed. Wrong usage throws UsageError (exit status 2), a failure Error.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace twcard::simulator::commands {

using Arguments = std::vector<std::string>;

class UsageError final : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

int personalise(const Arguments& arguments);
int habits(const Arguments& arguments);
int profile(const Arguments& arguments);
int run(const Arguments& arguments);
int insert(const Arguments& arguments);
int remove(const Arguments& arguments);
int fault(const Arguments& arguments);
int counters(const Arguments& arguments);
int person(const Arguments& arguments);
int site(const Arguments& arguments);

// The arguments as options, or nothing when --help was among them: then `usage` and the options have been printed.
[[nodiscard]] std::optional<boost::program_options::variables_map>
parse(const Arguments& arguments, const std::string& usage, boost::program_options::options_description options,
      const boost::program_options::positional_options_description& positional = {});

// A number of a reader, from 0 on. Throws UsageError.
[[nodiscard]] std::size_t reader_index(const std::string& text);
// --control, or TWCARD_SIM_SOCKET. Throws UsageError without either.
[[nodiscard]] std::filesystem::path control_socket(const boost::program_options::variables_map& values);
// Throws Error when it cannot be written.
void write_file(const std::filesystem::path& file, const std::string& text);

} // namespace twcard::simulator::commands
