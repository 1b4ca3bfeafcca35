// A card service that does what a test tells it: readers and cards come and go, answers are held back, connections are
// counted. It speaks through rpc::Server, in a thread of its own.
#pragma once

#include "rpc/server.hpp"
#include "tests/pkcs11/operations/software_card.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <set>
#include <thread>

namespace twcard::tests {

class FakeService final : public rpc::Handler {
public:
  FakeService(); // listens; $TWCARD_SOCKET is set to its socket
  ~FakeService() override;

  // Each returns when all connections have been notified.
  void add_reader(const std::string& reader);
  void remove_reader(const std::string& reader);
  void insert(const std::string& reader, const std::string& state = "ready");
  void finish_reading(const std::string& reader);
  void remove(const std::string& reader);
  // What the person does at a prompt: enters the right PIN, or closes it.
  void set_person(bool enters) { m_person_enters = enters; }
  void set_tries_left(std::optional<int> tries);
  void set_label(std::string label); // of cards that are inserted from now on
  // Private operations wait until released (or until their connection ends).
  void hold() { m_held = true; }
  void release() { m_held = false; }
  void forget_logins(); // as if a held PIN had been refused
  void stop();          // the service ends
  void start();         // and comes back

  [[nodiscard]] static const SoftwareCard& card();
  [[nodiscard]] int calls(const std::string& method); // how many came in
  [[nodiscard]] std::string last_pin();
  [[nodiscard]] std::size_t connections();
  [[nodiscard]] std::size_t logins(); // connections that are logged in

  void opened(const std::shared_ptr<rpc::Session>& session) override;
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>& session) override;

private:
  struct Reader {
    std::string state = "empty";
    std::string insertion;
  };

  void do_and_wait(const std::function<void()>& action);
  void tell(const std::string& type, const std::string& reader);
  [[nodiscard]] boost::json::object listing() const;
  void require_insertion(const boost::json::object& params) const;
  rpc::Reply login(const std::shared_ptr<rpc::Session>& session, rpc::Request& request);
  boost::asio::awaitable<void> while_held();

  std::filesystem::path m_socket;
  std::unique_ptr<boost::asio::io_context> m_context;
  std::unique_ptr<rpc::Server> m_server;
  std::thread m_thread;
  std::atomic<bool> m_held{false};
  std::atomic<bool> m_person_enters{true};
  // The service thread's own from here on.
  std::map<std::string, Reader> m_readers;
  std::optional<std::string> m_label;
  std::optional<int> m_tries_left;
  std::set<std::shared_ptr<rpc::Session>> m_sessions;
  std::set<std::shared_ptr<rpc::Session>> m_subscribers;
  std::set<std::shared_ptr<rpc::Session>> m_logged_in;
  std::map<std::string, int> m_calls;
  std::string m_last_pin;
  int m_last_insertion = 0;
};

} // namespace twcard::tests
