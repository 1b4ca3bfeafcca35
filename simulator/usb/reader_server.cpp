#include "simulator/usb/reader_server.hpp"

#include "driver/base/descriptor.hpp"
#include "driver/base/error.hpp"
#include "simulator/issuing/card_file.hpp"
#include "simulator/usb/measuring_card.hpp"
#include "simulator/usb/plugged.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <poll.h>
#include <sstream>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace twcard::simulator {

namespace {

Descriptor listen_on(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof address.sun_path) throw Error(Errc::BadRequest, text + ": too long for a socket");
  std::copy(text.begin(), text.end(), address.sun_path);
  ::unlink(text.c_str());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0 || ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), 4) != 0)
    throw Error(Errc::BadRequest, text + ": " + std::strerror(errno));
  return socket;
}

unsigned number_of(std::istringstream& words, const char* what) {
  unsigned number = 0;
  if (!(words >> number)) throw Error(Errc::BadRequest, std::string("missing: ") + what);
  return number;
}

constexpr unsigned longest_field = 254;

std::uint8_t field_size_of(std::istringstream& words, const char* what) {
  const unsigned size = number_of(words, what);
  if (size < 1 || size > longest_field) throw Error(Errc::BadRequest, std::string(what) + ": 1 to 254");
  return static_cast<std::uint8_t>(size);
}

class Server {
public:
  Server(const std::vector<PluggedReader>& readers, const std::filesystem::path& control)
      : m_control(listen_on(control)) {
    for (const PluggedReader& reader : readers) {
      m_readers.push_back({make_plugged(reader.kind, reader.plugged), listen_on(reader.socket)});
      if (!reader.card.empty()) m_readers.back().plugged->insert(card_from_file(reader.card), std::nullopt);
    }
  }

  void run() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    const Descriptor ending(::signalfd(-1, &signals, SFD_CLOEXEC));
    std::cout << "ready" << std::endl;
    for (;;) {
      std::vector<pollfd> watched{{ending.get(), POLLIN, 0}, {m_control.get(), POLLIN, 0}, {m_caller.get(), POLLIN, 0}};
      for (const Entry& entry : m_readers) {
        watched.push_back({entry.listener.get(), POLLIN, 0});
        const short events = entry.plugged->wants_to_write() ? POLLIN | POLLOUT : POLLIN;
        watched.push_back({entry.plugged->socket(), events, 0});
      }
      if (::poll(watched.data(), watched.size(), -1) < 0) continue;
      if (watched[0].revents != 0) return;
      if (watched[1].revents != 0)
        m_caller = Descriptor(::accept(m_control.get(), nullptr, nullptr));
      else if (watched[2].revents != 0)
        read_control();
      for (std::size_t index = 0; index < m_readers.size(); ++index) {
        Entry& entry = m_readers[index];
        const pollfd& listener = watched[3 + 2 * index];
        const pollfd& connection = watched[4 + 2 * index];
        if (connection.revents != 0 && entry.plugged->socket() == connection.fd) entry.plugged->serve();
        if (listener.revents != 0) entry.plugged->connect(::accept(entry.listener.get(), nullptr, nullptr));
      }
    }
  }

private:
  struct Entry {
    std::unique_ptr<Plugged> plugged;
    Descriptor listener;
  };

  void read_control() {
    std::array<char, 512> buffer{};
    const auto got = ::read(m_caller.get(), buffer.data(), buffer.size());
    if (got <= 0) {
      m_caller = Descriptor();
      m_line.clear();
      return;
    }
    m_line.append(buffer.data(), static_cast<std::size_t>(got));
    for (auto end = m_line.find('\n'); end != std::string::npos; end = m_line.find('\n')) {
      const std::string answer = obey(m_line.substr(0, end)) + "\n";
      m_line.erase(0, end + 1);
      if (::write(m_caller.get(), answer.data(), answer.size()) < 0) m_caller = Descriptor();
    }
  }

  std::string obey(const std::string& line) {
    try {
      std::istringstream words(line);
      std::string order;
      words >> order;
      const unsigned index = number_of(words, "number of the reader");
      if (index >= m_readers.size()) throw Error(Errc::BadRequest, "no such reader");
      return carry_out(order, *m_readers[index].plugged, words);
    } catch (const std::exception& error) {
      return std::string("error ") + error.what();
    }
  }

  static std::string carry_out(const std::string& order, Plugged& reader, std::istringstream& words) {
    if (order == "insert") {
      std::string file;
      words >> file;
      reader.insert(card_from_file(file), std::nullopt);
    } else if (order == "measure") {
      T1Habits habits{.field_size = field_size_of(words, "field size")};
      habits.extensions = static_cast<int>(number_of(words, "number of extensions"));
      const unsigned field = number_of(words, "new field size");
      if (field > longest_field) throw Error(Errc::BadRequest, "new field size: 0 or 1 to 254");
      habits.new_field_size = static_cast<std::uint8_t>(field);
      reader.insert(make_measuring_card(habits.field_size), habits);
    } else if (order == "remove") {
      reader.remove();
    } else if (order == "plug") {
      reader.plug();
    } else if (order == "unplug") {
      unsigned messages = 0;
      words >> messages;
      reader.unplug(messages);
    } else if (order == "fault") {
      const unsigned rate = number_of(words, "rate");
      reader.set_fault(rate, number_of(words, "seed"));
    } else if (order == "apdus" || order == "verifies") {
      const auto card = reader.card();
      if (!card) throw Error(Errc::BadRequest, "no card in the reader");
      const Counters counters = card->counters();
      return "ok " + std::to_string(order == "apdus" ? counters.apdus : counters.verifies);
    } else {
      throw Error(Errc::BadRequest, "no such order");
    }
    return "ok";
  }

  Descriptor m_control;
  Descriptor m_caller;
  std::string m_line;
  std::vector<Entry> m_readers;
};

} // namespace

void serve_readers(const std::vector<PluggedReader>& readers, const std::filesystem::path& control) {
  Server(readers, control).run();
}

} // namespace twcard::simulator
