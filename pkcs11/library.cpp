#include "pkcs11/library.hpp"

#include "pkcs11/inherited.hpp"
#include "pkcs11/rv.hpp"

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
  bool starting = false; // C_Initialize is under way
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
      library.starting = false;
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

void initialize(const CK_C_INITIALIZE_ARGS* args) {
  if (args != nullptr) check(*args);
  {
    const Lock lock;
    if (library.module != nullptr || library.starting) throw Failure(CKR_CRYPTOKI_ALREADY_INITIALIZED);
    library.starting = true;
  }
  std::unique_ptr<Module> module;
  try {
    module = std::make_unique<Module>();
  } catch (...) {
    const Lock lock;
    library.starting = false;
    throw;
  }
  const Lock lock;
  library.module = module.release();
  library.starting = false;
}

void finalize() {
  Module* module = nullptr;
  {
    const Lock lock;
    module = std::exchange(library.module, nullptr);
    if (module == nullptr) throw Failure(CKR_CRYPTOKI_NOT_INITIALIZED);
    library.starting = true; // until the last call is out, so that its end is not counted for the next module
  }
  take_down(module);
  const Lock lock;
  library.starting = false;
}

} // namespace twcard::pkcs11
