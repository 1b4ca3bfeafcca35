#include "pkcs11/state/library.hpp"

#include "pkcs11/cryptoki/rv.hpp"
#include "pkcs11/line/inherited.hpp"

#include <sched.h>
#include <unistd.h>

namespace twcard::pkcs11 {

namespace {

// Everything here is constant-initialised and has no destructor: it is there before any constructor of the program and
// after any destructor.
struct Library {
  std::atomic<pid_t> lock_holder{0}; // a spin lock that knows whose it is
  pid_t owner = 0;                   // the process that the module belongs to
  Module* module = nullptr;
  std::atomic<int> changing{0}; // 1 while C_Initialize or C_Finalize is under way
  std::atomic<int> calls{0};
};
constinit Library library;

// Held for a few instructions. One that was held while its process forked is stale in the child, and taken over.
class Lock final {
public:
  Lock() : m_process(::getpid()) {
    for (pid_t holder = 0;; holder = library.lock_holder) {
      if (holder == m_process) {
        ::sched_yield();
        continue;
      }
      if (library.lock_holder.compare_exchange_weak(holder, m_process)) break;
    }
    if (library.owner != m_process) {
      if (library.owner != 0) inherited::close_all();
      library.owner = m_process;
      library.module = nullptr; // the parent's stays what it is: nothing in it may be touched, so it is not freed
      library.changing = 0;
      library.calls = 0;
    }
  }
  ~Lock() { library.lock_holder = 0; }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

private:
  pid_t m_process;
};

void check(const CK_C_INITIALIZE_ARGS& args) {
  require_argument(args.pReserved == nullptr);
  const int callbacks = (args.CreateMutex != nullptr) + (args.DestroyMutex != nullptr) + (args.LockMutex != nullptr) +
                        (args.UnlockMutex != nullptr);
  require_argument(callbacks == 0 || callbacks == 4);
  if (callbacks == 4 && (args.flags & CKF_OS_LOCKING_OK) == 0) throw Failure(CKR_CANT_LOCK);
}

// Ends a module: nobody finds it any more, whoever is in it comes out, then it is freed.
void take_down(Module* module) {
  module->stop();
  for (int calls = library.calls; calls != 0; calls = library.calls) library.calls.wait(calls);
  delete module;
}

// A program may unload the module without C_Finalize. At its exit threads may still be in calls: then the module is
// left to the end of the process.
__attribute__((destructor)) void unload() {
  Module* module = nullptr;
  {
    const Lock lock;
    if (library.calls == 0) module = std::exchange(library.module, nullptr);
  }
  delete module;
}

} // namespace

Call::Call() {
  const Lock lock;
  m_module = library.module;
  if (m_module == nullptr) throw Failure(CKR_CRYPTOKI_NOT_INITIALIZED);
  ++library.calls;
}

Call::~Call() {
  if (--library.calls == 0) library.calls.notify_all();
}

namespace {

// While there is one of these, the module is what it is for everybody else.
class Change final {
public:
  // Waits for the end of another one: a thread whose C_Initialize comes second goes on to use the module at once.
  // Throws Failure(unwanted) unless there is a module (`module_wanted`), or none.
  Change(bool module_wanted, CK_RV unwanted) {
    for (;; library.changing.wait(1)) {
      const Lock lock;
      if (library.changing != 0) continue;
      if ((library.module != nullptr) != module_wanted) throw Failure(unwanted);
      library.changing = 1;
      return;
    }
  }
  ~Change() {
    {
      const Lock lock;
      library.changing = 0;
    }
    library.changing.notify_all();
  }
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
};

} // namespace

void initialize(const CK_C_INITIALIZE_ARGS* args) {
  if (args != nullptr) check(*args);
  const Change change(false, CKR_CRYPTOKI_ALREADY_INITIALIZED);
  auto module = std::make_unique<Module>();
  const Lock lock;
  library.module = module.release();
}

void finalize() {
  // Until the last call is out, so that its end is not counted for the next module.
  const Change change(true, CKR_CRYPTOKI_NOT_INITIALIZED);
  Module* module = nullptr;
  {
    const Lock lock;
    module = std::exchange(library.module, nullptr);
  }
  take_down(module);
}

} // namespace twcard::pkcs11
