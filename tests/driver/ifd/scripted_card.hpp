// A card line that follows a script: what must be sent, and what comes back. Any other octet fails the test.
#pragma once

#include "driver/base/error.hpp"
#include "driver/ifd/card_line.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <string>
#include <vector>

namespace twcard::ifd::tests {

inline Bytes hex(const std::string& text) {
  std::string digits;
  for (const char letter : text)
    if (letter != ' ') digits.push_back(letter);
  return from_hex(digits).value();
}

// A block of T=1 in hexadecimal, with its check octet added.
inline Bytes block(const std::string& text) {
  Bytes octets = hex(text);
  std::uint8_t sum = 0;
  for (const std::uint8_t octet : octets) sum = static_cast<std::uint8_t>(sum ^ octet);
  octets.push_back(sum);
  return octets;
}

// The same with one bit of the check wrong.
inline Bytes bent(const std::string& text) {
  Bytes octets = block(text);
  octets.back() ^= 0x01;
  return octets;
}

inline Bytes silence() {
  return {};
}

class ScriptedCard final : public CardLine {
public:
  struct Step {
    Bytes sent;
    Bytes answer;
    unsigned extension = 1;
    std::size_t expected = 0;
  };
  explicit ScriptedCard(std::vector<Step> script) : m_script(script.begin(), script.end()) {}
  ~ScriptedCard() override { BOOST_TEST(m_script.size() == 0U, "steps of the script were left"); }

  Bytes exchange(ByteView octets, std::size_t expected, unsigned extension) override {
    if (m_script.empty()) {
      BOOST_ERROR("sent after the end of the script: " + to_hex(octets));
      throw Error(Errc::Internal, "script");
    }
    const Step step = m_script.front();
    m_script.pop_front();
    BOOST_TEST(to_hex(octets) == to_hex(step.sent));
    BOOST_TEST(extension == step.extension);
    BOOST_TEST(expected == step.expected);
    return step.answer;
  }

private:
  std::deque<Step> m_script;
};

// Checks that an action fails with that code.
template <typename Action>
void check_fails(Errc code, Action action) {
  BOOST_CHECK_EXCEPTION(action(), Error, [code](const Error& error) { return error.code() == code; });
}

} // namespace twcard::ifd::tests
