// insert, remove, counters: what is asked of a running simulator.
#include "simulator/readers/control.hpp"

#include "simulator/commands/commands.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <fmt/format.h>
#include <iostream>

namespace twcard::simulator::commands {

namespace json = boost::json;
namespace po = boost::program_options;

namespace {

po::options_description with_control() {
  po::options_description all("Options");
  all.add_options()("control", po::value<std::string>(), "control socket of the simulator (TWCARD_SIM_SOCKET)");
  return all;
}

std::string line_for_people(const json::object& reader) {
  const auto& card = reader.at("card");
  std::string instructions;
  for (const auto& [instruction, count] : reader.at("by_instruction").as_object())
    instructions += fmt::format(" {}:{}", std::string_view(instruction), count.to_number<std::uint64_t>());
  const auto value = [&](const char* name) { return reader.at(name).to_number<std::uint64_t>(); };
  return fmt::format("reader {} (port {}): {}\n  {} APDUs ({} in all), {} octets in, {} out, {} resets, {} PIN checks "
                     "of which {} failed;{}\n",
                     value("index"), value("port"), card.is_null() ? "no card" : card.as_string().c_str(),
                     value("apdus"), reader.at("total").at("apdus").to_number<std::uint64_t>(), value("octets_in"),
                     value("octets_out"), value("resets"), value("verifies"), value("failed_verifies"), instructions);
}

} // namespace

int insert(const Arguments& arguments) {
  auto all = with_control();
  all.add_options()("reader", po::value<std::string>()->required(), "reader, 0 is the first") //
      ("card", po::value<std::string>()->required(), "card file");
  const auto values = parse(arguments,
                            "twcard-sim insert READER FILE\nPuts a card into a virtual reader; returns when the reader "
                            "has powered it.\n",
                            all, po::positional_options_description().add("reader", 1).add("card", 1));
  if (!values) return 0;
  const auto file = std::filesystem::absolute((*values)["card"].as<std::string>());
  static_cast<void>(
      ask_control(control_socket(*values), {{"command", "insert"},
                                            {"reader", reader_index((*values)["reader"].as<std::string>())},
                                            {"card", file.string()}}));
  return 0;
}

int remove(const Arguments& arguments) {
  auto all = with_control();
  all.add_options()("reader", po::value<std::string>()->required(), "reader, 0 is the first") //
      ("after", po::value<std::int64_t>(), "pull it out in the middle: once it has answered so many more commands");
  const auto values =
      parse(arguments,
            "twcard-sim remove READER [--after COMMANDS]\nPulls a card out; returns when the reader has "
            "noticed (with --after at once).\n",
            all, po::positional_options_description().add("reader", 1));
  if (!values) return 0;
  json::object request{{"command", "remove"}, {"reader", reader_index((*values)["reader"].as<std::string>())}};
  if (values->contains("after")) request["after"] = (*values)["after"].as<std::int64_t>();
  static_cast<void>(ask_control(control_socket(*values), request));
  return 0;
}

int counters(const Arguments& arguments) {
  auto all = with_control();
  all.add_options()("reader", po::value<std::string>(), "only this reader, 0 is the first") //
      ("json", po::bool_switch(), "print JSON")                                             //
      ("reset", po::bool_switch(), "start counting from zero after printing");
  const auto values =
      parse(arguments,
            "twcard-sim counters [READER] [--json] [--reset]\nWhat the cards were asked since they were "
            "inserted, or since the last --reset.\n",
            all, po::positional_options_description().add("reader", 1));
  if (!values) return 0;
  json::object request{{"command", "counters"}, {"reset", (*values)["reset"].as<bool>()}};
  const bool one = values->contains("reader");
  if (one) request["reader"] = reader_index((*values)["reader"].as<std::string>());

  const auto answer = ask_control(control_socket(*values), request);
  const auto& readers = answer.at("readers").as_array();
  if (!(*values)["json"].as<bool>()) {
    for (const auto& reader : readers) std::cout << line_for_people(reader.as_object());
    return 0;
  }
  const auto result = one ? readers.at(0) : json::value{{"readers", readers}};
  std::cout << json::serialize(result) << "\n";
  return 0;
}

} // namespace twcard::simulator::commands
