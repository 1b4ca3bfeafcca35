// All 65,536 status words in answer to every kind of command that the drivers send (figure T2 of the threat model):
// whatever the card says, an operation ends with a result or an Error, after few commands, and no PIN is sent twice.
#include "driver/card/card_registry.hpp"
#include "driver/card/citizen/hicos_card.hpp"
#include "driver/card/citizen/hicos_files.hpp"
#include "driver/card/nhi/nhi_card.hpp"
#include "tests/driver/card/simulated_card.hpp"

#include <boost/test/unit_test.hpp>
#include <functional>

namespace twcard::card {

namespace {

constexpr std::uint8_t verify = 0x20;

// A card without certificates that does what it is asked to, but for one instruction: there it says one status word.
class OneAnswerCard final : public reader::CardChannel {
public:
  OneAnswerCard(std::uint8_t instruction, unsigned status)
      : m_instruction(instruction), m_answer{static_cast<std::uint8_t>(status >> 8),
                                             static_cast<std::uint8_t>(status & 0xFF)} {}

  [[nodiscard]] Bytes atr() const override { return {0x3B, 0x00}; }
  void begin() override {}
  void end(reader::Disposition) noexcept override {}
  [[nodiscard]] Bytes transmit(ByteView command) override {
    ++commands;
    const auto instruction = command[1];
    if (instruction == verify) pin_blocks.push_back(to_bytes(command));
    if (instruction == m_instruction) return m_answer;
    switch (instruction) {
    case 0xB0: return answer(command[4]);
    case 0xB2: return answer(129);
    case 0x84: return answer(8);
    case 0xEA: return answer(command[2] == 0x02 ? 128 : 0);
    case 0xC1: return answer(128);
    case 0xCA: return answer(57);
    default: return answer(0);
    }
  }

  unsigned commands = 0;
  std::vector<Bytes> pin_blocks;

private:
  static Bytes answer(std::size_t octets) {
    Bytes response(octets, 0xFF);
    response.push_back(0x90);
    response.push_back(0x00);
    return response;
  }

  std::uint8_t m_instruction;
  Bytes m_answer;
};

HicosProfile two_keys() {
  HicosProfile profile;
  profile.name = "Test";
  profile.transport_keys = {Bytes(16, 1), Bytes(16, 2)};
  return profile;
}

// A simulated card of generation 2, which needs a real secure channel, but for one instruction.
class OneOtherAnswer final : public reader::CardChannel {
public:
  OneOtherAnswer(reader::CardChannel& card, std::uint8_t instruction, unsigned status)
      : m_card(card), m_instruction(instruction), m_answer{static_cast<std::uint8_t>(status >> 8),
                                                           static_cast<std::uint8_t>(status & 0xFF)} {}

  [[nodiscard]] Bytes atr() const override { return m_card.atr(); }
  void begin() override { m_card.begin(); }
  void end(reader::Disposition disposition) noexcept override { m_card.end(disposition); }
  [[nodiscard]] Bytes transmit(ByteView command) override {
    ++commands;
    if (command[1] == verify) ++verifications;
    return command[1] == m_instruction ? m_answer : m_card.transmit(command);
  }

  unsigned commands = 0;
  unsigned verifications = 0;

private:
  reader::CardChannel& m_card;
  std::uint8_t m_instruction;
  Bytes m_answer;
};

using Operation = std::function<void(reader::Transaction&)>;

// Runs an operation against every status word in answer to one instruction; `check` looks at the card afterwards.
void run_all(std::uint8_t instruction, unsigned max_commands, const Operation& operation,
             const std::function<void(const OneAnswerCard&, unsigned)>& check = {}) {
  for (unsigned status = 0; status <= 0xFFFF; ++status) {
    OneAnswerCard card(instruction, status);
    try {
      reader::Transaction transaction(card);
      operation(transaction);
    } catch (const Error&) {
      // Which one it is, the tests of each command say.
    }
    if (card.commands > max_commands) BOOST_ERROR("too many commands for " << std::hex << status);
    if (check) check(card, status);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(every_status_word)

BOOST_AUTO_TEST_CASE(no_status_word_makes_a_login_send_the_pin_again) {
  const auto pin = testing::pin("123456");
  HicosCard driver({0x3B, 0x00}, two_keys());
  const Bytes block(256, 0x11);
  const Operation sign = [&](reader::Transaction& transaction) {
    static_cast<void>(driver.private_operation(transaction, pin, 0x01, block));
  };
  const auto at_most_once = [](const OneAnswerCard& card, unsigned status) {
    if (card.pin_blocks.size() > 1) BOOST_ERROR("a PIN was sent again after " << std::hex << status);
  };
  // 61xx is followed by one GET RESPONSE, 6Cxx by one repetition.
  for (const auto instruction : {std::uint8_t{0xA4}, std::uint8_t{0xEA}, std::uint8_t{0xC1}})
    run_all(instruction, 12, sign, at_most_once);

  run_all(verify, 7, sign, [](const OneAnswerCard& card, unsigned status) {
    // 6A88 says that the PIN was not looked at: once more, under the other key.
    const std::size_t expected = status == 0x6A88 ? 2 : 1;
    if (card.pin_blocks.size() != expected)
      BOOST_ERROR("PIN sent otherwise than expected after " << std::hex << status);
  });
}

BOOST_AUTO_TEST_CASE(no_status_word_makes_a_login_of_generation_2_send_the_pin_again) {
  testing::SimulatedGpki card;
  const auto pin = testing::pin(testing::right_pin);
  const Bytes block(256, 0x11);
  for (const auto instruction : {std::uint8_t{0x50}, std::uint8_t{0x82}, verify, std::uint8_t{0xEA}}) {
    // Each operation costs a secure channel: all status words for VERIFY, every 17th for the others, so that each SW1
    // and each SW2 comes.
    for (unsigned status = 0; status <= 0xFFFF; status += instruction == verify ? 1 : 17) {
      OneOtherAnswer channel(*card.channel, instruction, status);
      try {
        reader::Transaction transaction(channel);
        static_cast<void>(card.driver.private_operation(transaction, pin, 0x01, block));
      } catch (const Error&) {
        // Which one it is, the tests of each command say.
      }
      const unsigned expected = instruction == 0x50 || (instruction == 0x82 && status != 0x9000) ? 0 : 1;
      if (channel.verifications != expected)
        BOOST_ERROR("PIN sent otherwise than expected after " << std::hex << status);
      if (channel.commands > 15) BOOST_ERROR("too many commands for " << std::hex << status);
    }
  }
}

BOOST_AUTO_TEST_CASE(reading_a_card_of_generation_2_ends_whatever_the_status_word) {
  GpkiCard driver({0x3B, 0x00}, std::nullopt);
  const Operation certificates = [&](reader::Transaction& transaction) {
    static_cast<void>(driver.certificates(transaction));
  };
  const Operation number = [&](reader::Transaction& transaction) {
    static_cast<void>(driver.card_number(transaction));
  };
  run_all(0xA4, 40, certificates);
  run_all(0xB0, 40, certificates);
  run_all(0xB0, 11, number);
}

BOOST_AUTO_TEST_CASE(reading_ends_whatever_the_status_word) {
  HicosCard driver({0x3B, 0x00}, std::nullopt);
  const Operation certificates = [&](reader::Transaction& transaction) {
    static_cast<void>(driver.certificates(transaction));
  };
  const Operation number = [&](reader::Transaction& transaction) {
    static_cast<void>(driver.card_number(transaction));
  };
  const Operation random = [&](reader::Transaction& transaction) { static_cast<void>(driver.random(transaction)); };
  const Operation record = [](reader::Transaction& transaction) {
    static_cast<void>(HicosFiles(transaction).read_record(3, 129));
  };
  run_all(0xA4, 40, certificates);
  run_all(0xB0, 40, certificates);
  run_all(0xB0, 10, number);
  run_all(0x84, 3, random);
  run_all(0xB2, 3, record);
}

BOOST_AUTO_TEST_CASE(recognising_and_reading_an_nhi_card_ends_whatever_the_status_word) {
  const Operation read = [](reader::Transaction& transaction) { static_cast<void>(NhiCard().read(transaction)); };
  const CardRegistry registry({});
  const Operation recognise = [&](reader::Transaction& transaction) {
    static_cast<void>(registry.recognise(transaction));
  };
  run_all(0xA4, 12, read);
  run_all(0xCA, 12, read);
  run_all(0xA4, 16, recognise);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::card
