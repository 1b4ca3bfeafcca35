// The virtual readers of a running simulator: which card is in which, and what each was asked.
// Thread safe. Cards keep their PIN tries between removal and insertion, by the path of their file, as long as the
// file does not change.
#pragma once

#include "simulator/cards/simulated_card.hpp"
#include "simulator/readers/vpcd_plug.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace twcard::simulator {

class CardSlots final {
public:
  // One slot for each vpcd port.
  explicit CardSlots(const std::vector<std::uint16_t>& ports, CardTiming timing = {});

  [[nodiscard]] std::size_t size() const noexcept { return m_slots.size(); }

  // Connects the card to the reader. Throws Error(BadRequest): no such slot, a card is in it, the card is in another
  // one, a faulty card file.
  void insert(std::size_t index, const std::filesystem::path& file);
  // Blocks until the reader has powered the inserted card. Throws Error(Timeout) after 10 s, having pulled it out.
  void wait_until_powered(std::size_t index);
  // Blocks until the reader has noticed. An empty slot is no error.
  void remove(std::size_t index);
  // Pulls the card out once it has answered `commands` more commands. Throws Error(BadRequest) for an empty slot.
  void remove_after(std::size_t index, std::uint64_t commands);
  // Plays faults on the commands to this reader from now on, to the card that is in it or comes into it, in place of
  // what was played before. Throws Error(BadRequest) for a card to swap with that cannot be had.
  void play(std::size_t index, std::vector<Fault> faults);
  // Faults that have not hit all their commands yet.
  [[nodiscard]] std::size_t faults_waiting(std::size_t index);

  // {"index", "port", "card": path or null, the members of Counters since the last insertion or reset, "total": the
  // same for all insertions}; docs/simulator.md.
  [[nodiscard]] boost::json::object counters(std::size_t index);
  // Starts counting at zero.
  void reset_counters(std::size_t index);

  // Pulls all cards out.
  void close();

private:
  struct Slot {
    std::uint16_t port = 0;
    std::filesystem::path file;
    std::shared_ptr<SimulatedCard> card; // the last one, until it is inserted again somewhere
    std::shared_ptr<VpcdPlug> plug;
    std::shared_ptr<FaultPlayer> faults = std::make_shared<FaultPlayer>();
    Counters settled; // of the last insertion, once `card` is another's
    Counters before;  // of the insertions before it

    [[nodiscard]] bool occupied() const { return plug != nullptr && !plug->unplugged(); }
    [[nodiscard]] Counters now() const { return card == nullptr ? settled : card->counters(); }
  };
  struct KnownCard {
    std::string content;
    std::shared_ptr<SimulatedCard> card;
  };

  // As it is now: a fault may have swapped its card.
  [[nodiscard]] Slot& slot(std::size_t index);
  void notice_swap(Slot& slot);
  [[nodiscard]] std::shared_ptr<SimulatedCard> card_of(const std::filesystem::path& file);

  CardTiming m_timing;
  std::mutex m_mutex;
  std::vector<Slot> m_slots;
  std::map<std::filesystem::path, KnownCard> m_known;
};

} // namespace twcard::simulator
