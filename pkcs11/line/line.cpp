#include "pkcs11/line/line.hpp"

#include "pkcs11/line/inherited.hpp"
#include "rpc/language.hpp"
#include "rpc/socket_path.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace twcard::pkcs11 {

namespace {

constexpr std::chrono::seconds hello_limit{10};
constexpr std::chrono::seconds frame_limit{10};

constexpr std::size_t max_setting = 255;

// A variable of the program's environment, if the service would take it: one that it refuses must not cost the
// program its card.
std::optional<std::string_view> setting(const char* variable) {
  const char* value = std::getenv(variable);
  const std::string_view text = value != nullptr ? value : "";
  const bool plain = std::ranges::all_of(text, [](char octet) { return octet >= ' ' && octet <= '~'; });
  return text.empty() || text.size() > max_setting || !plain ? std::nullopt : std::optional(text);
}

// Where and in which language the service asks the person, when this program logs in without a PIN.
boost::json::object surface() {
  boost::json::object surface;
  constexpr std::pair<const char*, const char*> places[] = {
      {"display", "DISPLAY"}, {"wayland_display", "WAYLAND_DISPLAY"}, {"xauthority", "XAUTHORITY"}, {"term", "TERM"}};
  for (const auto& [member, variable] : places)
    if (const auto value = setting(variable)) surface[member] = *value;
  if (const auto language = rpc::language_of_locale()) surface["language"] = tag_of(*language);
  std::array<char, max_setting> tty{};
  if (::ttyname_r(STDIN_FILENO, tty.data(), tty.size()) == 0) surface["tty"] = tty.data();
  return surface;
}

bool readable(int descriptor) noexcept {
  pollfd poll{descriptor, POLLIN, 0};
  return ::poll(&poll, 1, 0) > 0;
}

} // namespace

Line::~Line() {
  close();
}

bool Line::open() {
  if (m_client) return false;
  m_client.emplace(rpc::Client::connect(rpc::card_socket()));
  const int socket = m_client->descriptor();
  inherited::remember(socket);
  {
    const std::lock_guard lock(m_cut_mutex);
    m_twin.reset(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
    inherited::remember(m_twin.get());
    if (m_cut && m_twin.is_open()) ::shutdown(m_twin.get(), SHUT_RDWR);
  }
  call("hello", {{"client", "twcard-pkcs11"}, {"version", TWCARD_VERSION}, {"ui", surface()}}, {}, hello_limit);
  return true;
}

void Line::close() noexcept {
  if (!m_client) return;
  // The service has to see the end at once, though a forked child may hold the socket as well.
  const std::lock_guard lock(m_cut_mutex);
  if (m_twin.is_open()) ::shutdown(m_twin.get(), SHUT_RDWR);
  inherited::forget(m_twin.get());
  m_twin.reset();
  inherited::forget(m_client->descriptor());
  m_client.reset();
}

rpc::Reply Line::call(std::string_view method, boost::json::object params, SecureBytes blob,
                      std::chrono::milliseconds limit) {
  if (!m_client) throw Error(Errc::ServiceUnavailable, "the line to the card service is closed");
  const int socket = m_client->descriptor();
  try {
    return m_client->call(method, std::move(params), std::move(blob), limit);
  } catch (...) {
    // The client closes its socket when an answer is not to be had any more.
    if (m_client->descriptor() < 0) {
      inherited::forget(socket);
      close();
    }
    throw;
  }
}

std::optional<rpc::Notification> Line::arrived() {
  if (!m_client) throw Error(Errc::ServiceUnavailable, "the line to the card service is closed");
  if (auto kept = m_client->next_notification(std::chrono::milliseconds(0))) return kept;
  if (!readable(m_client->descriptor())) return std::nullopt;
  return m_client->next_notification(frame_limit);
}

Descriptor Line::duplicate() const noexcept {
  return Descriptor(m_client ? ::fcntl(m_client->descriptor(), F_DUPFD_CLOEXEC, 0) : -1);
}

void Line::cut() noexcept {
  const std::lock_guard lock(m_cut_mutex);
  m_cut = true;
  if (m_twin.is_open()) ::shutdown(m_twin.get(), SHUT_RDWR);
}

} // namespace twcard::pkcs11
