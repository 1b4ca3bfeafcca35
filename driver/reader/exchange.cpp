#include "driver/reader/exchange.hpp"

#include "driver/apdu/iso7816.hpp"

namespace twcard::reader {

namespace {

constexpr std::uint8_t more_data = 0x61;
constexpr std::uint8_t wrong_le = 0x6C;

// 00 in SW2 stands for 256 or more.
std::uint32_t length_in(apdu::StatusWord status) {
  return status.sw2() == 0 ? 256 : status.sw2();
}

apdu::ResponseApdu run(Transaction& transaction, const apdu::CommandApdu& command, std::uint8_t continuation_class,
                       bool may_correct_le) {
  apdu::ResponseApdu answer;
  apdu::CommandApdu next = command;
  for (unsigned replies = 0; replies <= max_continuation_replies; ++replies) {
    auto reply = transaction.transmit(next);
    if (reply.data.size() > max_answer_octets - answer.data.size())
      throw Error(Errc::BadCardData, "an answer of the card is longer than 65,536 octets");
    answer.data.insert(answer.data.end(), reply.data.begin(), reply.data.end());
    wipe(reply.data.data(), reply.data.size());
    answer.status = reply.status;

    if (answer.status.sw1() == wrong_le && may_correct_le) {
      next.le = length_in(answer.status);
      may_correct_le = false;
    } else if (answer.status.sw1() == more_data) {
      next = apdu::get_response(continuation_class, length_in(answer.status));
    } else {
      return answer;
    }
  }
  throw Error(Errc::BadCardData, "an answer of the card has more than 256 continuations");
}

} // namespace

apdu::ResponseApdu exchange(Transaction& transaction, const apdu::CommandApdu& command) {
  return run(transaction, command, command.cla, true);
}

apdu::ResponseApdu exchange_once(Transaction& transaction, const apdu::CommandApdu& command,
                                 std::uint8_t continuation_class) {
  return run(transaction, command, continuation_class, false);
}

} // namespace twcard::reader
