// The service behind twcard-prompt's socket: prompt.consent, prompt.card, prompt.last_try and prompt.pin, one dialog at
// a time. Source: docs/service-protocol.md, "twcard-prompt".
//
// The dialog runs on a thread of its own, since libassuan blocks. A request whose connection ends closes its dialog;
// one that still waited for its turn is not shown at all.
#pragma once

#include "daemon/prompt/pinentry.hpp"
#include "rpc/server.hpp"

#include <boost/asio/thread_pool.hpp>
#include <functional>

namespace twcard::prompt {

class PromptHandler final : public rpc::Handler {
public:
  explicit PromptHandler(PinentryOptions options) : m_options(std::move(options)) {}
  // Blocks until an open dialog has ended; the server is to be stopped before.
  ~PromptHandler() override;

  void opened(const std::shared_ptr<rpc::Session>&) override {}
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>&) override {}

private:
  using Question = std::function<rpc::Reply(const Cancellation&)>;

  [[nodiscard]] Question question_of(const rpc::Request& request) const;
  boost::asio::awaitable<rpc::Reply> answer_to(Question question);

  PinentryOptions m_options;
  boost::asio::thread_pool m_person{1};
};

} // namespace twcard::prompt
