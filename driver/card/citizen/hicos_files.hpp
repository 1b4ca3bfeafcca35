// Files of a citizen certificate card: SELECT by path, READ BINARY in pieces, READ RECORD. The two generations have the
// same files and name them in different commands.
// Source: docs/cards/citizen.md, "Files" and "Generation 2".
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/reader/transaction.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

namespace twcard::card {

inline constexpr std::uint8_t hicos_cla = 0x80;

enum class Generation { First, Second };

// Half of the modulus of an RSA 2048 key: enough to tell which certificate the key belongs to.
struct ModulusHalf {
  bool upper = false; // which half
  Bytes octets;       // 128, big-endian
};

class HicosFiles final {
public:
  // At most as many octets as the card gives in one READ BINARY.
  static constexpr std::size_t chunk = 200;

  explicit HicosFiles(reader::Transaction& transaction, Generation generation = Generation::First)
      : m_transaction(transaction), m_generation(generation) {}

  // Selects the card's root (3F00, or 7FFF of the applet) and one file after the other from there.
  // Throws Error(CardRefused) and the like.
  void select_path(std::initializer_list<std::uint16_t> identifiers);
  // The same from the current directory.
  void select(std::initializer_list<std::uint16_t> identifiers);
  // Selects a file in the current directory; false when there is none (6A82).
  [[nodiscard]] bool try_select(std::uint16_t identifier);
  // `size` octets of the selected file from `offset` on, or fewer where the file ends. A card that refuses long reads
  // (6987) is asked for 16 octets at a time from then on. Throws Error(BadCardData) when the card gives more than it
  // was asked for, or nothing and no end.
  [[nodiscard]] Bytes read(std::size_t offset, std::size_t size);
  // Data of a record of the selected file, `size` octets long; nullopt when the card has none like it.
  [[nodiscard]] std::optional<Bytes> read_record(std::uint8_t identifier, std::size_t size);
  // Half of the modulus of a key in the selected key file; nullopt when the card has no key of this reference.
  [[nodiscard]] std::optional<ModulusHalf> read_modulus_half(std::uint8_t key_reference);

private:
  [[nodiscard]] apdu::CommandApdu select_command(std::uint16_t identifier) const;

  reader::Transaction& m_transaction;
  Generation m_generation;
  std::size_t m_chunk = chunk;
};

// The card number, 16 digits, of its file. Throws Error(BadCardData) for anything else there.
[[nodiscard]] std::string read_card_number_file(HicosFiles& files);

} // namespace twcard::card
