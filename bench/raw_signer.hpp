// Signatures with a generation 1 card by plain libpcsclite: the APDUs that twcardd sends, without twcardd.
#pragma once

#include "driver/base/bytes.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace twcard::bench {

class RawSigner final {
public:
  // `verify_data` is the body of VERIFY (docs/cards/citizen.md). Connects, shared. Throws std::runtime_error.
  RawSigner(const std::string& reader, ByteView verify_data, std::uint8_t key_reference);
  ~RawSigner();
  RawSigner(const RawSigner&) = delete;
  RawSigner& operator=(const RawSigner&) = delete;

  // Begin a transaction, reconnecting after a reset; SELECT (3), VERIFY, signature (3); end it with a reset.
  std::chrono::nanoseconds sign();
  // One login, then the three APDUs of each signature, timed.
  std::vector<std::chrono::nanoseconds> sign_in_a_burst(int signatures);

private:
  void begin();
  void log_in();
  void private_operation();
  void end();
  void transmit(ByteView apdu);

  long m_context = 0;
  long m_card = 0;
  unsigned long m_protocol = 0;
  Bytes m_verify;
  std::uint8_t m_key;
};

} // namespace twcard::bench
