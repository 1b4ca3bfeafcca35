#include "simulator/readers/in_process_readers.hpp"

#include "driver/base/error.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace twcard::simulator {

struct InProcessReaders::Slot {
  std::string name;
  std::shared_ptr<SimulatedCard> card;
  std::uint32_t event_counter = 0;
  std::uint64_t resets = 0;                    // of this insertion, by whatever channel
  const reader::CardChannel* holder = nullptr; // who has the transaction
  std::shared_ptr<FaultPlayer> faults = std::make_shared<FaultPlayer>();

  void eject() {
    card.reset();
    ++event_counter;
  }

  void take(std::shared_ptr<SimulatedCard> inserted) {
    inserted->answer_reset_with({});
    inserted->reset();
    card = std::move(inserted);
    ++event_counter;
    resets = 0;
    holder = nullptr;
  }
};

struct InProcessReaders::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Slot> slots; // never resized, so references to its elements stay
  bool cancelled = false;

  Slot& slot(const std::string& name) {
    for (auto& slot : slots)
      if (slot.name == name) return slot;
    throw Error(Errc::NoReader, "no such reader");
  }

  [[nodiscard]] std::vector<reader::ReaderState> states() const {
    std::vector<reader::ReaderState> states;
    for (const auto& slot : slots) {
      const auto atr = slot.card ? slot.card->atr() : Bytes{};
      states.push_back({slot.name, slot.card != nullptr, slot.card != nullptr && atr.empty(), slot.event_counter, atr});
    }
    return states;
  }
};

// Its members are guarded by the mutex of Shared.
class InProcessReaders::Channel final : public reader::CardChannel {
public:
  Channel(std::shared_ptr<Shared> shared, Slot& slot)
      : m_shared(std::move(shared)), m_slot(slot), m_card(slot.card), m_atr(slot.card->atr()),
        m_event_counter(slot.event_counter), m_resets_seen(slot.resets) {}

  ~Channel() override { end(reader::Disposition::Leave); }

  [[nodiscard]] Bytes atr() const override { return m_atr; }

  void begin() override {
    std::unique_lock lock(m_shared->mutex);
    wait_for_turn(lock);
    m_resets_seen = m_slot.resets;
    m_slot.holder = this;
  }

  void end(reader::Disposition disposition) noexcept override {
    const std::lock_guard lock(m_shared->mutex);
    if (m_slot.holder != this) return;
    m_slot.holder = nullptr;
    if (disposition == reader::Disposition::Reset && inserted()) {
      m_card->reset();
      ++m_slot.resets;
    }
    m_shared->changed.notify_all();
  }

  [[nodiscard]] Bytes transmit(ByteView command) override {
    std::unique_lock lock(m_shared->mutex);
    wait_for_turn(lock);
    if (m_resets_seen != m_slot.resets) throw Error(Errc::CardReset, "another program reset the card");
    const auto fault = m_slot.faults->next(command);
    if (fault) before_the_answer(*fault);
    // The card answers without the lock, as readers do: other readers and watchers go on meanwhile.
    const auto previous = std::exchange(m_slot.holder, this);
    lock.unlock();
    auto response = m_card->transmit(command);
    lock.lock();
    if (fault) {
      response = altered(*fault, std::move(response));
      after_the_answer(*fault, lock);
    }
    if (!inserted()) throw Error(Errc::CardRemoved, "the card was pulled out");
    m_slot.holder = previous;
    m_shared->changed.notify_all();
    return response;
  }

private:
  void before_the_answer(const Fault& fault) {
    if (fault.kind == FaultKind::Atr) m_card->answer_reset_with(fault.atr);
    if (fault.kind != FaultKind::Remove && fault.kind != FaultKind::Swap) return;
    m_slot.eject();
    if (fault.kind == FaultKind::Swap) m_slot.take(fault.card);
    m_shared->changed.notify_all();
    throw Error(Errc::CardRemoved, "the card was pulled out");
  }

  void after_the_answer(const Fault& fault, std::unique_lock<std::mutex>& lock) {
    const auto gone = [this] { return !inserted(); };
    if (fault.kind == FaultKind::Mute) m_shared->changed.wait(lock, gone);
    if (fault.kind == FaultKind::Delay) m_shared->changed.wait_for(lock, fault.delay, gone);
  }

  [[nodiscard]] bool inserted() const { return m_slot.event_counter == m_event_counter; }

  void wait_for_turn(std::unique_lock<std::mutex>& lock) {
    m_shared->changed.wait(lock, [this] { return m_slot.holder == nullptr || m_slot.holder == this || !inserted(); });
    if (!inserted()) throw Error(Errc::CardRemoved, "the card was pulled out");
  }

  std::shared_ptr<Shared> m_shared;
  Slot& m_slot;
  std::shared_ptr<SimulatedCard> m_card;
  Bytes m_atr;
  std::uint32_t m_event_counter;
  std::uint64_t m_resets_seen;
};

InProcessReaders::InProcessReaders(std::vector<std::string> names) : m_shared(std::make_shared<Shared>()) {
  for (auto& name : names) {
    Slot slot;
    slot.name = std::move(name);
    m_shared->slots.push_back(std::move(slot));
  }
}

InProcessReaders::~InProcessReaders() {
  cancel();
}

void InProcessReaders::insert(const std::string& reader, std::shared_ptr<SimulatedCard> card) {
  const std::lock_guard lock(m_shared->mutex);
  auto& slot = m_shared->slot(reader);
  if (slot.card) throw Error(Errc::BadRequest, "a card is in the reader");
  slot.take(std::move(card));
  m_shared->changed.notify_all();
}

void InProcessReaders::remove(const std::string& reader) {
  const std::lock_guard lock(m_shared->mutex);
  auto& slot = m_shared->slot(reader);
  if (!slot.card) return;
  slot.eject();
  m_shared->changed.notify_all();
}

void InProcessReaders::play(const std::string& reader, std::vector<Fault> faults) {
  const std::lock_guard lock(m_shared->mutex);
  m_shared->slot(reader).faults->play(std::move(faults));
}

std::vector<reader::ReaderState> InProcessReaders::list() {
  const std::lock_guard lock(m_shared->mutex);
  return m_shared->states();
}

std::unique_ptr<reader::CardChannel> InProcessReaders::open(const std::string& reader) {
  const std::lock_guard lock(m_shared->mutex);
  auto& slot = m_shared->slot(reader);
  if (!slot.card) throw Error(Errc::NoCard, "no card in the reader");
  if (slot.card->atr().empty()) throw Error(Errc::UnsupportedCard, "the card does not answer");
  return std::make_unique<Channel>(m_shared, slot);
}

std::optional<std::vector<reader::ReaderState>>
InProcessReaders::wait_for_change(const std::vector<reader::ReaderState>& known) {
  std::unique_lock lock(m_shared->mutex);
  m_shared->changed.wait(lock, [&] { return m_shared->cancelled || m_shared->states() != known; });
  if (m_shared->cancelled) return std::nullopt;
  return m_shared->states();
}

void InProcessReaders::cancel() noexcept {
  const std::lock_guard lock(m_shared->mutex);
  m_shared->cancelled = true;
  m_shared->changed.notify_all();
}

} // namespace twcard::simulator
