// What the two generations of the citizen certificate card have in common: a tree of files, a PIN with three tries, and
// the private operation in three commands. How a command gets here, and whether it may, is each applet's own.
#pragma once

#include "simulator/applets/hicos_files.hpp"
#include "simulator/cards/simulated_card.hpp"
#include "simulator/crypto/crypto.hpp"

#include <string>
#include <variant>
#include <vector>

namespace twcard::simulator {

struct CitizenKey {
  std::uint8_t reference = 0;
  RsaKey pair;
};

struct CitizenCardData {
  Bytes atr;
  FileTree files;
  std::vector<CitizenKey> keys;
  std::string pin;            // at most 10 octets
  int tries_left = 3;         // of 3
  std::size_t max_read = 200; // READ BINARY over it is answered 6987
};

class CitizenCard final {
public:
  // `root` is the directory that everything is under: "3F00", "7FFF".
  CitizenCard(CitizenCardData data, std::string root) : m_data(std::move(data)), m_root(std::move(root)) { reset(); }

  [[nodiscard]] const Bytes& atr() const { return m_data.atr; }
  // Root directory, no file, no login, no open operation. PIN tries stay.
  void reset();
  void log_out() { m_logged_in = false; }
  // An operation in three commands is broken by a command in between: to be called before each command.
  void next_command();

  // Selects the root, or what is inside the present directory; false when there is nothing of this identifier.
  [[nodiscard]] bool select(ByteView identifier);
  // Content octets of the selected file; 0 for a directory and for the files of keys.
  [[nodiscard]] std::size_t selected_size() const;
  [[nodiscard]] bool key_file_selected() const;
  [[nodiscard]] apdu::ResponseApdu read_binary(const apdu::CommandApdu& command) const;
  // The status word that reading records ends with because of what is selected; ok when it is the file of public keys.
  [[nodiscard]] apdu::StatusWord may_read_records() const;
  [[nodiscard]] const std::vector<CitizenKey>& keys() const { return m_data.keys; }

  // The PIN field as entered (10 octets, padded with FF); nothing counts as a wrong one.
  [[nodiscard]] apdu::ResponseApdu check_pin(ByteView entered, Counters& counters);
  [[nodiscard]] bool logged_in() const { return m_logged_in; }

  // EA 82, EA 02 and C1, by INS, P1 and data.
  [[nodiscard]] apdu::ResponseApdu private_operation(const apdu::CommandApdu& command, Counters& counters);
  [[nodiscard]] apdu::ResponseApdu rest_of_result(const apdu::CommandApdu& command);

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

  [[nodiscard]] const CitizenKey* key(std::uint8_t reference) const;
  [[nodiscard]] bool is_directory(const std::string& path) const;

  CitizenCardData m_data;
  std::string m_root;
  std::string m_directory;
  std::string m_file; // empty: none
  bool m_logged_in = false;
  Chain m_chain;    // as this command finds it
  Chain m_continue; // as the next one will
};

} // namespace twcard::simulator
