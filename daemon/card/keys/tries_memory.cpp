#include "daemon/card/keys/tries_memory.hpp"

#include "driver/base/error.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace twcard::service {

namespace json = boost::json;

namespace {

constexpr std::size_t max_file_octets = 256 * 1024;
constexpr std::size_t hash_octets = 32;
constexpr int most_tries = 15; // of 63Cn

[[noreturn]] void damaged() {
  throw Error(Errc::BadRequest, "not a file of tries");
}

} // namespace

TriesMemory::TriesMemory(std::filesystem::path folder) : m_folder(std::move(folder)) {
  const auto content = m_folder.read(file_name, max_file_octets);
  if (!content) return;
  try {
    m_entries = read(*content);
  } catch (const std::exception&) {
    m_folder.set_aside(file_name);
  }
}

// {"cards": [{"card": SHA-256, "tries_left": N}, …]}: an element for each identity, which was once a card's only one.
std::deque<TriesMemory::Entry> TriesMemory::read(ByteView content) {
  const auto parsed = json::parse(as_text(content));
  std::deque<Entry> entries;
  for (const auto& value : parsed.at("cards").as_array()) {
    const auto identity = from_hex(value.at("card").as_string());
    const auto tries = value.at("tries_left").as_int64();
    if (!identity || identity->size() != hash_octets || tries < 0 || tries > most_tries ||
        entries.size() == max_identities)
      damaged();
    entries.push_back({*identity, static_cast<int>(tries)});
  }
  return entries;
}

void TriesMemory::write() const {
  json::array entries;
  for (const auto& entry : m_entries)
    entries.push_back(json::object{{"card", to_hex(entry.identity)}, {"tries_left", entry.tries_left}});
  const auto text = json::serialize(json::object{{"cards", std::move(entries)}}) + "\n";
  m_folder.write(file_name, as_bytes(text));
}

void TriesMemory::remember(const Bytes& identity, int tries_left) {
  std::erase_if(m_entries, [&identity](const auto& entry) { return entry.identity == identity; });
  if (m_entries.size() == max_identities) m_entries.pop_front();
  m_entries.push_back({identity, tries_left});
}

void TriesMemory::refused(const CardIdentity& card, int tries_left) {
  const std::lock_guard lock(m_mutex);
  if (card.known.empty() && card.kind.empty()) return;
  for (const auto& identity : card.known) remember(identity, tries_left);
  if (card.known.empty()) remember(card.kind, tries_left);
  write();
}

void TriesMemory::accepted(const CardIdentity& card) {
  const std::lock_guard lock(m_mutex);
  const auto is_of_card = [&card](const Entry& entry) {
    return std::ranges::find(card.known, entry.identity) != card.known.end();
  };
  if (std::erase_if(m_entries, is_of_card) != 0) write();
}

std::optional<int> TriesMemory::tries_left(const CardIdentity& card) const {
  const std::lock_guard lock(m_mutex);
  std::optional<int> least;
  for (const auto& entry : m_entries) {
    const bool meant = std::ranges::find(card.known, entry.identity) != card.known.end();
    if (meant && entry.tries_left < least.value_or(most_tries + 1)) least = entry.tries_left;
  }
  return least;
}

bool TriesMemory::may_be_last(const CardIdentity& card) const {
  const std::lock_guard lock(m_mutex);
  return std::ranges::any_of(m_entries, [&card](const Entry& entry) {
    if (card.known.empty()) return entry.identity == card.kind;
    return entry.tries_left == 1 && std::ranges::find(card.known, entry.identity) != card.known.end();
  });
}

} // namespace twcard::service
