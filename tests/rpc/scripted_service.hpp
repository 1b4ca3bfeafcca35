// A service with a few methods whose only use is to be called by tests, on a thread and in a folder of its own.
#pragma once

#include "rpc/frame.hpp"
#include "rpc/server.hpp"
#include "tests/support/private_folder.hpp"

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace twcard::rpc::testing {

using twcard::testing::PrivateFolder;

// What happened in the service, in order; a test waits for the line that it needs.
class Journal final {
public:
  void add(std::string line);
  // False after 10 s.
  [[nodiscard]] bool wait_for(const std::string& line, int times = 1);

private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<std::string> m_lines;
};

// echo: params and blob come back. wait: answers once `release` is called by anybody. fail: pin_incorrect with 2
// remaining attempts. crash: an exception other than Error. notify {count}: that many notifications, then the answer.
class ScriptedService {
public:
  explicit ScriptedService(ServerLimits limits = {});
  ~ScriptedService();
  ScriptedService(const ScriptedService&) = delete;
  ScriptedService& operator=(const ScriptedService&) = delete;

  [[nodiscard]] std::filesystem::path socket() const;
  [[nodiscard]] Journal& journal();
  void stop();

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

// A plain connection for octets that no client of ours would send.
class RawConnection final {
public:
  explicit RawConnection(const std::filesystem::path& socket);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void send(ByteView octets);
  void send_json(const std::string& json, std::uint32_t blob_size = 0);
  // Blocks for a frame; an empty JSON when the connection has ended or nothing comes for 10 s.
  [[nodiscard]] Frame receive();
  [[nodiscard]] int descriptor() const { return m_socket; }

private:
  int m_socket;
};

} // namespace twcard::rpc::testing
