#include "simulator/readers/card_slots.hpp"

#include "driver/base/error.hpp"
#include "simulator/issuing/card_file.hpp"

#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <utility>

namespace twcard::simulator {

namespace json = boost::json;

namespace {

constexpr auto power_limit = std::chrono::seconds(10);

void add(Counters& sum, const Counters& more) {
  sum.apdus += more.apdus;
  sum.octets_in += more.octets_in;
  sum.octets_out += more.octets_out;
  sum.resets += more.resets;
  if (more.reset_after) sum.reset_after = more.reset_after;
  sum.verifies += more.verifies;
  sum.failed_verifies += more.failed_verifies;
  sum.private_operations += more.private_operations;
  for (const auto& [instruction, count] : more.by_instruction) sum.by_instruction[instruction] += count;
}

json::object to_json(const Counters& counters) {
  json::object by_instruction;
  for (const auto& [instruction, count] : counters.by_instruction)
    by_instruction[fmt::format("{:02X}", instruction)] = count;
  return {{"apdus", counters.apdus},
          {"octets_in", counters.octets_in},
          {"octets_out", counters.octets_out},
          {"resets", counters.resets},
          {"reset_after_us", counters.reset_after ? json::value(counters.reset_after->count()) : json::value()},
          {"verifies", counters.verifies},
          {"failed_verifies", counters.failed_verifies},
          {"private_operations", counters.private_operations},
          {"by_instruction", by_instruction}};
}

} // namespace

CardSlots::CardSlots(const std::vector<std::uint16_t>& ports, CardTiming timing) : m_timing(timing) {
  for (const auto port : ports) {
    Slot slot;
    slot.port = port;
    m_slots.push_back(std::move(slot));
  }
}

CardSlots::Slot& CardSlots::slot(std::size_t index) {
  if (index < m_slots.size()) {
    notice_swap(m_slots[index]);
    return m_slots[index];
  }
  throw Error(Errc::BadRequest, fmt::format("no reader {}: there are {}, the first is 0", index, m_slots.size()));
}

void CardSlots::notice_swap(Slot& slot) {
  if (slot.plug == nullptr || slot.plug->card() == slot.card) return;
  add(slot.before, slot.now());
  slot.card = slot.plug->card();
  for (const auto& [file, known] : m_known)
    if (known.card == slot.card) slot.file = file;
}

std::shared_ptr<SimulatedCard> CardSlots::card_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  auto& known = m_known[file];
  if (known.card == nullptr || known.content != content) known = {std::move(content), card_from_file(file)};
  return known.card;
}

void CardSlots::insert(std::size_t index, const std::filesystem::path& file) {
  std::error_code unreadable;
  const auto path = std::filesystem::canonical(file, unreadable);
  if (unreadable) throw Error(Errc::BadRequest, file.string() + ": cannot be read");

  const std::lock_guard lock(m_mutex);
  auto& wanted = slot(index);
  if (wanted.occupied()) throw Error(Errc::BadRequest, fmt::format("a card is in reader {}", index));
  for (std::size_t other = 0; other < m_slots.size(); ++other)
    if (m_slots[other].occupied() && m_slots[other].file == path)
      throw Error(Errc::BadRequest, fmt::format("this card is in reader {}", other));

  auto card = card_of(path);
  for (auto& other : m_slots) {
    if (other.card == card) {
      other.settled = other.now();
      other.card.reset();
    }
  }
  add(wanted.before, wanted.now());
  card->reset_counters();
  card->answer_reset_with({});
  wanted.file = path;
  wanted.card = card;
  wanted.plug = std::make_shared<VpcdPlug>(wanted.port, std::move(card), m_timing, wanted.faults);
}

void CardSlots::wait_until_powered(std::size_t index) {
  std::shared_ptr<VpcdPlug> plug;
  std::uint16_t port = 0;
  {
    const std::lock_guard lock(m_mutex);
    plug = slot(index).plug;
    port = slot(index).port;
  }
  if (plug == nullptr || plug->wait_until_powered(power_limit)) return;
  remove(index);
  throw Error(Errc::Timeout, fmt::format("no virtual reader takes the card at 127.0.0.1:{} (is pcscd with vpcd running "
                                         "in these namespaces?)",
                                         port));
}

void CardSlots::remove(std::size_t index) {
  std::shared_ptr<VpcdPlug> plug;
  {
    const std::lock_guard lock(m_mutex);
    plug = slot(index).plug;
  }
  if (plug == nullptr) return;
  // Without the lock: it takes until the reader looks.
  plug->unplug();
  const std::lock_guard lock(m_mutex);
  if (slot(index).plug == plug) slot(index).plug.reset();
}

void CardSlots::remove_after(std::size_t index, std::uint64_t commands) {
  const std::lock_guard lock(m_mutex);
  if (!slot(index).occupied()) throw Error(Errc::BadRequest, fmt::format("no card is in reader {}", index));
  slot(index).faults->play(removal_after(commands));
}

void CardSlots::play(std::size_t index, std::vector<Fault> faults) {
  const std::lock_guard lock(m_mutex);
  auto& wanted = slot(index);
  for (auto& fault : faults) {
    if (fault.kind != FaultKind::Swap) continue;
    std::error_code unreadable;
    const auto path = std::filesystem::canonical(fault.card_file, unreadable);
    if (unreadable) throw Error(Errc::BadRequest, fault.card_file.string() + ": cannot be read");
    fault.card = card_of(path);
    fault.card->reset_counters();
    for (const auto& other : m_slots)
      if (other.card == fault.card)
        throw Error(Errc::BadRequest, path.string() + ": this card is in a reader, or was the last one in it");
  }
  wanted.faults->play(std::move(faults));
}

std::size_t CardSlots::faults_waiting(std::size_t index) {
  const std::lock_guard lock(m_mutex);
  return slot(index).faults->waiting();
}

json::object CardSlots::counters(std::size_t index) {
  const std::lock_guard lock(m_mutex);
  const auto& counted = slot(index);
  const auto now = counted.now();
  auto total = counted.before;
  add(total, now);
  json::object result{{"index", index}, {"port", counted.port}, {"card", nullptr}};
  if (counted.occupied()) result["card"] = counted.file.string();
  for (const auto& [name, value] : to_json(now)) result[name] = value;
  result["total"] = to_json(total);
  return result;
}

void CardSlots::reset_counters(std::size_t index) {
  const std::lock_guard lock(m_mutex);
  auto& counted = slot(index);
  counted.before = {};
  counted.settled = {};
  if (counted.card != nullptr) counted.card->reset_counters();
}

void CardSlots::close() {
  for (std::size_t index = 0; index < m_slots.size(); ++index) remove(index);
}

} // namespace twcard::simulator
