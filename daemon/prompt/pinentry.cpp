#include "daemon/prompt/pinentry.hpp"

#include "daemon/prompt/assuan_memory.hpp"
#include "daemon/prompt/held_signals.hpp"
#include "daemon/prompt/surface.hpp"
#include "driver/base/error.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <assuan.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::prompt {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int pin_attempts = 3;
// pinentry ends the dialog itself at the timeout; this is for one that does not.
constexpr auto timeout_slack = std::chrono::seconds(5);

// libassuan runs the program by its path.
std::string path_of(const std::string& program) {
  if (program.find('/') != std::string::npos) return program;
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const auto folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    auto candidate = std::string(folder) + "/" + program;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return program;
}

// Assuan lines are percent-escaped; the strings are our own wording and text made safe by it.
std::string escaped(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '%')
      line += "%25";
    else if (c == '\n')
      line += "%0A";
    else if (c == '\r')
      line += "%0D";
    else
      line += c;
  }
  return line;
}

// Where a PIN arrives from libassuan's (locked) line buffer.
struct PinSink {
  SecureBytes octets{rpc::max_pin_octets};
  std::size_t size = 0;
};

gpg_error_t collect_pin(void* argument, const void* data, std::size_t size) {
  auto& sink = *static_cast<PinSink*>(argument);
  if (size > rpc::max_pin_octets - sink.size) return gpg_error(GPG_ERR_TOO_LARGE);
  std::memcpy(sink.octets.data() + sink.size, data, size);
  sink.size += size;
  return 0;
}

// A running pinentry and the conversation with it.
class Conversation final {
public:
  Conversation(const PinentryOptions& options, const Surface& surface, const Dialog& dialog,
               const Cancellation& cancellation)
      : m_options(options), m_cancellation(cancellation), m_surface(child_surface(surface)),
        m_deadline(Clock::now() + options.timeout + timeout_slack) {
    if (assuan_new_ext(&m_context, GPG_ERR_SOURCE_DEFAULT, secure_malloc_hooks(), nullptr, nullptr) != 0)
      throw Error(Errc::Internal, "no locked memory for the prompt");
    assuan_set_pointer(m_context, this);
    assuan_ctx_set_system_hooks(m_context, &s_hooks);
    try {
      start();
      describe(dialog);
    } catch (...) {
      assuan_release(m_context);
      throw;
    }
  }
  ~Conversation() { assuan_release(m_context); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  // 0, NOT_CONFIRMED, or throws.
  gpg_err_code_t command(const std::string& line, PinSink* sink = nullptr) {
    const auto error = assuan_transact(m_context, line.c_str(), sink != nullptr ? collect_pin : nullptr, sink, nullptr,
                                       nullptr, nullptr, nullptr);
    return checked(error);
  }

private:
  void start() {
    const std::string path = path_of(m_options.program);
    const char* arguments[] = {path.c_str(), nullptr};
    const HeldSignals held;
    checked(assuan_pipe_connect(m_context, path.c_str(), arguments, nullptr, prepare_child, &m_surface, 0));
    for (const auto& option : m_surface.options) optional_command("OPTION " + option);
    optional_command("SETTIMEOUT " + std::to_string(m_options.timeout.count()));
  }

  void describe(const Dialog& dialog) {
    optional_command("SETTITLE " + escaped(dialog.title));
    command("SETDESC " + escaped(dialog.description));
    if (!dialog.label.empty()) optional_command("SETPROMPT " + escaped(dialog.label));
    command("SETOK " + escaped(dialog.approve));
    if (!dialog.always.empty()) {
      optional_command("SETNOTOK " + escaped(dialog.always));
      optional_command("SETCANCEL " + escaped(dialog.refuse));
      return;
    }
    if (!dialog.refuse.empty()) command("SETNOTOK " + escaped(dialog.refuse));
    optional_command("SETCANCEL " + escaped(dialog.cancel));
  }

  // A pinentry that does not know it can still ask.
  void optional_command(const std::string& line) {
    assuan_transact(m_context, line.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    throw_if_stopped();
  }

  void throw_if_stopped() const {
    if (m_stopped) throw Error(*m_stopped, *m_stopped == Errc::Timeout ? "no answer in time" : "the prompt was closed");
  }

  gpg_err_code_t checked(gpg_error_t error) const {
    throw_if_stopped();
    switch (gpg_err_code(error)) {
    case GPG_ERR_NO_ERROR:
    case GPG_ERR_NOT_CONFIRMED: return gpg_err_code(error);
    case GPG_ERR_CANCELED:
    case GPG_ERR_FULLY_CANCELED: throw Error(Errc::Cancelled, "closed by the user");
    case GPG_ERR_TIMEOUT: throw Error(Errc::Timeout, "no answer in time");
    case GPG_ERR_TOO_LARGE: throw Error(Errc::PinLength, "PIN longer than 64 octets");
    default: throw Error(Errc::PromptUnavailable, std::string("pinentry: ") + gpg_strerror(error));
    }
  }

  // In the child, between fork and exec.
  static void prepare_child(void* surface, int) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM); // no dialog outlives twcard-prompt
    HeldSignals::restore_in_child();
    for (const auto& [name, value] : static_cast<const ChildSurface*>(surface)->environment) {
      if (value.empty())
        ::unsetenv(name.c_str());
      else
        ::setenv(name.c_str(), value.c_str(), 1);
    }
  }

  ssize_t read(int descriptor, void* buffer, std::size_t size) {
    while (!m_stopped) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now());
      pollfd events[] = {{m_cancellation.descriptor(), POLLIN, 0}, {descriptor, POLLIN, 0}};
      const int count = ::poll(events, 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
      if (count < 0 && errno != EINTR) return -1;
      if (count == 0) m_stopped = Errc::Timeout;
      if (count > 0 && events[0].revents != 0) m_stopped = Errc::Cancelled;
      if (count > 0 && events[0].revents == 0) return ::read(descriptor, buffer, size);
    }
    errno = ECANCELED;
    return -1;
  }

  // Called once, when libassuan has closed its ends of the pipes.
  pid_t end(pid_t child, int* status) const {
    // glibc 2.36 declares pidfd_open without C linkage.
    const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    const auto has_ended = [&] {
      pollfd event = {handle.get(), POLLIN, 0};
      int count = 0;
      while ((count = ::poll(&event, 1, static_cast<int>(m_options.grace.count()))) < 0 && errno == EINTR) {
      }
      return count == 1;
    };
    if (m_stopped || !has_ended()) {
      ::kill(child, SIGTERM);
      if (!has_ended()) ::kill(child, SIGKILL);
    }
    return ::waitpid(child, status, 0);
  }

  static Conversation& of(assuan_context_t context) { return *static_cast<Conversation*>(assuan_get_pointer(context)); }

  static ssize_t read_hook(assuan_context_t context, assuan_fd_t descriptor, void* buffer, std::size_t size) {
    return of(context).read(descriptor, buffer, size);
  }
  static pid_t wait_hook(assuan_context_t context, pid_t child, int, int* status, int) {
    return of(context).end(child, status);
  }

  static inline assuan_system_hooks s_hooks = {ASSUAN_SYSTEM_HOOKS_VERSION,
                                               __assuan_usleep,
                                               __assuan_pipe,
                                               __assuan_close,
                                               read_hook,
                                               __assuan_write,
                                               __assuan_recvmsg,
                                               __assuan_sendmsg,
                                               __assuan_spawn,
                                               wait_hook,
                                               __assuan_socketpair,
                                               __assuan_socket,
                                               __assuan_connect};

  const PinentryOptions& m_options;
  const Cancellation& m_cancellation;
  ChildSurface m_surface;
  Clock::time_point m_deadline;
  std::optional<Errc> m_stopped; // Cancelled or Timeout: nothing more is read
  assuan_context_t m_context = nullptr;
};

} // namespace

bool ask_consent(const PinentryOptions& options, const Surface& surface, const Dialog& dialog,
                 const Cancellation& cancellation) {
  Conversation pinentry(options, surface, dialog, cancellation);
  return pinentry.command("CONFIRM") != GPG_ERR_NOT_CONFIRMED;
}

Consent ask_consent_to_keep(const PinentryOptions& options, const ConsentRequest& request, Language language,
                            const Cancellation& cancellation) {
  const auto deadline = Clock::now() + options.timeout;
  try {
    if (ask_consent(options, request.surface, consent_dialog(request, language), cancellation)) return Consent::Once;
    auto left = options;
    left.timeout = std::chrono::ceil<std::chrono::seconds>(deadline - Clock::now());
    if (left.timeout.count() <= 0) throw Error(Errc::Timeout, "no answer in time");
    const bool always = ask_consent(left, request.surface, always_dialog(request, language), cancellation);
    return always ? Consent::Always : Consent::Refused;
  } catch (const Error& error) {
    // Here the button to refuse is the one that closes.
    if (error.code() != Errc::Cancelled || cancellation.requested()) throw;
    return Consent::Refused;
  }
}

std::size_t ask_card(const PinentryOptions& options, const CardRequest& request, Language language,
                     const Cancellation& cancellation) {
  const auto deadline = Clock::now() + options.timeout;
  auto left = options;
  for (std::size_t place = 0; place < request.cards.size(); ++place) {
    left.timeout = std::chrono::ceil<std::chrono::seconds>(deadline - Clock::now());
    if (left.timeout.count() <= 0) throw Error(Errc::Timeout, "no answer in time");
    if (ask_consent(left, request.surface, card_dialog(request, place, language), cancellation)) return place;
  }
  throw Error(Errc::Cancelled, "the user wants none of the cards");
}

SecureBytes ask_pin(const PinentryOptions& options, const Surface& surface, const Dialog& dialog,
                    std::size_t min_length, std::size_t max_length, const Cancellation& cancellation) {
  Conversation pinentry(options, surface, dialog, cancellation);
  for (int attempt = 1; attempt <= pin_attempts; ++attempt) {
    PinSink sink;
    if (pinentry.command("GETPIN", &sink) == GPG_ERR_NOT_CONFIRMED) throw Error(Errc::Cancelled, "refused by the user");
    if (sink.size >= min_length && sink.size <= max_length) {
      sink.octets.truncate(sink.size);
      return std::move(sink.octets);
    }
    pinentry.command("SETERROR " + escaped(dialog.too_short_or_long));
  }
  throw Error(Errc::PinLength,
              "a PIN of " + std::to_string(min_length) + " to " + std::to_string(max_length) + " octets is needed");
}

} // namespace twcard::prompt
