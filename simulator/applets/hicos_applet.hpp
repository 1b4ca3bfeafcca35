// The generation 1 citizen certificate card (HiCOS V3): docs/cards/citizen.md, and docs/simulator.md for what that
// leaves open. CLA 80 only; no FCP; VERIFY only in its protected form; RSA 2048 by EA 82, EA 02, C1.
#pragma once

#include "simulator/applets/hicos_files.hpp"
#include "simulator/crypto.hpp"
#include "simulator/simulated_card.hpp"

#include <string>
#include <variant>
#include <vector>

namespace twcard::simulator {

struct HicosKey {
  std::uint8_t reference = 0;
  RsaKey pair;
};

struct HicosCardData {
  Bytes atr;
  FileTree files;
  std::vector<HicosKey> keys;
  std::string pin;            // at most 10 octets
  int tries_left = 3;         // of 3
  int key_set = 1;            // which transport key VERIFY is protected with, 1 or 2
  std::size_t max_read = 200; // READ BINARY over it is answered 6987
};

class HicosApplet final : public Applet {
public:
  explicit HicosApplet(HicosCardData data) : m_data(std::move(data)) {}

  [[nodiscard]] Bytes atr() const override { return m_data.atr; }
  void reset() override;
  [[nodiscard]] apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters& counters) override;

private:
  // Where a private operation is: the first half of the block has come, or the second half of the result waits.
  struct FirstHalf {
    std::uint8_t reference;
    Bytes octets;
  };
  struct SecondResult {
    Bytes octets;
  };
  using Chain = std::variant<std::monostate, FirstHalf, SecondResult>;

  [[nodiscard]] apdu::ResponseApdu select(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu read_binary(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu read_record(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu get_challenge(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu verify(const apdu::CommandApdu& command, Counters& counters);
  [[nodiscard]] apdu::ResponseApdu failed_verify(Counters& counters);
  [[nodiscard]] apdu::ResponseApdu private_operation(const apdu::CommandApdu& command, const Chain& chain,
                                                     Counters& counters);
  [[nodiscard]] apdu::ResponseApdu rest_of_result(const apdu::CommandApdu& command, const Chain& chain) const;
  [[nodiscard]] const HicosKey* key(std::uint8_t reference) const;
  [[nodiscard]] bool is_directory(const std::string& path) const;

  HicosCardData m_data;
  std::string m_directory = "3F00";
  std::string m_file; // empty: none
  bool m_logged_in = false;
  Chain m_chain;
};

} // namespace twcard::simulator
