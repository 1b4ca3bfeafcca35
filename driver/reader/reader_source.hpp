// Readers and what happens in them: the one seam between the service and the machine's smart-card readers.
#pragma once

#include "driver/base/bytes.hpp"
#include "driver/reader/card_channel.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace twcard::reader {

struct ReaderState {
  std::string name;                // as PC/SC names it, UTF-8, unique
  bool present = false;            // a card is in it
  bool mute = false;               // it is, and does not answer (in backwards, broken)
  std::uint32_t event_counter = 0; // rises with each insertion and removal, not with a reset
  Bytes atr;                       // empty without a card

  friend bool operator==(const ReaderState&, const ReaderState&) = default;
};

class ReaderSource {
public:
  virtual ~ReaderSource() = default;

  // The readers now, none being no error. Throws NoPcsc.
  [[nodiscard]] virtual std::vector<ReaderState> list() = 0;
  // Connects to the card in a reader, shared. Throws NoReader, NoCard, CardReset (held exclusively by another
  // program), CardRemoved, UnsupportedCard (mute card), NoPcsc.
  [[nodiscard]] virtual std::unique_ptr<CardChannel> open(const std::string& reader) = 0;
  // Blocks until the readers differ from `known` in any member, and returns them as they are then; nullopt after
  // cancel(). Does not poll. Throws NoPcsc when the PC/SC service goes away.
  [[nodiscard]] virtual std::optional<std::vector<ReaderState>>
  wait_for_change(const std::vector<ReaderState>& known) = 0;
  // Ends a wait_for_change in another thread, now or when it comes, for good.
  virtual void cancel() noexcept = 0;
};

} // namespace twcard::reader
