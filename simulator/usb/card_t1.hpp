// The card's side of T=1 (ISO/IEC 7816-3:2006 clause 11), written apart from the driver's side so that the one can
// judge the other: nothing is shared with driver/ifd.
#pragma once

#include "driver/base/bytes.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace twcard::simulator {

// What a card may do besides answering.
struct T1Habits {
  std::uint8_t field_size = 254;   // IFSC that the ATR tells: longest field for the card
  int extensions = 0;              // requests for waiting time before each response
  std::uint8_t new_field_size = 0; // a field size that the card asks for in the middle of each command; 0: none
};

class CardT1 final {
public:
  using Application = std::function<Bytes(ByteView command)>;
  CardT1(Application application, const T1Habits& habits) : m_application(std::move(application)), m_habits(habits) {}

  // One block from the reader, and the card's block; nothing when the card stays silent.
  [[nodiscard]] std::optional<Bytes> answer(ByteView block);

private:
  using Fields = std::optional<Bytes>;
  [[nodiscard]] Fields on_information(std::uint8_t control, ByteView field);
  [[nodiscard]] Fields on_receipt(std::uint8_t control);
  [[nodiscard]] Fields on_supervisory(std::uint8_t control, ByteView field);
  [[nodiscard]] Bytes next_step();
  [[nodiscard]] Bytes next_information();
  [[nodiscard]] Bytes receipt(std::uint8_t fault) const;
  [[nodiscard]] static Bytes block(std::uint8_t control, ByteView field);
  void forget();

  Application m_application;
  T1Habits m_habits;
  std::uint8_t m_reader_field = 32;
  std::uint8_t m_own = 0;      // N(S) of our next I-block
  std::uint8_t m_expected = 0; // N(S) of the reader's next
  Bytes m_command;
  Bytes m_response;
  std::size_t m_position = 0;  // of the response, acknowledged
  std::size_t m_under_way = 0; // octets of the I-block that waits for its acknowledgement
  bool m_unacknowledged = false;
  int m_extensions_left = 0;
  bool m_field_request_left = false;
  std::optional<std::uint8_t> m_request; // control of our S(request) that waits for its response
  std::uint8_t m_request_field = 0;
};

} // namespace twcard::simulator
