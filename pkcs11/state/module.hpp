// What lies between C_Initialize and C_Finalize: the slots, the sessions, and the line on which the service tells what
// happens in the readers.
//
// Thread-safe. Locks, in the order in which they are taken: a session's, m_watch_mutex, m_state_mutex; a card link's
// last. No card operation is done under m_watch_mutex or m_state_mutex, so that no thread waits for another's card.
#pragma once

#include "pkcs11/state/news.hpp"
#include "pkcs11/state/session.hpp"
#include "pkcs11/state/slot.hpp"

#include <chrono>
#include <map>

namespace twcard::pkcs11 {

class Module final {
public:
  // Looks for the service; that there is none is no error (it may come later). Throws std::bad_alloc.
  Module();
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  // Ends whatever waits, for C_Finalize: from now on functions throw Failure(CKR_CRYPTOKI_NOT_INITIALIZED).
  void stop() noexcept;

  // Slots. `again` looks for new readers; else the list is that of the last time (3.0, section 5.5.1).
  [[nodiscard]] std::vector<CK_SLOT_ID> slot_ids(bool with_token, bool again);
  // Throws Failure(CKR_SLOT_ID_INVALID).
  [[nodiscard]] CK_SLOT_INFO slot_info(CK_SLOT_ID slot);
  // Throws CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_ERROR. Waits for a card
  // that is being read for the first time.
  [[nodiscard]] CK_TOKEN_INFO token_info(CK_SLOT_ID slot);
  void require_token(CK_SLOT_ID slot);
  // A slot where something happened; nullopt when `block` is false and nothing did.
  [[nodiscard]] std::optional<CK_SLOT_ID> wait_for_slot_event(bool block);

  // Sessions. Those of a card that is gone are closed: CKR_SESSION_HANDLE_INVALID.
  [[nodiscard]] CK_SESSION_HANDLE open_session(CK_SLOT_ID slot, CK_FLAGS flags);
  [[nodiscard]] std::shared_ptr<Session> session(CK_SESSION_HANDLE handle);
  void close_session(CK_SESSION_HANDLE handle);
  void close_all_sessions(CK_SLOT_ID slot);

private:
  // Learns what happened since the last time. `connect`: looks for the service when there is no line to it.
  void refresh(bool connect);
  enum class Changes { Silent, Raise };
  void apply(std::vector<ReaderEntry> entries, Changes changes);
  [[nodiscard]] bool update(Slot& slot, ReaderEntry entry); // true when another card, or none, is in it now
  void clear(Slot& slot);
  [[nodiscard]] Slot& slot_of_reader(const std::string& reader);
  [[nodiscard]] Slot& find_slot(CK_SLOT_ID id);
  void raise(Slot& slot) noexcept;
  [[nodiscard]] std::optional<CK_SLOT_ID> take_event() noexcept;
  // Blocks until the service says something, a slot has an event (if asked for), the module stops, or the limit.
  void wait_for_news(bool events_too, std::chrono::milliseconds limit);
  // What `use` returns for a slot with a usable card, under the lock; waits for a card that is being read.
  template <typename Use>
  auto with_token(CK_SLOT_ID slot, Use use);
  void require_running() const;

  std::atomic<bool> m_stopping{false};
  News m_news;

  std::mutex m_watch_mutex;
  Line m_watch;
  bool m_watched_before = false;

  std::mutex m_state_mutex;
  std::vector<std::unique_ptr<Slot>> m_slots; // index + 1 is the ID
  std::vector<CK_SLOT_ID> m_listed;
  bool m_was_listed = false;
  std::map<CK_SESSION_HANDLE, std::shared_ptr<Session>> m_sessions;
  CK_SESSION_HANDLE m_next_session = 1;
  CK_OBJECT_HANDLE m_next_object = 1;
};

} // namespace twcard::pkcs11
