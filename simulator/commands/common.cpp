#include "driver/base/error.hpp"
#include "simulator/commands/commands.hpp"

#include <boost/program_options/parsers.hpp>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>

namespace twcard::simulator::commands {

namespace po = boost::program_options;

std::optional<po::variables_map> parse(const Arguments& arguments, const std::string& usage,
                                       po::options_description options,
                                       const po::positional_options_description& positional) {
  options.add_options()("help", "show this");
  po::variables_map values;
  try {
    po::store(po::command_line_parser(arguments).options(options).positional(positional).run(), values);
    if (values.contains("help")) {
      std::cout << usage << "\n" << options;
      return std::nullopt;
    }
    po::notify(values);
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  return values;
}

std::size_t reader_index(const std::string& text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size() || text.empty())
    throw UsageError("'" + text + "' is not a reader number (0 is the first)");
  return index;
}

std::filesystem::path control_socket(const po::variables_map& values) {
  if (values.contains("control")) return values["control"].as<std::string>();
  const char* socket = std::getenv("TWCARD_SIM_SOCKET");
  if (socket == nullptr || *socket == '\0')
    throw UsageError("which simulator? give --control or set TWCARD_SIM_SOCKET");
  return socket;
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::error_code ignored;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) throw Error(Errc::BadRequest, file.string() + ": cannot be written");
}

} // namespace twcard::simulator::commands
