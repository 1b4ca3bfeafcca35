#include "driver/base/error.hpp"
#include "simulator/site/authentication_site.hpp"

#include <array>
#include <charconv>
#include <sstream>
#include <utility>

namespace twcard::simulator {

namespace {

constexpr std::array<std::pair<std::string_view, SiteMessage>, 4> messages{{{"health", SiteMessage::Health},
                                                                            {"hello", SiteMessage::Hello},
                                                                            {"module-data", SiteMessage::ModuleData},
                                                                            {"signature", SiteMessage::Signature}}};
constexpr std::array<std::pair<std::string_view, SiteFault>, 11> faults{{{"refuse", SiteFault::Refuse},
                                                                         {"cut", SiteFault::Cut},
                                                                         {"mute", SiteFault::Mute},
                                                                         {"endless", SiteFault::Endless},
                                                                         {"padding", SiteFault::Padding},
                                                                         {"length", SiteFault::Length},
                                                                         {"garbage", SiteFault::Garbage},
                                                                         {"forged", SiteFault::Forged},
                                                                         {"terminator", SiteFault::Terminator},
                                                                         {"bare", SiteFault::Bare},
                                                                         {"trailing", SiteFault::Trailing}}};

[[noreturn]] void refuse(const std::string& word) {
  throw Error(Errc::BadRequest, "behaviour: " + word + ": not MESSAGE:FAULT, MESSAGE:FAULT@N or MESSAGE:delay=MS");
}

template <typename Table>
auto named(const Table& table, std::string_view name, const std::string& word) {
  for (const auto& [its_name, value] : table)
    if (its_name == name) return value;
  refuse(word);
}

std::uint64_t number(std::string_view digits, const std::string& word) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size() || value > 1'000'000) refuse(word);
  return value;
}

bool is_for(const SiteBehaviour::Deviation& deviation, std::uint64_t connection) {
  return deviation.connection == 0 || deviation.connection == connection;
}

} // namespace

std::optional<SiteFault> SiteBehaviour::fault_of(SiteMessage message, std::uint64_t connection) const {
  const auto [first, last] = deviations.equal_range(message);
  for (auto deviation = first; deviation != last; ++deviation)
    if (deviation->second.fault && is_for(deviation->second, connection)) return deviation->second.fault;
  return std::nullopt;
}

std::chrono::milliseconds SiteBehaviour::delay_of(SiteMessage message, std::uint64_t connection) const {
  std::chrono::milliseconds delay{0};
  const auto [first, last] = deviations.equal_range(message);
  for (auto deviation = first; deviation != last; ++deviation)
    if (is_for(deviation->second, connection)) delay += deviation->second.delay;
  return delay;
}

SiteBehaviour behaviour_of(const std::string& words) {
  SiteBehaviour behaviour;
  std::istringstream all(words);
  for (std::string word; all >> word;) {
    const std::string_view text(word);
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) refuse(word);
    const auto message = named(messages, text.substr(0, colon), word);
    auto what = text.substr(colon + 1);
    SiteBehaviour::Deviation deviation;
    if (const auto at = what.find('@'); at != std::string_view::npos) {
      deviation.connection = number(what.substr(at + 1), word);
      what = what.substr(0, at);
    }
    if (what.starts_with("delay="))
      deviation.delay = std::chrono::milliseconds(number(what.substr(6), word));
    else
      deviation.fault = named(faults, what, word);
    behaviour.deviations.emplace(message, deviation);
  }
  return behaviour;
}

} // namespace twcard::simulator
