#include "simulator/applets/citizen_card.hpp"

#include "simulator/cards/answer.hpp"
#include "simulator/cards/transport_keys.hpp"

#include <algorithm>
#include <utility>

namespace twcard::simulator {

namespace {

constexpr std::size_t read_limit = 200;
constexpr std::size_t half_block_octets = 128;
constexpr int pin_tries = 3;

constexpr const char* public_keys = "/5030/0810";
constexpr const char* private_keys = "/5030/0811";

} // namespace

void CitizenCard::reset() {
  m_directory = m_root;
  m_file.clear();
  m_logged_in = false;
  m_chain = {};
  m_continue = {};
}

void CitizenCard::next_command() {
  m_chain = std::exchange(m_continue, {});
}

bool CitizenCard::is_directory(const std::string& path) const {
  const auto inside = path + "/";
  const auto next = m_data.files.lower_bound(inside);
  return next != m_data.files.end() && next->first.starts_with(inside);
}

bool CitizenCard::select(ByteView identifier) {
  const auto name = to_hex(identifier);
  const auto path = name == m_root ? name : m_directory + "/" + name;
  if (name == m_root || is_directory(path)) {
    m_directory = path;
    m_file.clear();
    return true;
  }
  if (!m_data.files.contains(path) && path != m_root + public_keys && path != m_root + private_keys) return false;
  m_file = path;
  return true;
}

std::size_t CitizenCard::selected_size() const {
  const auto file = m_data.files.find(m_file);
  return file == m_data.files.end() ? 0 : file->second.size();
}

bool CitizenCard::key_file_selected() const {
  return m_file == m_root + public_keys;
}

apdu::ResponseApdu CitizenCard::read_binary(const apdu::CommandApdu& command) const {
  if (!command.data.empty() || !command.le || *command.le > read_limit) return only(sw::wrong_length);
  if (m_file.empty()) return only(sw::no_current_file);
  const auto file = m_data.files.find(m_file);
  if (file == m_data.files.end()) return only(sw::wrong_file_structure);
  if (*command.le > m_data.max_read) return only(sw::expected_sm_objects_missing);
  const ByteView content(file->second);
  const std::size_t offset = p1p2(command);
  if (offset >= content.size()) return only(sw::wrong_parameters);
  const auto count = std::min<std::size_t>(*command.le, content.size() - offset);
  return {to_bytes(content.subspan(offset, count)), count == *command.le ? sw::ok : sw::end_of_file};
}

apdu::StatusWord CitizenCard::may_read_records() const {
  if (m_file.empty()) return sw::no_current_file;
  if (m_file == m_root + private_keys) return sw::security_status_not_satisfied;
  return key_file_selected() ? sw::ok : sw::wrong_file_structure;
}

apdu::ResponseApdu CitizenCard::check_pin(ByteView entered, Counters& counters) {
  ++counters.verifies;
  m_logged_in = false;
  if (m_data.tries_left == 0) return only(sw::authentication_method_blocked);
  auto stored = to_bytes(as_bytes(m_data.pin));
  stored.resize(pin_field_octets, 0xFF);
  if (!std::equal(entered.begin(), entered.end(), stored.begin(), stored.end())) {
    ++counters.failed_verifies;
    --m_data.tries_left;
    return only(apdu::StatusWord(static_cast<std::uint16_t>(0x63C0 | m_data.tries_left)));
  }
  m_data.tries_left = pin_tries;
  m_logged_in = true;
  return only(sw::ok);
}

const CitizenKey* CitizenCard::key(std::uint8_t reference) const {
  const auto found = std::find_if(m_data.keys.begin(), m_data.keys.end(),
                                  [reference](const CitizenKey& key) { return key.reference == reference; });
  return found == m_data.keys.end() ? nullptr : &*found;
}

apdu::ResponseApdu CitizenCard::private_operation(const apdu::CommandApdu& command, Counters& counters) {
  if (!m_logged_in) return only(sw::security_status_not_satisfied);
  if (command.p1 != 0x82 && command.p1 != 0x02) return only(sw::incorrect_p1_p2);
  if (command.data.size() != half_block_octets) return only(sw::wrong_length);
  if (!key_file_selected()) return only(sw::conditions_not_satisfied);
  const auto* key_used = key(command.p2);
  if (key_used == nullptr) return only(sw::referenced_data_not_found);

  if (command.p1 == 0x82) {
    m_continue = FirstHalf{command.p2, to_bytes(command.data)};
    return only(sw::ok);
  }
  const auto* first = std::get_if<FirstHalf>(&m_chain);
  if (first == nullptr || first->reference != command.p2) return only(sw::conditions_not_satisfied);
  auto block = first->octets;
  block.insert(block.end(), command.data.begin(), command.data.end());
  const auto result = key_used->pair.raw_private(block);
  ++counters.private_operations;
  if (!result) return only(sw::wrong_data);
  const ByteView octets(*result);
  m_continue = SecondResult{to_bytes(octets.subspan(half_block_octets))};
  return {to_bytes(octets.first(half_block_octets)), sw::ok};
}

apdu::ResponseApdu CitizenCard::rest_of_result(const apdu::CommandApdu& command) {
  if (!m_logged_in) return only(sw::security_status_not_satisfied);
  if (p1p2(command) != 0x0080) return only(sw::incorrect_p1_p2);
  if (!command.data.empty() || command.le != half_block_octets) return only(sw::wrong_length);
  const auto* rest = std::get_if<SecondResult>(&m_chain);
  if (rest == nullptr) return only(sw::conditions_not_satisfied);
  return {rest->octets, sw::ok};
}

} // namespace twcard::simulator
