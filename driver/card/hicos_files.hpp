// Files of a generation 1 citizen certificate card: SELECT by path, READ BINARY in pieces, READ RECORD.
// Source: docs/cards/citizen.md, "Files".
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/reader/transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>

namespace twcard::card {

inline constexpr std::uint8_t hicos_cla = 0x80;

class HicosFiles final {
public:
  // At most as many octets as the card gives in one READ BINARY.
  static constexpr std::size_t chunk = 200;

  explicit HicosFiles(reader::Transaction& transaction) : m_transaction(transaction) {}

  // Selects one file after the other; from 3F00 on, a path. Throws Error(CardRefused) and the like.
  void select(std::initializer_list<std::uint16_t> identifiers);
  // Selects a file in the current directory; false when there is none (6A82).
  [[nodiscard]] bool try_select(std::uint16_t identifier);
  // `size` octets of the selected file from `offset` on, or fewer where the file ends. A card that refuses long reads
  // (6987) is asked for 16 octets at a time from then on. Throws Error(BadCardData) when the card gives more than it
  // was asked for, or nothing and no end.
  [[nodiscard]] Bytes read(std::size_t offset, std::size_t size);
  // Data of a record of the selected file, `size` octets long; nullopt when the card has none like it.
  [[nodiscard]] std::optional<Bytes> read_record(std::uint8_t identifier, std::size_t size);

private:
  reader::Transaction& m_transaction;
  std::size_t m_chunk = chunk;
};

} // namespace twcard::card
