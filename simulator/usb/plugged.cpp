#include "simulator/usb/plugged.hpp"

#include "driver/base/error.hpp"
#include "simulator/usb/passthru.hpp"
#include "simulator/usb/redirection.hpp"

#include <random>

namespace twcard::simulator {

namespace {

class RedirectedReader final : public Plugged {
public:
  RedirectedReader(const ReaderKind& kind, bool plugged) : m_reader(kind), m_plugged_at_first(plugged) {}

  void connect(int socket) override {
    m_redirection = std::make_unique<Redirection>(m_reader, socket, m_plugged_at_first);
  }
  int socket() const override { return m_redirection ? m_redirection->socket() : -1; }
  bool wants_to_write() const override { return m_redirection && m_redirection->wants_to_write(); }
  void serve() override {
    if (!m_redirection->serve()) m_redirection.reset();
  }

  void insert(std::shared_ptr<SimulatedCard> card, const std::optional<T1Habits>& habits) override {
    m_reader.set_habits(habits);
    m_reader.insert(std::move(card));
    notify();
  }
  void remove() override {
    m_reader.remove();
    notify();
  }
  void plug() override {
    if (m_redirection) m_redirection->plug();
  }
  void unplug(unsigned messages) override {
    if (!m_redirection) return;
    if (messages > 0)
      m_redirection->unplug_after(messages);
    else
      m_redirection->unplug();
  }
  void set_fault(unsigned rate, unsigned seed) override {
    m_reader.set_line_fault(rate == 0 ? LineFault() : seeded_fault(rate, seed));
  }
  std::shared_ptr<SimulatedCard> card() const override { return m_reader.card(); }

private:
  void notify() {
    if (m_redirection) m_redirection->notify();
  }

  UsbReader m_reader;
  bool m_plugged_at_first;
  std::unique_ptr<Redirection> m_redirection;
};

class PassthruReader final : public Plugged {
public:
  void connect(int socket) override {
    m_passthru = std::make_unique<Passthru>(socket);
    if (m_card) m_passthru->insert(m_card);
  }
  int socket() const override { return m_passthru ? m_passthru->socket() : -1; }
  bool wants_to_write() const override { return false; }
  void serve() override {
    if (!m_passthru->serve()) m_passthru.reset();
  }

  void insert(std::shared_ptr<SimulatedCard> card, const std::optional<T1Habits>& habits) override {
    if (habits) throw Error(Errc::BadRequest, "QEMU's own reader takes whole APDUs: there is no T=1 to have habits in");
    m_card = std::move(card);
    if (m_passthru) m_passthru->insert(m_card);
  }
  void remove() override {
    m_card.reset();
    if (m_passthru) m_passthru->remove();
  }
  void plug() override {}
  void unplug(unsigned) override { throw Error(Errc::BadRequest, "QEMU's own reader stays plugged in"); }
  void set_fault(unsigned, unsigned) override { throw Error(Errc::BadRequest, "QEMU's own reader has no line"); }
  std::shared_ptr<SimulatedCard> card() const override { return m_card; }

private:
  std::shared_ptr<SimulatedCard> m_card;
  std::unique_ptr<Passthru> m_passthru;
};

} // namespace

std::unique_ptr<Plugged> make_plugged(const std::string& kind, bool plugged) {
  for (const ReaderKind* known : {&ez100pu(), &ccid_reader(), &acr38u()})
    if (kind == known->name) return std::make_unique<RedirectedReader>(*known, plugged);
  if (kind == "passthru" && plugged) return std::make_unique<PassthruReader>();
  throw Error(Errc::BadRequest,
              "'" + kind +
                  "' is not a kind of reader (ez100pu, ccid, acr38u; plugged in from the start also passthru)");
}

std::function<std::optional<Bytes>(Bytes)> seeded_fault(unsigned rate, unsigned seed) {
  return [rate, random = std::mt19937(seed)](Bytes octets) mutable -> std::optional<Bytes> {
    if (random() % 1000 >= rate || octets.empty()) return octets;
    if (random() % 2 == 0) return std::nullopt;
    octets[random() % octets.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    return octets;
  };
}

} // namespace twcard::simulator
