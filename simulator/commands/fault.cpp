#include "driver/base/error.hpp"
#include "simulator/cards/fault_plan.hpp"
#include "simulator/commands/commands.hpp"
#include "simulator/readers/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

namespace twcard::simulator::commands {

namespace json = boost::json;
namespace po = boost::program_options;

namespace {

constexpr const char* usage =
    "twcard-sim fault READER [PLAN.json | --clear]\n"
    "Plays a fault plan on the commands to a reader's card, from the next command on: status words, truncated and "
    "wrong\n"
    "answers, delays, silence, removal, another card. Prints how many faults are still to come.\n";

// The plan in a file. Cards to swap with are named from the plan's folder.
json::object plan_from(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Errc::BadRequest, file.string() + ": cannot be read");
  boost::system::error_code error;
  auto plan = json::parse(std::string{std::istreambuf_iterator<char>(in), {}}, error);
  if (error || !plan.is_object()) throw Error(Errc::BadRequest, file.string() + ": is not a JSON object");
  const auto faults = faults_from_json(plan.get_object());
  auto& elements = plan.at("faults").as_array();
  for (std::size_t index = 0; index < faults.size(); ++index)
    if (faults[index].kind == FaultKind::Swap)
      elements[index].as_object()["card"] =
          (std::filesystem::absolute(file).parent_path() / faults[index].card_file).string();
  return plan.get_object();
}

} // namespace

int fault(const Arguments& arguments) {
  po::options_description all("Options");
  all.add_options()("control", po::value<std::string>(), "control socket of the simulator (TWCARD_SIM_SOCKET)") //
      ("reader", po::value<std::string>()->required(), "reader, 0 is the first")                                //
      ("plan", po::value<std::string>(), "file with the plan")                                                  //
      ("clear", po::bool_switch(), "end what is being played");
  const auto values =
      parse(arguments, usage, all, po::positional_options_description().add("reader", 1).add("plan", 1));
  if (!values) return 0;
  const bool clear = (*values)["clear"].as<bool>();
  if (clear && values->contains("plan")) throw UsageError("either a plan or --clear");

  json::object request{{"command", "fault"}, {"reader", reader_index((*values)["reader"].as<std::string>())}};
  if (clear) request["plan"] = nullptr;
  if (values->contains("plan")) request["plan"] = plan_from((*values)["plan"].as<std::string>());
  std::cout << ask_control(control_socket(*values), request).at("waiting").to_number<std::uint64_t>() << "\n";
  return 0;
}

} // namespace twcard::simulator::commands
