// Readers inside the test process: the same cards as behind the virtual PC/SC reader, without pcscd.
// Follows PC/SC where tests depend on it: transactions are exclusive, a channel sees CardReset handling as pcsc.cpp
// does, the event counter rises on insertion and removal.
#pragma once

#include "driver/reader/reader_source.hpp"
#include "simulator/cards/fault_plan.hpp"
#include "simulator/cards/simulated_card.hpp"

#include <memory>
#include <string>
#include <vector>

namespace twcard::simulator {

class InProcessReaders final : public reader::ReaderSource {
public:
  explicit InProcessReaders(std::vector<std::string> names);
  ~InProcessReaders() override;

  // Throws Error(NoReader) for an unknown reader, Error(BadRequest) when a card is in it.
  void insert(const std::string& reader, std::shared_ptr<SimulatedCard> card);
  void remove(const std::string& reader);
  // Plays faults on the commands to this reader from now on, whichever card is in it. A swap needs its `card`.
  void play(const std::string& reader, std::vector<Fault> faults);

  [[nodiscard]] std::vector<reader::ReaderState> list() override;
  [[nodiscard]] std::unique_ptr<reader::CardChannel> open(const std::string& reader) override;
  [[nodiscard]] std::optional<std::vector<reader::ReaderState>>
  wait_for_change(const std::vector<reader::ReaderState>& known) override;
  void cancel() noexcept override;

private:
  struct Slot;
  class Channel;
  struct Shared;
  std::shared_ptr<Shared> m_shared;
};

} // namespace twcard::simulator
