// What the service is to keep through every fault: its files (remembered tries, certificates, whatever is remembered of
// a person's consent), and the consent that a connected page has had.
#pragma once

#include "rpc/client.hpp"

#include <map>
#include <optional>
#include <string>

namespace twcard::tests {

// The files below the stack's state and cache folders: content by path.
[[nodiscard]] std::map<std::string, std::string> kept_files();
// Which of them are not what they were, one a line, without their content; "" for none.
[[nodiscard]] std::string changes_since(const std::map<std::string, std::string>& before);

// A page that has had a consent for the certificate card in the first reader, and is notified about that card alone.
class ConsentedPage final {
public:
  ConsentedPage();
  // Takes the notifications that have come. "" when they were about its card, and its return as well if it had gone;
  // otherwise what is wrong. A page whose connection has ended with the service gets a new one and asks again.
  [[nodiscard]] std::string fault();

private:
  void connect();
  [[nodiscard]] std::string take_notifications();

  std::optional<rpc::Client> m_connection;
  std::string m_reader;
  bool m_card_there = true;
};

} // namespace twcard::tests
