// ISO/IEC 7816-4:2005 commands as values, and the one mapping from status words to error codes.
// reader/exchange.hpp sends them; card drivers use what their cards understand, with the class byte of the card.
#pragma once

#include "driver/apdu/command_apdu.hpp"
#include "driver/base/error.hpp"

#include <string_view>

namespace twcard::apdu {

// SELECT, section 7.1.1: a file by its identifier (P1 00), no control information asked for.
[[nodiscard]] CommandApdu select_file(std::uint8_t cla, std::uint16_t identifier);
// SELECT, section 7.1.1: an application by its identifier (P1 04) of 5 to 16 octets; no Le.
[[nodiscard]] CommandApdu select_application(std::uint8_t cla, ByteView identifier);
// READ BINARY, section 7.2.3. Offset up to 7FFF: the highest bit means another form of the command.
// Throws Error(BadRequest) above it.
[[nodiscard]] CommandApdu read_binary(std::uint8_t cla, std::size_t offset, std::uint32_t le);
// READ RECORD, section 7.3.3: the first record with this identifier (P2 00).
[[nodiscard]] CommandApdu read_record(std::uint8_t cla, std::uint8_t identifier, std::uint32_t le);
// GET CHALLENGE, section 7.5.3.
[[nodiscard]] CommandApdu get_challenge(std::uint8_t cla, std::uint32_t le);
// GET RESPONSE, section 7.6.1.
[[nodiscard]] CommandApdu get_response(std::uint8_t cla, std::uint32_t le);

// The error of a status word that stopped an operation: PinBlocked (6983), PinRequired (6982), CardRefused.
// `doing` says what was being done, for people: "reading the certificate directory".
[[nodiscard]] Error error_of(StatusWord status, std::string_view doing);
// The same after VERIFY: PinIncorrect with the remaining attempts (63Cn), PinBlocked (6983, 63C0), PinLength (6700),
// CardRefused for everything else.
[[nodiscard]] Error verify_error_of(StatusWord status);
// Throws error_of() unless the status word is 9000.
void expect_ok(const ResponseApdu& response, std::string_view doing);

} // namespace twcard::apdu
