// twcard-sim-usb: simulated readers on the USB of QEMU machines.
#include "simulator/usb/reader_server.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <exception>
#include <iostream>

namespace {

namespace po = boost::program_options;

constexpr const char* usage =
    R"(twcard-sim-usb --control SOCKET --reader KIND=SOCKET[=CARD] ... [--spare KIND=SOCKET[=CARD] ...]

Simulated readers for QEMU. KIND is ez100pu, ccid or acr38u (a reader on the USB: -chardev socket,id=r0,path=SOCKET
-device usb-redir,chardev=r0) or passthru (a card in QEMU's reader: -device usb-ccid -device ccid-card-passthru,chardev=r0).
A spare reader is plugged in by the control line `plug`. CARD is a card file of twcard-sim personalise.
Control lines: insert, measure, remove, plug, unplug, apdus, verifies, fault.
)";

using twcard::simulator::PluggedReader;

PluggedReader reader_of(const std::string& value, bool plugged) {
  const auto first = value.find('=');
  if (first == std::string::npos) throw po::error("a reader is KIND=SOCKET or KIND=SOCKET=CARD");
  const auto second = value.find('=', first + 1);
  return {value.substr(0, first), value.substr(first + 1, second - first - 1),
          second == std::string::npos ? "" : value.substr(second + 1), plugged};
}

struct Settings {
  std::filesystem::path control;
  std::vector<PluggedReader> readers; // in the order of their options
};

Settings settings_of(int argc, char** argv) {
  po::options_description all;
  all.add_options()("control", po::value<std::string>(), "")("reader", po::value<std::string>(),
                                                             "")("spare", po::value<std::string>(), "");
  Settings settings;
  for (const auto& given : po::command_line_parser(argc, argv).options(all).run().options) {
    if (given.string_key == "control")
      settings.control = given.value.front();
    else if (given.string_key == "reader" || given.string_key == "spare")
      settings.readers.push_back(reader_of(given.value.front(), given.string_key == "reader"));
    else
      throw po::error("unexpected argument " + given.value.front());
  }
  if (settings.control.empty() || settings.readers.empty()) throw po::error("--control and a --reader are required");
  return settings;
}

} // namespace

int main(int argc, char** argv) {
  try {
    const auto settings = settings_of(argc, argv);
    twcard::simulator::serve_readers(settings.readers, settings.control);
  } catch (const po::error& error) {
    std::cerr << "twcard-sim-usb: " << error.what() << "\n\n" << usage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "twcard-sim-usb: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
