#include "simulator/readers/vpcd_plug.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace twcard::simulator {

namespace {

using namespace std::chrono_literals;

constexpr auto between_connects = 20ms;
// What a hand takes to change cards; the reader looks twice a second whether one is there.
constexpr auto between_cards = 1s;
constexpr auto notice_limit = 3s;
constexpr std::chrono::milliseconds longest_step = 1h; // poll() takes an int

constexpr std::uint8_t control_power_off = 0;
constexpr std::uint8_t control_power_on = 1;
constexpr std::uint8_t control_reset = 2;
constexpr std::uint8_t control_atr = 4;

void set(int socket, int option) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, option, &on, sizeof on);
}

// What has come, without waiting; empty at the end of the connection.
Bytes receive(int socket) {
  Bytes buffer(65538);
  // The kernel forgets the option by itself, hence before and after every read.
  set(socket, TCP_QUICKACK);
  const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
  set(socket, TCP_QUICKACK);
  buffer.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  return buffer;
}

// Length and body in one write. False when the connection has ended.
bool send(int socket, ByteView body) {
  Bytes frame{static_cast<std::uint8_t>(body.size() >> 8), static_cast<std::uint8_t>(body.size() & 0xFF)};
  frame.insert(frame.end(), body.begin(), body.end());
  for (ByteView rest(frame); !rest.empty();) {
    const auto count = ::send(socket, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    rest = rest.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace

VpcdPlug::VpcdPlug(std::uint16_t port, std::shared_ptr<SimulatedCard> card, CardTiming timing,
                   std::shared_ptr<FaultPlayer> faults)
    : m_port(port), m_card(std::move(card)), m_timing(timing), m_faults(std::move(faults)),
      m_stop(::eventfd(0, EFD_CLOEXEC)), m_thread([this] { run(); }) {}

VpcdPlug::~VpcdPlug() {
  unplug();
}

bool VpcdPlug::wait_until_powered(std::chrono::milliseconds limit) {
  std::unique_lock lock(m_mutex);
  m_changed.wait_for(lock, limit, [this] { return m_powered || m_stopped; });
  return m_powered && !m_stopped;
}

void VpcdPlug::unplug() {
  stop();
  std::call_once(m_joined, [this] { m_thread.join(); });
}

bool VpcdPlug::unplugged() {
  const std::lock_guard lock(m_mutex);
  return m_stopped;
}

std::shared_ptr<SimulatedCard> VpcdPlug::card() {
  const std::lock_guard lock(m_mutex);
  return m_card;
}

void VpcdPlug::stop() {
  const std::lock_guard lock(m_mutex);
  m_stopped = true;
  ::eventfd_write(m_stop.get(), 1);
  m_changed.notify_all();
}

bool VpcdPlug::wait_for_input(const Descriptor& socket) const {
  std::array<pollfd, 2> waiting{{{m_stop.get(), POLLIN, 0}, {socket.get(), POLLIN, 0}}};
  while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) continue;
  return waiting[0].revents == 0;
}

void VpcdPlug::run() {
  for (;;) {
    const auto before = card();
    {
      const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (connect(socket)) serve(socket);
    }
    if (!pause(card() == before ? between_connects : between_cards)) return;
  }
}

bool VpcdPlug::connect(const Descriptor& socket) const {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(m_port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return false;
  set(socket.get(), TCP_NODELAY);
  return true;
}

void VpcdPlug::serve(const Descriptor& socket) {
  Bytes buffer;
  while (wait_for_input(socket)) {
    const auto more = receive(socket.get());
    if (more.empty()) return;
    buffer.insert(buffer.end(), more.begin(), more.end());
    std::size_t used = 0;
    for (;;) {
      const auto rest = ByteView(buffer).subspan(used);
      if (rest.size() < 2) break;
      const std::size_t length = static_cast<std::size_t>(rest[0] << 8 | rest[1]);
      if (rest.size() < 2 + length) break;
      if (!answer(socket, rest.subspan(2, length))) return;
      used += 2 + length;
    }
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(used));
  }
  // Half closed, the reader finds the card gone at its next look and closes its side.
  ::shutdown(socket.get(), SHUT_WR);
  const auto deadline = std::chrono::steady_clock::now() + notice_limit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd reader{socket.get(), POLLIN, 0};
    if (left <= 0ms || ::poll(&reader, 1, static_cast<int>(left.count())) <= 0 || receive(socket.get()).empty()) return;
  }
}

bool VpcdPlug::pause(std::chrono::microseconds time) const {
  pollfd stopped{m_stop.get(), POLLIN, 0};
  const auto deadline = std::chrono::steady_clock::now() + time;
  for (auto left = time; left > 0us;
       left = std::chrono::ceil<std::chrono::microseconds>(deadline - std::chrono::steady_clock::now())) {
    const auto step = std::min(std::chrono::ceil<std::chrono::milliseconds>(left), longest_step);
    if (::poll(&stopped, 1, static_cast<int>(step.count())) > 0) return false;
  }
  return true;
}

bool VpcdPlug::answer_command(const Descriptor& socket, ByteView command) {
  const auto asked = card();
  const auto fault = m_faults->next(command);
  if (fault && fault->kind == FaultKind::Remove) {
    stop();
    return false;
  }
  if (fault && fault->kind == FaultKind::Swap) {
    const std::lock_guard lock(m_mutex);
    m_card = fault->card;
    return false;
  }
  if (fault && fault->kind == FaultKind::Atr) asked->answer_reset_with(fault->atr);
  const auto before = asked->counters().private_operations;
  auto response = asked->transmit(command);
  const auto operations = asked->counters().private_operations - before;
  if (!m_timing.none() && !pause(m_timing.of_exchange(command.size(), response.size(), operations))) return false;
  if (fault) {
    response = altered(*fault, std::move(response));
    if (fault->kind == FaultKind::Mute) return true;
    if (fault->kind == FaultKind::Delay && !pause(fault->delay)) return false;
  }
  return send(socket.get(), response);
}

bool VpcdPlug::answer(const Descriptor& socket, ByteView body) {
  if (body.size() != 1) return answer_command(socket, body);
  switch (body[0]) {
  case control_power_off: return true;
  case control_power_on:
  case control_reset: {
    card()->reset();
    const std::lock_guard lock(m_mutex);
    m_powered = true;
    m_changed.notify_all();
    return true;
  }
  case control_atr: return send(socket.get(), card()->atr());
  default: return answer_command(socket, body);
  }
}

} // namespace twcard::simulator
