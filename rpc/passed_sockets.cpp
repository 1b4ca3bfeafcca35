#include "rpc/passed_sockets.hpp"

#include "driver/base/error.hpp"

#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/socket.h>

namespace twcard::rpc {

namespace {

constexpr int first_passed_descriptor = 3;

std::string taken_from_environment(const char* variable) {
  const char* value = std::getenv(variable);
  std::string text = value != nullptr ? value : "";
  ::unsetenv(variable);
  return text;
}

} // namespace

std::optional<int> count_passed_sockets() {
  const auto process = taken_from_environment("LISTEN_PID");
  const auto count = taken_from_environment("LISTEN_FDS");
  ::unsetenv("LISTEN_FDNAMES");
  if (count.empty() || process != std::to_string(::getpid())) return std::nullopt;
  int number = -1;
  const auto [end, failure] = std::from_chars(count.data(), count.data() + count.size(), number);
  if (failure != std::errc() || end != count.data() + count.size() || number < 0)
    throw Error(Errc::ServiceUnavailable, "socket activation passed an invalid number of sockets");
  return number;
}

PassedSocket passed_socket(int index) {
  PassedSocket passed{Descriptor(first_passed_descriptor + index), AF_UNSPEC};
  const int descriptor = passed.descriptor.get();
  int listens = 0;
  socklen_t size = sizeof listens;
  sockaddr_storage address{};
  socklen_t address_size = sizeof address;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0 ||
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &address_size) != 0)
    throw Error(Errc::ServiceUnavailable, "socket activation passed something else than a listening socket");
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  passed.family = address.ss_family;
  return passed;
}

} // namespace twcard::rpc
