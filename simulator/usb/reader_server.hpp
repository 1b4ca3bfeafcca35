// What twcard-sim-usb keeps on its sockets: readers for QEMUs to connect to, and the control lines that move cards.
//
// A control line is words separated by spaces; the answer is one line, `ok`, `ok TEXT` or `error TEXT`:
//   insert READER FILE     a card file (simulator/issuing/card_file.hpp) goes into the reader
//   measure READER FIELD EXTENSIONS NEW_FIELD
//                          a measuring card (measuring_card.hpp) with that field size goes in, which asks for time that
//                          often before each response, and then for another field size (0: not)
//   remove READER          the card is pulled out
//   plug READER            the reader comes back to the USB
//   unplug READER          it is pulled out; with a number of messages, in the middle of that one: unplug READER 5
//   apdus READER           commands that the card has seen since it was inserted
//   verifies READER        VERIFY commands that reached its PIN check
//   fault READER RATE SEED of 1000 answers of the card so many are lost or bent (0: none), by a seeded generator
// Readers are counted from 0 in the order of their options.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace twcard::simulator {

struct PluggedReader {
  std::string kind; // ez100pu, ccid, acr38u, or passthru: a card in QEMU's own reader
  std::filesystem::path socket;
  std::filesystem::path card; // inserted from the start; empty: none
  bool plugged = true;        // on the USB from the start; else it waits for `plug`
};

// Listens until SIGINT or SIGTERM. Prints `ready` when all sockets are there. Throws Error(BadRequest) for an
// unknown kind of reader, and for sockets that cannot be made.
void serve_readers(const std::vector<PluggedReader>& readers, const std::filesystem::path& control);

} // namespace twcard::simulator
