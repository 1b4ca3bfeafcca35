// Fault plans: what goes wrong between a simulated card and its reader, and at which command. Plugs ask a FaultPlayer
// about each command and do what it says; docs/simulator.md, "Fault plans", has the format.
#pragma once

#include "driver/base/bytes.hpp"

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace twcard::simulator {

class SimulatedCard;

enum class FaultKind {
  Status,   // the answer is this status word alone
  Truncate, // the answer breaks off
  Length,   // the answer has octets too many or too few before its status word
  Delay,    // the answer comes late
  Mute,     // it never comes
  Remove,   // the card is pulled out instead of answering
  Atr,      // the command is answered; from the next reset on the card has another answer to reset
  Swap      // the card is pulled out instead of answering, and another one put in
};

struct Fault {
  FaultKind kind = FaultKind::Remove;
  std::optional<std::uint8_t> instruction; // counts and hits only commands with this INS
  std::uint64_t at = 1;                    // the first command that is hit, counted from when the plan is played
  std::uint64_t times = 1;                 // commands that are hit; 0: all from there on
  std::uint16_t status = 0;                // Status
  std::size_t kept = 0;                    // Truncate: octets that come, status word included
  int extra = 0;                           // Length
  std::chrono::milliseconds delay{0};      // Delay
  Bytes atr;                               // Atr
  std::filesystem::path card_file;         // Swap, of the plan
  std::shared_ptr<SimulatedCard> card;     // Swap, of whoever plays it
};

// The faults of a plan, in its order; when several hit one command, the first of them does. Throws Error(BadRequest)
// naming the member that is wrong.
[[nodiscard]] std::vector<Fault> faults_from_json(const boost::json::object& plan);
// The plan of a card that is pulled out once it has answered so many more commands.
[[nodiscard]] std::vector<Fault> removal_after(std::uint64_t commands);

// A card's answer as it arrives after Status, Truncate or Length; unchanged for every other kind.
[[nodiscard]] Bytes altered(const Fault& fault, Bytes answer);

// Thread safe.
class FaultPlayer final {
public:
  // Counts from now on; what was played before ends.
  void play(std::vector<Fault> faults);
  // What happens to this command.
  [[nodiscard]] std::optional<Fault> next(ByteView command);
  // Faults that have not hit all their commands yet; those without end never have.
  [[nodiscard]] std::size_t waiting() const;

private:
  struct Scheduled {
    Fault fault;
    std::uint64_t seen = 0; // commands that it counts
    [[nodiscard]] bool used_up() const { return fault.times != 0 && seen >= fault.at + fault.times - 1; }
  };

  mutable std::mutex m_mutex;
  std::vector<Scheduled> m_scheduled;
};

} // namespace twcard::simulator
