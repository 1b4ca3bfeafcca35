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

constexpr std::size_t max_file_octets = 64 * 1024;
constexpr std::size_t hash_octets = 32;
constexpr std::int64_t most_tries = 15; // of 63Cn

[[noreturn]] void damaged() {
  throw Error(Errc::BadRequest, "not a file of tries");
}

} // namespace

TriesMemory::TriesMemory(std::filesystem::path folder) : m_folder(std::move(folder)) {
  const auto content = m_folder.read(file_name, max_file_octets);
  if (!content) return;
  try {
    m_cards = read(*content);
  } catch (const std::exception&) {
    m_folder.set_aside(file_name);
  }
}

std::deque<TriesMemory::Entry> TriesMemory::read(ByteView content) {
  const auto parsed = json::parse(as_text(content));
  std::deque<Entry> cards;
  for (const auto& value : parsed.at("cards").as_array()) {
    const auto card = from_hex(value.at("card").as_string());
    const auto tries = value.at("tries_left").as_int64();
    if (!card || card->size() != hash_octets || tries < 0 || tries > most_tries || cards.size() == max_cards) damaged();
    cards.push_back({*card, static_cast<int>(tries)});
  }
  return cards;
}

void TriesMemory::write() const {
  json::array cards;
  for (const auto& entry : m_cards)
    cards.push_back(json::object{{"card", to_hex(entry.card)}, {"tries_left", entry.tries_left}});
  const auto text = json::serialize(json::object{{"cards", std::move(cards)}}) + "\n";
  m_folder.write(file_name, as_bytes(text));
}

void TriesMemory::refused(const Bytes& card, int tries_left) {
  if (card.empty()) return;
  const std::lock_guard lock(m_mutex);
  std::erase_if(m_cards, [&card](const auto& entry) { return entry.card == card; });
  if (m_cards.size() == max_cards) m_cards.pop_front();
  m_cards.push_back({card, tries_left});
  write();
}

void TriesMemory::accepted(const Bytes& card) {
  const std::lock_guard lock(m_mutex);
  if (std::erase_if(m_cards, [&card](const auto& entry) { return entry.card == card; }) != 0) write();
}

std::optional<int> TriesMemory::tries_left(const Bytes& card) const {
  const std::lock_guard lock(m_mutex);
  const auto found = std::ranges::find(m_cards, card, &Entry::card);
  return found == m_cards.end() ? std::nullopt : std::optional(found->tries_left);
}

} // namespace twcard::service
