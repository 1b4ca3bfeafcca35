#include "daemon/prompt/held_signals.hpp"

namespace twcard::prompt {

HeldSignals::HeldSignals() noexcept {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &m_before);
}

HeldSignals::~HeldSignals() {
  ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

void HeldSignals::restore_in_child() noexcept {
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL); // fails for SIGKILL and SIGSTOP
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

} // namespace twcard::prompt
