// A generic card after ISO/IEC 7816-4 and 7816-15: files selected by path or identifier, plain VERIFY, MANAGE SECURITY
// ENVIRONMENT, PERFORM SECURITY OPERATION. docs/simulator.md lists what it answers where the standards leave a choice.
//
// It also answers to the application identifier of IsoApplet, a free card applet, the way that applet does. OpenSC's
// unmodified tools know that one, and use what follows after it by the two standards.
#pragma once

#include "simulator/applets/pkcs15_files.hpp"
#include "simulator/cards/simulated_card.hpp"
#include "simulator/crypto/crypto.hpp"

#include <optional>
#include <string>
#include <vector>

namespace twcard::simulator {

struct Pkcs15Key {
  std::uint8_t reference = 0;
  RsaKey pair;
};

struct Pkcs15CardData {
  Bytes atr;
  FileTree files;
  std::vector<Pkcs15Key> keys;
  std::string pin; // at most pkcs15_pin_field_octets
  int tries_left = 3;
  bool raw = false;  // takes the algorithm "RSA on a whole block" too
  bool named = true; // takes SELECT of its application by name
};

class Pkcs15Applet final : public Applet {
public:
  explicit Pkcs15Applet(Pkcs15CardData data) : m_data(std::move(data)) { reset(); }

  [[nodiscard]] Bytes atr() const override { return m_data.atr; }
  void reset() override;
  [[nodiscard]] apdu::ResponseApdu process(const apdu::CommandApdu& command, Counters& counters) override;

private:
  struct Environment {
    std::uint8_t algorithm = pkcs15_padding_algorithm;
    std::uint8_t key = 0;
  };

  [[nodiscard]] apdu::ResponseApdu perform(const apdu::CommandApdu& command, Counters& counters);
  [[nodiscard]] apdu::ResponseApdu select(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu select_application(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu read_binary(const apdu::CommandApdu& command) const;
  [[nodiscard]] apdu::ResponseApdu verify(const apdu::CommandApdu& command, Counters& counters);
  [[nodiscard]] apdu::ResponseApdu set_environment(const apdu::CommandApdu& command);
  [[nodiscard]] apdu::ResponseApdu security_operation(const apdu::CommandApdu& command, Counters& counters) const;
  [[nodiscard]] apdu::ResponseApdu compute_signature(const Environment& environment, ByteView data) const;
  [[nodiscard]] apdu::ResponseApdu decipher(const Environment& environment, ByteView data) const;

  [[nodiscard]] bool is_directory(const std::string& path) const;
  // File identifiers, two octets each, from a directory on; false when there is no such file.
  [[nodiscard]] bool walk(std::string from, ByteView identifiers);
  [[nodiscard]] Bytes control_information(std::uint8_t outer_tag) const;
  [[nodiscard]] const RsaKey* key(std::uint8_t reference) const;

  Pkcs15CardData m_data;
  std::string m_directory;
  std::string m_file; // empty: none
  bool m_logged_in = false;
  std::optional<Environment> m_signature;
  std::optional<Environment> m_decipherment;
  std::optional<apdu::CommandApdu> m_chain; // what has come of a command in pieces
};

} // namespace twcard::simulator
