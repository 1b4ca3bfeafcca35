// The driver's T=1 against the card's T=1 over a line that loses, doubles, bends and misnumbers blocks in both
// directions, by a seeded generator. What must hold whatever happens: an exchange ends; what it returns is the right
// response; and the card has executed a command at most once.
#include "driver/ifd/t0.hpp"
#include "driver/ifd/t1.hpp"
#include "simulator/usb/card_t1.hpp"
#include "tests/driver/ifd/scripted_card.hpp"

#include <random>

using namespace twcard;
using namespace twcard::ifd;
using namespace twcard::ifd::tests;

namespace {

class FaultyLine final : public CardLine {
public:
  FaultyLine(simulator::CardT1& card, unsigned seed, unsigned rate) : m_card(card), m_random(seed), m_rate(rate) {}

  Bytes exchange(ByteView octets, std::size_t, unsigned) override {
    ++m_exchanges;
    const auto heard = bend(to_bytes(octets), false);
    if (!heard) return {};
    const auto said = m_card.answer(*heard);
    if (!said) return {};
    Bytes answer = bend(*said, true).value_or(Bytes());
    if (hit()) answer = m_before; // the answer before, once more
    m_before = *said;
    return answer;
  }
  [[nodiscard]] int exchanges() const noexcept { return m_exchanges; }
  [[nodiscard]] int faults() const noexcept { return m_faults; }

private:
  bool hit() {
    const bool result = m_random() % 1000 < m_rate;
    m_faults += result ? 1 : 0;
    return result;
  }

  std::optional<Bytes> bend(Bytes octets, bool from_card) {
    if (!hit() || octets.empty()) return octets;
    switch (m_random() % 6) {
    case 0: return std::nullopt;
    case 1: octets[m_random() % octets.size()] ^= static_cast<std::uint8_t>(1U << (m_random() % 8)); break;
    case 2: octets.resize(m_random() % octets.size()); break;
    case 3: octets.push_back(static_cast<std::uint8_t>(m_random())); break;
    case 4: // the wrong sequence number with the right check; what the card hears is a true block or an invalid one
      if (from_card && octets.size() > 3 && (octets[1] & 0x80) == 0) {
        octets[1] ^= 0x40;
        octets.back() ^= 0x40;
      }
      break;
    default: octets.assign(octets.size(), 0x55); break; // another node's address, whatever the check says
    }
    return octets;
  }

  simulator::CardT1& m_card;
  std::mt19937 m_random;
  unsigned m_rate;
  Bytes m_before;
  int m_exchanges = 0;
  int m_faults = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(whatever_the_line_does_a_command_is_executed_at_most_once_and_answered_rightly_or_not_at_all) {
  int commands = 0;
  int answered = 0;
  int faults = 0;
  for (const unsigned rate : {0U, 10U, 50U, 150U, 400U}) {
    for (unsigned seed = 0; seed < 2'000; ++seed) {
      std::mt19937 random(seed);
      int executed = 0;
      Bytes seen;
      simulator::CardT1 card(
          [&](ByteView command) {
            ++executed;
            seen = to_bytes(command);
            Bytes response(command.size() * 3, command.front());
            response.insert(response.end(), command.begin(), command.end());
            return response;
          },
          {.field_size = static_cast<std::uint8_t>(5 + random() % 40),
           .extensions = static_cast<int>(random() % 3),
           .new_field_size = static_cast<std::uint8_t>(random() % 4 == 0 ? 3 + random() % 30 : 0)});
      FaultyLine line(card, seed, rate);
      T1 session(line, {.ifsc = 5});
      for (int round = 0; round < 5; ++round) {
        Bytes command(1 + random() % 60);
        for (auto& octet : command) octet = static_cast<std::uint8_t>(random());
        executed = 0;
        ++commands;
        const int before = line.exchanges();
        try {
          const Bytes response = session.transceive(command);
          Bytes wanted(command.size() * 3, command.front());
          wanted.insert(wanted.end(), command.begin(), command.end());
          BOOST_REQUIRE(response == wanted);
          BOOST_REQUIRE(executed == 1);
          BOOST_REQUIRE(seen == command);
          ++answered;
        } catch (const Error& error) {
          BOOST_REQUIRE(error.code() == Errc::BadCardData);
          BOOST_REQUIRE(rate != 0U);
          BOOST_REQUIRE(executed <= 1);
        }
        BOOST_REQUIRE(line.exchanges() - before < 5'000);
      }
      faults += line.faults();
    }
  }
  BOOST_TEST_MESSAGE(commands << " commands, " << faults << " faults, " << answered << " answered");
  BOOST_TEST(faults > 100'000);
  BOOST_TEST(answered > commands / 2);
}

namespace {

// Says anything at all.
class RandomLine final : public CardLine {
public:
  explicit RandomLine(unsigned seed) : m_random(seed) {}
  Bytes exchange(ByteView octets, std::size_t expected, unsigned) override {
    ++m_exchanges;
    Bytes answer(m_random() % 3 == 0 && expected > 0 ? expected : m_random() % 12);
    for (auto& octet : answer) octet = static_cast<std::uint8_t>(m_random());
    if (m_random() % 2 == 0 && answer.size() > 3) { // often enough a block with the right form
      answer[0] = 0;
      if (octets.size() > 1 && m_random() % 2 == 0)
        answer[1] = static_cast<std::uint8_t>(octets[1] ^ (1U << (m_random() % 8)));
      answer[2] = static_cast<std::uint8_t>(answer.size() - 4);
      answer.back() = 0;
      std::uint8_t sum = 0;
      for (const std::uint8_t octet : answer) sum = static_cast<std::uint8_t>(sum ^ octet);
      answer.back() = sum;
    }
    return answer;
  }
  [[nodiscard]] int exchanges() const noexcept { return m_exchanges; }

private:
  std::mt19937 m_random;
  int m_exchanges = 0;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_card_that_says_anything_ends_in_an_answer_or_an_error) {
  int exchanges = 0;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    RandomLine line(seed);
    T1 block_session(line, {});
    auto level = seed % 2 == 0 ? ExchangeLevel::Tpdu : ExchangeLevel::Character;
    T0 character_session(line, level, std::chrono::milliseconds(1000));
    for (const bool blocks : {true, false}) {
      const int before = line.exchanges();
      try {
        const Bytes response = blocks ? block_session.transceive(hex("00A4000002 3F00"))
                                      : character_session.transceive(hex("00A4000002 3F00"));
        BOOST_REQUIRE(response.size() <= 65538U);
      } catch (const Error& error) {
        BOOST_REQUIRE(error.code() == Errc::BadCardData);
      }
      BOOST_REQUIRE(line.exchanges() - before < 5'000);
    }
    exchanges += line.exchanges();
  }
  BOOST_TEST_MESSAGE(exchanges << " hostile answers");
  BOOST_TEST(exchanges > 100'000);
}

BOOST_AUTO_TEST_SUITE_END()
