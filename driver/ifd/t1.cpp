#include "driver/ifd/t1.hpp"

#include "driver/base/error.hpp"
#include "driver/base/secure_bytes.hpp"

#include <algorithm>
#include <utility>

namespace twcard::ifd {

namespace {

constexpr std::size_t longest_command = 65544;  // header, extended Lc and Le, 65,535 octets of data
constexpr std::size_t longest_response = 65538; // 65,536 octets and the status word
constexpr int attempts = 3;                     // of one block, clause 11.6.3.2 rule 7
constexpr int most_blocks = 4096;               // a full response in fields of 32 octets, twice
constexpr std::chrono::minutes longest_wait{5};
constexpr std::uint8_t error_detected = 1;
constexpr std::uint8_t other_error = 2;

T1Block supervisory(T1Block::Kind kind, Supervisory order, Bytes information = {}) {
  T1Block block;
  block.kind = kind;
  block.order = order;
  block.information = std::move(information);
  return block;
}

Bytes exchange_block(CardLine& line, const T1Block& block, unsigned extension) {
  Bytes frame = encode(block);
  try {
    Bytes answer = line.exchange(frame, 0, extension);
    wipe(frame.data(), frame.size());
    return answer;
  } catch (...) {
    wipe(frame.data(), frame.size());
    throw;
  }
}

} // namespace

// One command on its way through the protocol: first we send a chain of I-blocks, then the card does.
class T1::Exchange final {
public:
  Exchange(T1& session, ByteView command) : m_session(session), m_command(command) {}
  ~Exchange() { wipe(m_out.information.data(), m_out.information.size()); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  Bytes run() {
    send_information();
    for (int blocks = 0; blocks < most_blocks; ++blocks) {
      const Bytes answer = exchange_block(m_session.m_line, m_out, std::exchange(m_extension, 1));
      const DecodedBlock decoded = decode_block(answer);
      if (!decoded.block || !take(*decoded.block)) ask_again(answer.empty() ? BlockFault::Form : decoded.fault);
      if (m_done) return std::move(m_response);
    }
    give_up("T=1: the card does not come to an end");
  }

private:
  // False for a block that the protocol does not allow at this point.
  bool take(const T1Block& block) {
    switch (block.kind) {
    case T1Block::Kind::Information: return take_information(block);
    case T1Block::Kind::Receipt: return take_receipt(block);
    case T1Block::Kind::Request: return take_request(block);
    case T1Block::Kind::Response: return false;
    }
    return false;
  }

  bool take_information(const T1Block& block) {
    if (m_sending && m_out_more) return false;
    if (block.sequence != m_session.m_receive_sequence || block.information.size() > m_session.m_ifsd) return false;
    if (m_sending) acknowledge_ours();
    if (m_response.size() + block.information.size() > longest_response) give_up("T=1: the card's answer is too long");
    m_response.insert(m_response.end(), block.information.begin(), block.information.end());
    m_session.m_receive_sequence ^= 1;
    m_faults = 0;
    m_repeats = 0;
    m_done = !block.more;
    if (block.more) send_receipt(0);
    return true;
  }

  bool take_receipt(const T1Block& block) {
    const bool has_ours = !m_sending || block.sequence != m_session.m_send_sequence;
    if (m_sending && has_ours && m_out_more) {
      acknowledge_ours();
      send_information();
      return true;
    }
    if (!m_sending && block.sequence != m_session.m_send_sequence) return false;
    // A card that has all of ours and yet sends an R-block has missed our last one: rule 7.2.
    if (has_ours && m_out.kind != T1Block::Kind::Receipt) return false;
    if (++m_repeats == attempts) give_up("T=1: the card keeps asking for the same block");
    m_faults = 0;
    if (!has_ours) send_information();
    return true;
  }

  bool take_request(const T1Block& block) {
    switch (block.order) {
    case Supervisory::WaitingTime:
      if (block.information[0] == 0) return false;
      m_granted += m_session.m_settings.block_waiting_time * block.information[0];
      if (m_granted > longest_wait) give_up("T=1: the card asks for too much time");
      m_extension = block.information[0];
      break;
    case Supervisory::FieldSize: m_session.m_ifsc = block.information[0]; break;
    case Supervisory::Abort:
      static_cast<void>(exchange_block(m_session.m_line, supervisory(T1Block::Kind::Response, block.order), 1));
      give_up("T=1: the card aborted the chain");
    case Supervisory::Resynchronise: return false; // the interface device's right alone
    }
    set_out(supervisory(T1Block::Kind::Response, block.order, block.information));
    return true;
  }

  // Clause 11.6.3.2 rules 7.1 to 7.3: an R-block names the I-block that we expect.
  void ask_again(BlockFault fault) {
    if (++m_faults == attempts) give_up("T=1: no valid block from the card");
    send_receipt(fault == BlockFault::ErrorDetection ? error_detected : other_error);
  }

  void acknowledge_ours() {
    m_position += m_out_size;
    m_session.m_send_sequence ^= 1;
    m_sending = m_out_more;
    m_repeats = 0;
    m_faults = 0;
  }

  void send_information() {
    // Cut again each time: the card may have changed its field size before it asked for the block again.
    m_out_size = std::min<std::size_t>(m_session.m_ifsc, m_command.size() - m_position);
    m_out_more = m_position + m_out_size < m_command.size();
    T1Block block;
    block.kind = T1Block::Kind::Information;
    block.sequence = m_session.m_send_sequence;
    block.more = m_out_more;
    block.information = to_bytes(m_command.subspan(m_position, m_out_size));
    set_out(std::move(block));
  }

  void send_receipt(std::uint8_t fault) {
    T1Block receipt;
    receipt.kind = T1Block::Kind::Receipt;
    receipt.sequence = m_session.m_receive_sequence;
    receipt.fault = fault;
    set_out(std::move(receipt));
  }

  void set_out(T1Block block) {
    wipe(m_out.information.data(), m_out.information.size());
    m_out = std::move(block);
  }

  [[noreturn]] void give_up(const char* reason) {
    m_session.resynchronise();
    throw Error(Errc::BadCardData, reason);
  }

  T1& m_session;
  ByteView m_command;
  std::size_t m_position = 0; // octets of the command that the card has acknowledged
  std::size_t m_out_size = 0; // information field of the I-block under way
  bool m_out_more = false;
  bool m_sending = true;
  bool m_done = false;
  T1Block m_out;
  unsigned m_extension = 1;
  int m_faults = 0;  // unreadable or impossible blocks in a row
  int m_repeats = 0; // times that the card asked for the same block
  std::chrono::milliseconds m_granted{0};
  Bytes m_response;
};

Bytes T1::transceive(ByteView command) {
  if (command.empty() || command.size() > longest_command) throw Error(Errc::BadRequest, "T=1: length of the command");
  if (!m_settled) resynchronise();
  m_settled = false;
  Bytes response = Exchange(*this, command).run();
  m_settled = true;
  return response;
}

void T1::announce_field_size(std::uint8_t ifsd) {
  const T1Block request = supervisory(T1Block::Kind::Request, Supervisory::FieldSize, {ifsd});
  const T1Block wanted = supervisory(T1Block::Kind::Response, Supervisory::FieldSize, {ifsd});
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (decode_block(exchange_block(m_line, request, 1)).block == wanted) {
      m_ifsd = ifsd;
      return;
    }
  }
  throw Error(Errc::BadCardData, "T=1: the card does not take our field size");
}

void T1::resynchronise() {
  const T1Block request = supervisory(T1Block::Kind::Request, Supervisory::Resynchronise);
  const T1Block wanted = supervisory(T1Block::Kind::Response, Supervisory::Resynchronise);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (decode_block(exchange_block(m_line, request, 1)).block == wanted) {
      m_send_sequence = 0;
      m_receive_sequence = 0;
      // Ours stays as it was announced: whether the card keeps it or falls back to 32, its blocks fit.
      m_ifsc = m_settings.ifsc;
      m_settled = true;
      return;
    }
  }
  throw Error(Errc::BadCardData, "T=1: the card does not answer to resynchronisation");
}

} // namespace twcard::ifd
