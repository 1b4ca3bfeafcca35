// A command and its whole answer, also when the card gives it in pieces.
#pragma once

#include "driver/apdu/command_apdu.hpp"
#include "driver/reader/transaction.hpp"

namespace twcard::reader {

inline constexpr unsigned max_continuation_replies = 256;
inline constexpr std::size_t max_answer_octets = 65536;

// Sends a command; fetches what 61xx announces with GET RESPONSE in the command's class, and repeats once with the
// length that 6Cxx names (ISO/IEC 7816-4:2005 section 5.3.4). Never for a command that carries a PIN: 6Cxx would send
// it a second time.
// Returns the answer's data together, with the last status word. Throws Error(BadCardData) after 256 continuation
// replies or 65,536 octets (control C20), and what Transaction::transmit throws.
[[nodiscard]] apdu::ResponseApdu exchange(Transaction& transaction, const apdu::CommandApdu& command);

// Sends a command once and never again, and fetches what 61xx announces with GET RESPONSE in `continuation_class`: for
// commands under secure messaging, which are good for one time and whose continuations are plain. Throws as above.
[[nodiscard]] apdu::ResponseApdu exchange_once(Transaction& transaction, const apdu::CommandApdu& command,
                                               std::uint8_t continuation_class);

} // namespace twcard::reader
