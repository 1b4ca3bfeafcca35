#include "pkcs11/state/module.hpp"

#include "pkcs11/cryptoki/rv.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <poll.h>
#include <unistd.h>

namespace twcard::pkcs11 {

namespace {

constexpr std::chrono::seconds listing_limit{10};
constexpr std::chrono::seconds reading_limit{30};
constexpr std::chrono::milliseconds reading_pause{100};
constexpr std::chrono::seconds service_pause{1}; // between two looks for a service that is not there

// The reader that a notification is about, when it tells of an insertion or a removal.
std::optional<std::string> touched_reader(const rpc::Notification& notification) {
  const auto* type = notification.params.if_contains("type");
  const auto* reader = notification.params.if_contains("reader");
  if (type == nullptr || !type->is_string() || reader == nullptr || !reader->is_string()) return std::nullopt;
  constexpr std::array<std::string_view, 4> types = {"card_inserted", "card_removed", "reader_added", "reader_removed"};
  const auto& name = type->get_string();
  if (std::ranges::find(types, std::string_view(name.data(), name.size())) == types.end()) return std::nullopt;
  return std::string(reader->get_string().data(), reader->get_string().size());
}

} // namespace

Module::Module() {
  refresh(true);
}

Module::~Module() = default;

void Module::stop() noexcept {
  m_stopping = true;
  m_news.set();
  m_watch.cut();
  const std::lock_guard lock(m_state_mutex);
  for (const auto& slot : m_slots)
    if (slot->card) slot->card->cut();
}

void Module::require_running() const {
  if (m_stopping) throw Failure(CKR_CRYPTOKI_NOT_INITIALIZED);
}

void Module::refresh(bool connect) {
  const std::lock_guard lock(m_watch_mutex);
  require_running();
  try {
    bool stale = false;
    auto changes = Changes::Silent;
    if (!m_watch.is_open()) {
      if (!connect) return;
      m_watch.open();
      m_watch.call("events.subscribe", {}, {}, listing_limit);
      stale = true;
      // What happened while nobody told can only be seen by comparing.
      if (m_watched_before) changes = Changes::Raise;
    }
    for (;;) {
      std::vector<std::string> touched;
      while (const auto notification = m_watch.arrived()) {
        stale = true;
        if (auto reader = touched_reader(*notification))
          touched.push_back(std::move(*reader));
        else if (!notification->params.contains("reader"))
          changes = Changes::Raise; // pcscd went, or came back
      }
      if (!stale) break;
      apply(parse_listing(m_watch.call("token.list", {}, {}, listing_limit).result), changes);
      const std::lock_guard state(m_state_mutex);
      for (const auto& reader : touched) raise(slot_of_reader(reader));
      stale = false;
    }
  } catch (const Error&) {
    require_running(); // else it was stop() that cut the line, and no card has gone
    m_watch.close();
    apply({}, Changes::Raise);
  }
  m_watched_before = true;
}

void Module::apply(std::vector<ReaderEntry> entries, Changes changes) {
  const std::lock_guard lock(m_state_mutex);
  std::vector<const Slot*> listed;
  for (auto& entry : entries) {
    auto& slot = slot_of_reader(entry.reader);
    listed.push_back(&slot);
    if (update(slot, std::move(entry)) && changes == Changes::Raise) raise(slot);
  }
  for (const auto& slot : m_slots) {
    if (slot->state == CardState::Empty || std::ranges::find(listed, slot.get()) != listed.end()) continue;
    clear(*slot);
    if (changes == Changes::Raise) raise(*slot);
  }
}

bool Module::update(Slot& slot, ReaderEntry entry) {
  const bool changed = slot.insertion != entry.insertion;
  if (changed) clear(slot);
  slot.state = entry.state;
  slot.insertion = entry.insertion;
  slot.tries_left = entry.tries_left;
  if (entry.state != CardState::Ready || slot.token) return changed;
  slot.card = std::make_shared<CardLink>(entry.reader, entry.insertion);
  slot.token = std::make_shared<const Token>(std::move(entry), m_next_object);
  m_next_object = slot.token->end_handle();
  return changed;
}

void Module::clear(Slot& slot) {
  if (slot.card) slot.card->cut();
  std::erase_if(m_sessions, [&slot](const auto& entry) { return entry.second->slot == slot.id; });
  slot.state = CardState::Empty;
  slot.insertion.clear();
  slot.token.reset();
  slot.card.reset();
}

Slot& Module::slot_of_reader(const std::string& reader) {
  const auto found = std::ranges::find_if(m_slots, [&](const auto& slot) { return slot->reader == reader; });
  if (found != m_slots.end()) return **found;
  auto slot = std::make_unique<Slot>();
  slot->id = m_slots.size() + 1;
  slot->reader = reader;
  return *m_slots.emplace_back(std::move(slot));
}

Slot& Module::find_slot(CK_SLOT_ID id) {
  if (id < 1 || id > m_slots.size()) throw Failure(CKR_SLOT_ID_INVALID);
  return *m_slots[id - 1];
}

void Module::raise(Slot& slot) noexcept {
  slot.event = true;
  m_news.set();
}

std::optional<CK_SLOT_ID> Module::take_event() noexcept {
  const std::lock_guard lock(m_state_mutex);
  const auto has_event = [](const auto& slot) { return slot->event; };
  const auto found = std::ranges::find_if(m_slots, has_event);
  if (found == m_slots.end()) return std::nullopt;
  (*found)->event = false;
  if (std::ranges::none_of(m_slots, has_event) && !m_stopping) {
    m_news.clear();
    // stop() may have set it in between.
    if (m_stopping) m_news.set();
  }
  return (*found)->id;
}

void Module::wait_for_news(bool events_too, std::chrono::milliseconds limit) {
  Descriptor watch;
  {
    const std::lock_guard lock(m_watch_mutex);
    watch = m_watch.duplicate();
  }
  // Without a line nothing comes of itself.
  if (!watch.is_open())
    limit = limit < std::chrono::milliseconds(0) ? service_pause : std::min<decltype(limit)>(limit, service_pause);
  std::array<pollfd, 2> descriptors = {pollfd{watch.get(), POLLIN, 0},
                                       pollfd{events_too ? m_news.descriptor() : -1, POLLIN, 0}};
  ::poll(descriptors.data(), descriptors.size(), static_cast<int>(limit.count()));
}

std::optional<CK_SLOT_ID> Module::wait_for_slot_event(bool block) {
  for (;;) {
    refresh(true);
    if (const auto slot = take_event()) return slot;
    if (!block) return std::nullopt;
    wait_for_news(true, std::chrono::milliseconds(-1));
  }
}

template <typename Use>
auto Module::with_token(CK_SLOT_ID slot, Use use) {
  const auto deadline = std::chrono::steady_clock::now() + reading_limit;
  for (;;) {
    refresh(true);
    {
      const std::lock_guard lock(m_state_mutex);
      auto& found = find_slot(slot);
      switch (found.state) {
      case CardState::Ready: return use(found);
      case CardState::Empty: throw Failure(CKR_TOKEN_NOT_PRESENT);
      case CardState::Unrecognised: throw Failure(CKR_TOKEN_NOT_RECOGNIZED);
      case CardState::Failed: throw Failure(CKR_DEVICE_ERROR);
      case CardState::Reading: break;
      }
    }
    if (std::chrono::steady_clock::now() > deadline) throw Failure(CKR_DEVICE_ERROR);
    wait_for_news(false, reading_pause);
  }
}

std::vector<CK_SLOT_ID> Module::slot_ids(bool with_card, bool again) {
  refresh(again);
  const std::lock_guard lock(m_state_mutex);
  if (again || !m_was_listed) {
    m_listed.clear();
    for (const auto& slot : m_slots) m_listed.push_back(slot->id);
    m_was_listed = true;
  }
  auto ids = m_listed;
  if (with_card) std::erase_if(ids, [this](auto id) { return find_slot(id).state == CardState::Empty; });
  return ids;
}

CK_SLOT_INFO Module::slot_info(CK_SLOT_ID slot) {
  refresh(true);
  const std::lock_guard lock(m_state_mutex);
  return find_slot(slot).info();
}

CK_TOKEN_INFO Module::token_info(CK_SLOT_ID slot) {
  return with_token(slot, [this](const Slot& found) {
    auto info = found.token_info();
    for (const auto& [handle, session] : m_sessions) {
      if (session->slot != found.id) continue;
      ++info.ulSessionCount;
      if ((session->flags & CKF_RW_SESSION) != 0) ++info.ulRwSessionCount;
    }
    return info;
  });
}

void Module::require_token(CK_SLOT_ID slot) {
  with_token(slot, [](const Slot&) {});
}

CK_SESSION_HANDLE Module::open_session(CK_SLOT_ID slot, CK_FLAGS flags) {
  return with_token(slot, [this, flags](const Slot& found) {
    auto session = std::make_shared<Session>();
    session->handle = m_next_session++;
    session->slot = found.id;
    session->flags = flags;
    session->token = found.token;
    session->card = found.card;
    m_sessions.emplace(session->handle, session);
    return session->handle;
  });
}

std::shared_ptr<Session> Module::session(CK_SESSION_HANDLE handle) {
  refresh(false);
  const std::lock_guard lock(m_state_mutex);
  const auto found = m_sessions.find(handle);
  if (found == m_sessions.end()) throw Failure(CKR_SESSION_HANDLE_INVALID);
  return found->second;
}

void Module::close_session(CK_SESSION_HANDLE handle) {
  const auto closed = session(handle);
  bool last = false;
  {
    const std::lock_guard lock(m_state_mutex);
    m_sessions.erase(handle);
    last = std::ranges::none_of(m_sessions, [&](const auto& entry) { return entry.second->card == closed->card; });
  }
  if (last) closed->card->logout();
}

void Module::close_all_sessions(CK_SLOT_ID slot) {
  refresh(false);
  std::shared_ptr<CardLink> card;
  {
    const std::lock_guard lock(m_state_mutex);
    card = find_slot(slot).card;
    std::erase_if(m_sessions, [slot](const auto& entry) { return entry.second->slot == slot; });
  }
  if (card) card->logout();
}

} // namespace twcard::pkcs11
