// A card that answers by a script and accepts nothing else: the first octet that the script does not expect fails the
// test, and so does a step that never came.
#pragma once

#include "driver/base/error.hpp"
#include "driver/reader/card_channel.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace twcard::testing {

class ScriptedChannel final : public reader::CardChannel {
public:
  explicit ScriptedChannel(std::string_view atr = "3B00") : m_atr(*from_hex(atr)) {}
  ~ScriptedChannel() override { BOOST_CHECK_MESSAGE(m_steps.empty(), "steps of the script that never came"); }

  // The next command and what the card answers, in hexadecimal; spaces are for the eye. ".." in the command stands
  // for any octet.
  ScriptedChannel& expect(std::string command, std::string response) {
    m_steps.push_back({squeezed(std::move(command)), squeezed(std::move(response)), std::nullopt});
    return *this;
  }
  // The next command, which never gets an answer.
  ScriptedChannel& expect_failure(std::string command, Errc code) {
    m_steps.push_back({squeezed(std::move(command)), {}, code});
    return *this;
  }

  [[nodiscard]] Bytes atr() const override { return m_atr; }
  void begin() override { ++begun; }
  void end(reader::Disposition disposition) noexcept override { ended.push_back(disposition); }
  [[nodiscard]] Bytes transmit(ByteView command) override {
    const auto octets = to_hex(command);
    if (m_steps.empty()) throw std::logic_error("unscripted command " + octets);
    const auto step = std::move(m_steps.front());
    m_steps.pop_front();
    if (!matches(step.command, octets))
      throw std::logic_error("command " + octets + " where the script expects " + step.command);
    if (step.failure) throw Error(*step.failure, "scripted");
    return *from_hex(step.response);
  }

  int begun = 0;
  std::vector<reader::Disposition> ended;

private:
  struct Step {
    std::string command;
    std::string response;
    std::optional<Errc> failure;
  };

  static std::string squeezed(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
  }
  static bool matches(std::string_view pattern, std::string_view text) {
    return pattern.size() == text.size() &&
           std::equal(pattern.begin(), pattern.end(), text.begin(),
                      [](char wanted, char given) { return wanted == '.' || wanted == given; });
  }

  Bytes m_atr;
  std::deque<Step> m_steps;
};

} // namespace twcard::testing
