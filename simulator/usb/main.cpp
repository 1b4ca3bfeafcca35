// twcard-sim-usb: simulated readers on the USB of QEMU machines.
#include "simulator/usb/reader_server.hpp"

#include <exception>
#include <iostream>

namespace {

constexpr const char* usage =
    R"(twcard-sim-usb --control SOCKET --reader KIND=SOCKET[=CARD] ... [--spare KIND=SOCKET[=CARD] ...]

Simulated readers for QEMU. KIND is ez100pu, ccid or acr38u (a reader on the USB: -chardev socket,id=r0,path=SOCKET
-device usb-redir,chardev=r0) or passthru (a card in QEMU's reader: -device usb-ccid -device ccid-card-passthru,chardev=r0).
A spare reader is plugged in by the control line `plug`. CARD is a card file of twcard-sim personalise.
Control lines: insert, measure, remove, plug, unplug, apdus, verifies, fault.
)";

} // namespace

int main(int argc, char** argv) {
  std::filesystem::path control;
  std::vector<twcard::simulator::PluggedReader> readers;
  for (int index = 1; index + 1 < argc; index += 2) {
    const std::string option = argv[index];
    const std::string value = argv[index + 1];
    if (option == "--control") {
      control = value;
    } else if (option == "--reader" || option == "--spare") {
      const auto first = value.find('=');
      const auto second = value.find('=', first == std::string::npos ? first : first + 1);
      if (first == std::string::npos) break;
      readers.push_back({value.substr(0, first), value.substr(first + 1, second - first - 1),
                         second == std::string::npos ? "" : value.substr(second + 1), option == "--reader"});
    } else {
      break;
    }
  }
  if (control.empty() || readers.empty() || argc % 2 == 0) {
    std::cerr << usage;
    return 2;
  }
  try {
    twcard::simulator::serve_readers(readers, control);
  } catch (const std::exception& error) {
    std::cerr << "twcard-sim-usb: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
