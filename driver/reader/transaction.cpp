#include "driver/reader/transaction.hpp"

#include "driver/base/error.hpp"
#include "driver/base/log.hpp"

namespace twcard::reader {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::steady_clock;

Transaction::Transaction(CardChannel& channel, std::chrono::milliseconds limit) : m_channel(channel) {
  m_channel.begin();
  // The clock starts when the card is ours: how long another program holds it says nothing about the card.
  m_deadline = steady_clock::now() + limit;
}

Transaction::Transaction(CardChannel& channel, steady_clock::time_point deadline)
    : m_channel(channel), m_deadline(deadline) {
  m_channel.begin();
}

Transaction::~Transaction() {
  m_channel.end(m_pin_sent ? Disposition::Reset : Disposition::Leave);
}

apdu::ResponseApdu Transaction::transmit(const apdu::CommandApdu& command) {
  const auto started = steady_clock::now();
  if (started >= m_deadline) throw Error(Errc::Timeout, "the card took too long");

  const auto octets = command.encode();
  auto raw = m_channel.transmit(octets);
  auto response = apdu::ResponseApdu::decode(raw);
  wipe(raw.data(), raw.size()); // after a PIN it may hold what was decrypted

  log::debug("apdu", "{:02X} {:02X} -> {:04X} in {} us", command.cla, command.ins, response.status.value(),
             duration_cast<microseconds>(steady_clock::now() - started).count());
  return response;
}

} // namespace twcard::reader
