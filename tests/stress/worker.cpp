#include "tests/stress/worker.hpp"

#include "tests/support/pkcs11_module.hpp"

#include <array>
#include <cstdio>
#include <random>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace twcard::stress {

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned child_limit_s = 60;
constexpr std::chrono::milliseconds without_card{10};

// What a function may answer while others log out, finalise, and pull the card.
const std::set<CK_RV> passing_trouble = {CKR_CRYPTOKI_NOT_INITIALIZED,
                                         CKR_CRYPTOKI_ALREADY_INITIALIZED,
                                         CKR_SESSION_HANDLE_INVALID,
                                         CKR_SLOT_ID_INVALID,
                                         CKR_TOKEN_NOT_PRESENT,
                                         CKR_DEVICE_REMOVED,
                                         CKR_DEVICE_ERROR,
                                         CKR_USER_NOT_LOGGED_IN,
                                         CKR_USER_ALREADY_LOGGED_IN,
                                         CKR_OBJECT_HANDLE_INVALID,
                                         CKR_KEY_HANDLE_INVALID,
                                         CKR_OPERATION_NOT_INITIALIZED,
                                         CKR_OPERATION_ACTIVE,
                                         CKR_NO_EVENT};

// What the threads of a process have in common.
struct Process {
  const Plan& plan;
  Counts& counts;
  tests::Pkcs11Module p11{plan.module};
  std::atomic<CK_SESSION_HANDLE> shared_session{0};

  [[nodiscard]] bool over() const { return Clock::now() >= plan.end; }
};

class Thread final {
public:
  Thread(Process& process, unsigned seed) : m_process(process), m_p11(process.p11), m_random(seed) {}

  void run() {
    constexpr std::array mix = {Work::List,   Work::Search,  Work::Search,  Work::Digest, Work::Digest,
                                Work::Random, Work::Login,   Work::Sign,    Work::Sign,   Work::Sign,
                                Work::Sign,   Work::Decrypt, Work::Decrypt, Work::Events};
    // What these end takes the others some time to get back.
    constexpr std::array rare = {Work::Logout, Work::Fork, Work::Finalize};
    while (!m_process.over()) {
      timed(below(100) == 0 ? rare[below(rare.size())] : mix[below(mix.size())]);
      if (!m_initialised) timed(Work::Initialize);
    }
  }

private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

  Bytes some_data() {
    Bytes data(1 + below(100));
    for (auto& octet : data) octet = static_cast<std::uint8_t>(below(256));
    return data;
  }

  void timed(Work kind) {
    const auto start = Clock::now();
    perform(kind);
    const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    m_process.counts.record(kind, static_cast<std::uint64_t>(time.count()));
  }

  // Whether it was done. Counts answers that nothing explains.
  bool good(CK_RV value, const char* function) {
    if (value == CKR_CRYPTOKI_NOT_INITIALIZED) m_initialised = false;
    if (value == CKR_OK) return true;
    // Let others work while there is nothing to do here.
    if (value == CKR_TOKEN_NOT_PRESENT) std::this_thread::sleep_for(without_card);
    if (!passing_trouble.contains(value)) {
      ++m_process.counts.unexpected_codes;
      std::fprintf(stderr, "%s answers 0x%lx\n", function, value);
    }
    return false;
  }

  void perform(Work kind) {
    switch (kind) {
    case Work::Initialize:
      m_initialised = true;
      good(m_p11->C_Initialize(nullptr), "C_Initialize");
      return;
    case Work::Finalize: good(m_p11->C_Finalize(nullptr), "C_Finalize"); return;
    case Work::List: list(); return;
    case Work::Search: search(); return;
    case Work::Digest: in_any_session([this](auto session) { digest(session); }); return;
    case Work::Random: in_any_session([this](auto session) { random(session); }); return;
    case Work::Login: in_any_session([this](auto session) { login(session); }); return;
    case Work::Logout: in_any_session([this](auto session) { good(m_p11->C_Logout(session), "C_Logout"); }); return;
    case Work::Sign: in_any_session([this](auto session) { sign(session); }); return;
    case Work::Decrypt: in_own_session([this](auto session) { decrypt(session); }); return;
    case Work::Events: events(); return;
    case Work::Fork: fork(); return;
    }
  }

  CK_SESSION_HANDLE open() {
    CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
    good(m_p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &session), "C_OpenSession");
    return session;
  }

  template <typename Use>
  void in_own_session(Use use) {
    const auto session = open();
    if (session == CK_INVALID_HANDLE) return;
    use(session);
    good(m_p11->C_CloseSession(session), "C_CloseSession");
  }

  // One of its own, or now and then the one that all threads use. That one stays open, and with it the login.
  template <typename Use>
  void in_any_session(Use use) {
    CK_SESSION_INFO info{};
    if (m_p11->C_GetSessionInfo(m_process.shared_session, &info) != CKR_OK) m_process.shared_session = open();
    const CK_SESSION_HANDLE shared = m_process.shared_session;
    if (shared != CK_INVALID_HANDLE && below(4) == 0)
      use(shared);
    else
      in_own_session(use);
  }

  void list() {
    std::array<CK_SLOT_ID, 16> slots{};
    CK_ULONG count = slots.size();
    if (!good(m_p11->C_GetSlotList(CK_FALSE, slots.data(), &count), "C_GetSlotList")) return;
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_SLOT_INFO slot{};
      CK_TOKEN_INFO token{};
      good(m_p11->C_GetSlotInfo(slots[i], &slot), "C_GetSlotInfo");
      good(m_p11->C_GetTokenInfo(slots[i], &token), "C_GetTokenInfo");
    }
  }

  // In a session of its own: in a shared one another thread's search would be found.
  std::vector<CK_OBJECT_HANDLE> find(CK_OBJECT_CLASS wanted, std::string id = {}) {
    std::vector<CK_OBJECT_HANDLE> found;
    in_own_session([&](auto session) {
      std::array<CK_ATTRIBUTE, 2> search = {CK_ATTRIBUTE{CKA_CLASS, &wanted, sizeof wanted},
                                            CK_ATTRIBUTE{CKA_ID, id.data(), id.size()}};
      if (!good(m_p11->C_FindObjectsInit(session, search.data(), id.empty() ? 1 : 2), "C_FindObjectsInit")) return;
      found.resize(20);
      CK_ULONG count = 0;
      if (!good(m_p11->C_FindObjects(session, found.data(), found.size(), &count), "C_FindObjects")) count = 0;
      found.resize(count);
      good(m_p11->C_FindObjectsFinal(session), "C_FindObjectsFinal");
    });
    return found;
  }

  void search() {
    for (const auto object : find(CKO_CERTIFICATE))
      in_own_session([&](auto session) {
        Bytes value(4096);
        CK_ATTRIBUTE attribute{CKA_VALUE, value.data(), value.size()};
        good(m_p11->C_GetAttributeValue(session, object, &attribute, 1), "C_GetAttributeValue");
      });
  }

  void digest(CK_SESSION_HANDLE session) {
    CK_MECHANISM mechanism{CKM_SHA256, nullptr, 0};
    auto data = some_data();
    std::array<CK_BYTE, 32> result{};
    CK_ULONG size = result.size();
    if (!good(m_p11->C_DigestInit(session, &mechanism), "C_DigestInit")) return;
    good(m_p11->C_Digest(session, data.data(), data.size(), result.data(), &size), "C_Digest");
  }

  void random(CK_SESSION_HANDLE session) {
    std::array<CK_BYTE, 32> octets{};
    good(m_p11->C_GenerateRandom(session, octets.data(), octets.size()), "C_GenerateRandom");
  }

  void login(CK_SESSION_HANDLE session) {
    auto pin = m_process.plan.pin;
    good(m_p11->C_Login(session, CKU_USER, reinterpret_cast<CK_UTF8CHAR*>(pin.data()), pin.size()), "C_Login");
  }

  void sign(CK_SESSION_HANDLE session) {
    auto keys = find(CKO_PRIVATE_KEY, "SIGN");
    if (keys.empty()) {
      login(session);
      keys = find(CKO_PRIVATE_KEY, "SIGN");
    }
    if (keys.empty()) return;
    CK_MECHANISM mechanism{CKM_SHA256_RSA_PKCS, nullptr, 0};
    auto data = some_data();
    Bytes signature(256);
    CK_ULONG size = signature.size();
    if (!good(m_p11->C_SignInit(session, &mechanism, keys.front()), "C_SignInit")) return;
    if (!good(m_p11->C_Sign(session, data.data(), data.size(), signature.data(), &size), "C_Sign")) return;
    signature.resize(size);
    count(m_process.plan.sign_key.verifies(data, signature), m_process.counts.signatures);
  }

  void decrypt(CK_SESSION_HANDLE session) {
    const auto keys = find(CKO_PRIVATE_KEY, "KEYX");
    if (keys.empty()) return;
    CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
    const auto data = some_data();
    auto encrypted = m_process.plan.cipher_key.encrypt(data);
    Bytes plain(256);
    CK_ULONG size = plain.size();
    if (!good(m_p11->C_DecryptInit(session, &mechanism, keys.front()), "C_DecryptInit")) return;
    if (!good(m_p11->C_Decrypt(session, encrypted.data(), encrypted.size(), plain.data(), &size), "C_Decrypt")) return;
    plain.resize(size);
    count(plain == data, m_process.counts.decryptions);
  }

  void count(bool right, std::atomic<std::uint64_t>& results) { ++(right ? results : m_process.counts.wrong_results); }

  void events() {
    CK_SLOT_ID slot = 0;
    good(m_p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr), "C_WaitForSlotEvent");
  }

  // In the child nothing of the parent's threads goes on, whatever they were doing.
  void fork() {
    const auto child = ::fork();
    if (child == 0) {
      ::alarm(child_limit_s);
      CK_SESSION_INFO info{};
      CK_ULONG count = 0;
      const bool right =
          m_p11->C_GetSessionInfo(1, &info) == CKR_CRYPTOKI_NOT_INITIALIZED && m_p11->C_Initialize(nullptr) == CKR_OK &&
          m_p11->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_OK && m_p11->C_Finalize(nullptr) == CKR_OK;
      ::_exit(right ? 0 : 1);
    }
    int status = 1;
    if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) {
      ++m_process.counts.broken_children;
      std::fprintf(stderr, "a forked child ended with status 0x%x\n", static_cast<unsigned>(status));
    }
  }

  Process& m_process;
  const tests::Pkcs11Module& m_p11;
  std::mt19937 m_random;
  bool m_initialised = true; // as far as this thread has heard
};

// Blocked until C_Finalize, again and again.
void wait_for_events(Process& process) {
  while (!process.over()) {
    CK_SLOT_ID slot = 0;
    if (process.p11->C_WaitForSlotEvent(0, &slot, nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED) std::this_thread::yield();
  }
}

} // namespace

int run_worker(const Plan& plan, Counts& counts) {
  Process process{plan, counts};
  if (process.p11->C_Initialize(nullptr) != CKR_OK) return 1;
  std::thread waiter([&process] { wait_for_events(process); });
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < plan.threads; ++i)
      threads.emplace_back([&process, seed = plan.seed + static_cast<unsigned>(i)] { Thread(process, seed).run(); });
  }
  process.p11->C_Finalize(nullptr); // ends the wait
  waiter.join();
  return 0;
}

} // namespace twcard::stress
