// The card's side of T=0 (ISO/IEC 7816-3:2006 clauses 10 and 12) behind a reader that sees to the procedure bytes:
// TPDUs in, data and status word out. What a command of case 4 yields waits for GET RESPONSE (61xx).
#pragma once

#include "driver/base/bytes.hpp"

#include <functional>

namespace twcard::simulator {

class CardT0 final {
public:
  using Application = std::function<Bytes(ByteView command)>;
  explicit CardT0(Application application) : m_application(std::move(application)) {}

  // Nothing comes back for octets that are no TPDU: the card waits for more.
  [[nodiscard]] Bytes answer(ByteView tpdu);

private:
  [[nodiscard]] Bytes get_response(std::size_t wanted);

  Application m_application;
  Bytes m_waiting; // data and status word of the command before
};

} // namespace twcard::simulator
