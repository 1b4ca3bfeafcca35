#include "bench/simulated_reader.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <stdexcept>
#include <string>

namespace twcard::bench {

namespace {

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("popen");
  std::string output;
  std::array<char, 4096> piece{};
  while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe)) output.append(piece.data(), size);
  if (::pclose(pipe) != 0) throw std::runtime_error(fmt::format("{}: failed", command));
  return output;
}

} // namespace

void insert_card(const std::filesystem::path& card_file) {
  (void)output_of(fmt::format("twcard-sim insert 0 '{}'", card_file.string()));
}

void remove_card() {
  (void)output_of("twcard-sim remove 0");
}

CardTraffic take_traffic() {
  const auto counters = boost::json::parse(output_of("twcard-sim counters 0 --json --reset"));
  const auto value = [&](const char* name) { return counters.at(name).to_number<std::uint64_t>(); };
  const auto& reset_after = counters.at("reset_after_us");
  return {value("apdus"), value("octets_in") + value("octets_out"),
          reset_after.is_null() ? 0 : reset_after.to_number<double>() / 1000};
}

} // namespace twcard::bench
