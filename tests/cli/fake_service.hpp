// A twcardd whose answers a test writes: the real server end of rpc/ on a socket of its own, with a card that is made
// of nothing but these answers.
#pragma once

#include "rpc/message.hpp"
#include "tests/cli/child_program.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace twcard::cli::testing {

struct SeenRequest {
  std::string method;
  boost::json::object params;
  Bytes blob;
};

class FakeService final {
public:
  using Answer = std::function<rpc::Reply(const SeenRequest& request)>;

  // Answers `hello`; everything else is `bad_request` until on() says otherwise.
  FakeService();
  ~FakeService();
  FakeService(const FakeService&) = delete;
  FakeService& operator=(const FakeService&) = delete;

  // Throwing Error from `answer` answers with that error.
  void on(const std::string& method, Answer answer);
  void on(const std::string& method, const std::string& json);
  void fail(const std::string& method, Error error);

  // Sends a notification to everybody who is connected.
  void notify(const std::string& json);
  // Ends all connections.
  void stop();

  // Runs `twcard` against this service.
  [[nodiscard]] Outcome run(const std::vector<std::string>& arguments, const Environment& environment = {}) const;
  [[nodiscard]] Environment environment() const;
  [[nodiscard]] const PrivateFolder& folder() const;

  [[nodiscard]] std::vector<SeenRequest> requests() const;
  // The last request with this method; fails the test when there was none.
  [[nodiscard]] SeenRequest request(const std::string& method) const;

private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

// One JSON object, as standard output holds it with --json.
[[nodiscard]] boost::json::object json_of(const std::string& text);

} // namespace twcard::cli::testing
