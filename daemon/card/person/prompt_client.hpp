// The person behind twcard-prompt. One prompt at a time in the whole service, in order of asking. Each prompt has a
// connection of its own: closing it closes the dialog. A site that asks too often for consents, or for a choice of
// cards, is refused without a prompt (prompt_rate.hpp): ConsentDenied.
#pragma once

#include "daemon/card/person/consent.hpp"
#include "daemon/card/person/prompt_rate.hpp"
#include "rpc/message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>

namespace twcard::service {

class PromptClient final : public Person {
public:
  PromptClient(const boost::asio::any_io_executor& executor, std::filesystem::path socket);
  ~PromptClient() override;

  [[nodiscard]] bool may_be_asked(const std::string& origin) const override;
  [[nodiscard]] boost::asio::awaitable<Consent> approves(ConsentQuestion question) override;
  [[nodiscard]] boost::asio::awaitable<Pin> enters_pin(PinQuestion question) override;
  [[nodiscard]] boost::asio::awaitable<bool> risks_last_try(PinQuestion question) override;
  [[nodiscard]] boost::asio::awaitable<std::size_t> chooses_card(CardQuestion question) override;

private:
  class Queue;
  class Turn;
  [[nodiscard]] boost::asio::awaitable<rpc::Reply> ask(std::string method, boost::json::object params);
  // Without waiting for a turn.
  [[nodiscard]] boost::asio::awaitable<rpc::Reply> show(std::string method, boost::json::object params);
  void require_rate(const std::string& origin) const;

  std::filesystem::path m_socket;
  std::shared_ptr<Queue> m_queue;
  std::shared_ptr<PromptRate> m_rate = std::make_shared<PromptRate>();
};

} // namespace twcard::service
