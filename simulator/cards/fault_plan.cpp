#include "simulator/cards/fault_plan.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <iterator>
#include <string_view>
#include <utility>

namespace twcard::simulator {

namespace json = boost::json;

namespace {

constexpr std::size_t max_faults = 64;
constexpr std::int64_t max_commands = 1'000'000'000;
constexpr std::int64_t max_octets = 65'000; // with the longest answer of a card still one frame of the virtual reader
constexpr std::int64_t max_delay_ms = 600'000;
constexpr std::size_t status_word_octets = 2;

struct KindName {
  std::string_view name;
  FaultKind kind;
  std::string_view member; // that it has beside the ones that all have
};

constexpr KindName kinds[] = {{"status", FaultKind::Status, "status"}, {"truncate", FaultKind::Truncate, "octets"},
                              {"length", FaultKind::Length, "octets"}, {"delay", FaultKind::Delay, "ms"},
                              {"mute", FaultKind::Mute, {}},           {"remove", FaultKind::Remove, {}},
                              {"atr", FaultKind::Atr, "atr"},          {"swap", FaultKind::Swap, "card"}};

// One element of "faults", and how its members are named in errors.
class Element final {
public:
  Element(const json::object& object, std::size_t index) : m_object(object), m_index(index) {}

  [[noreturn]] void refuse(std::string_view member, std::string_view why) const {
    throw Error(Errc::BadRequest, fmt::format("plan: faults[{}].{}: {}", m_index, member, why));
  }
  [[nodiscard]] bool has(std::string_view name) const { return m_object.contains(name); }

  [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most) const {
    const auto* value = m_object.if_contains(name);
    boost::system::error_code inexact;
    const auto whole = value == nullptr ? 0 : value->to_number<std::int64_t>(inexact);
    if (value == nullptr || inexact || whole < least || whole > most)
      refuse(name, fmt::format("is not a whole number from {} to {}", least, most));
    return whole;
  }

  [[nodiscard]] std::string text(std::string_view name) const {
    const auto* value = m_object.if_contains(name);
    if (value == nullptr || !value->is_string()) refuse(name, "is not a string");
    return value->get_string().c_str();
  }

  [[nodiscard]] Bytes octets(std::string_view name, std::size_t least, std::size_t most, std::string_view shape) const {
    const auto decoded = from_hex(text(name));
    if (!decoded || decoded->size() < least || decoded->size() > most) refuse(name, shape);
    return *decoded;
  }

  void only(std::initializer_list<std::string_view> known) const {
    for (const auto& [name, value] : m_object)
      if (std::find(known.begin(), known.end(), std::string_view(name)) == known.end())
        refuse(std::string_view(name), "this kind of fault has no such member");
  }

private:
  const json::object& m_object;
  std::size_t m_index;
};

const KindName& kind_of(const Element& element) {
  const auto name = element.text("fault");
  const auto* found =
      std::find_if(std::begin(kinds), std::end(kinds), [&](const auto& kind) { return kind.name == name; });
  if (found == std::end(kinds))
    element.refuse("fault", "is not one of status, truncate, length, delay, mute, remove, atr, swap");
  return *found;
}

Fault fault_from(const Element& element) {
  const auto& kind = kind_of(element);
  element.only({"fault", "at", "times", "instruction", kind.member});
  Fault fault;
  fault.kind = kind.kind;
  if (element.has("instruction"))
    fault.instruction = element.octets("instruction", 1, 1, "is not an octet of two hexadecimal digits").front();
  if (element.has("at")) fault.at = static_cast<std::uint64_t>(element.number("at", 1, max_commands));
  if (element.has("times")) fault.times = static_cast<std::uint64_t>(element.number("times", 0, max_commands));
  switch (kind.kind) {
  case FaultKind::Status: {
    const auto word = element.octets("status", 2, 2, "is not a status word of four hexadecimal digits");
    fault.status = static_cast<std::uint16_t>(word[0] << 8 | word[1]);
    break;
  }
  case FaultKind::Truncate: fault.kept = static_cast<std::size_t>(element.number("octets", 1, max_octets)); break;
  case FaultKind::Length: fault.extra = static_cast<int>(element.number("octets", -max_octets, max_octets)); break;
  case FaultKind::Delay: fault.delay = std::chrono::milliseconds(element.number("ms", 0, max_delay_ms)); break;
  case FaultKind::Atr: fault.atr = element.octets("atr", 2, 33, "is not 2 to 33 octets in hexadecimal"); break;
  case FaultKind::Swap: fault.card_file = element.text("card"); break;
  case FaultKind::Mute:
  case FaultKind::Remove: break;
  }
  return fault;
}

} // namespace

std::vector<Fault> faults_from_json(const json::object& plan) {
  for (const auto& [name, value] : plan)
    if (name != "faults")
      throw Error(Errc::BadRequest, fmt::format("plan: {}: unknown member", std::string_view(name)));
  const auto* elements = plan.if_contains("faults");
  if (elements == nullptr || !elements->is_array() || elements->get_array().empty() ||
      elements->get_array().size() > max_faults)
    throw Error(Errc::BadRequest, fmt::format("plan: faults: is not an array of 1 to {} faults", max_faults));
  std::vector<Fault> faults;
  for (const auto& element : elements->get_array()) {
    if (!element.is_object())
      throw Error(Errc::BadRequest, fmt::format("plan: faults[{}]: is not an object", faults.size()));
    faults.push_back(fault_from(Element(element.get_object(), faults.size())));
  }
  return faults;
}

std::vector<Fault> removal_after(std::uint64_t commands) {
  Fault fault;
  fault.kind = FaultKind::Remove;
  fault.at = commands + 1;
  return {std::move(fault)};
}

Bytes altered(const Fault& fault, Bytes answer) {
  const auto data_octets = answer.size() < status_word_octets ? 0 : answer.size() - status_word_octets;
  const auto data_end = answer.begin() + static_cast<std::ptrdiff_t>(data_octets);
  switch (fault.kind) {
  case FaultKind::Status:
    return {static_cast<std::uint8_t>(fault.status >> 8), static_cast<std::uint8_t>(fault.status & 0xFF)};
  case FaultKind::Truncate: answer.resize(std::min(answer.size(), fault.kept)); break;
  case FaultKind::Length:
    if (fault.extra >= 0)
      answer.insert(data_end, static_cast<std::size_t>(fault.extra), std::uint8_t{0});
    else
      answer.erase(data_end - std::min<std::ptrdiff_t>(-fault.extra, data_end - answer.begin()), data_end);
    break;
  case FaultKind::Delay:
  case FaultKind::Mute:
  case FaultKind::Remove:
  case FaultKind::Atr:
  case FaultKind::Swap: break;
  }
  return answer;
}

void FaultPlayer::play(std::vector<Fault> faults) {
  const std::lock_guard lock(m_mutex);
  m_scheduled.clear();
  for (auto& fault : faults) m_scheduled.push_back({std::move(fault)});
}

std::optional<Fault> FaultPlayer::next(ByteView command) {
  const std::lock_guard lock(m_mutex);
  std::optional<Fault> hits;
  for (auto& scheduled : m_scheduled) {
    const auto& fault = scheduled.fault;
    if (scheduled.used_up()) continue;
    if (fault.instruction && (command.size() < 2 || command[1] != *fault.instruction)) continue;
    if (++scheduled.seen >= fault.at && !hits) hits = fault;
  }
  return hits;
}

std::size_t FaultPlayer::waiting() const {
  const std::lock_guard lock(m_mutex);
  return static_cast<std::size_t>(std::count_if(m_scheduled.begin(), m_scheduled.end(),
                                                [](const auto& scheduled) { return !scheduled.used_up(); }));
}

} // namespace twcard::simulator
