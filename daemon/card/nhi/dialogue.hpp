// An NHI card while it is proved to the authentication site: one transaction on the reader's thread, which waits in the
// middle for what the site says. The wait has a limit, and ends with the object.
#pragma once

#include "daemon/card/nhi/authenticator.hpp"
#include "daemon/card/readers/token.hpp"

#include <memory>

namespace twcard::service {

class NhiDialogue final : public CardSide {
public:
  // `limit`: how long the card is held for the site's answer.
  NhiDialogue(boost::asio::any_io_executor executor, std::shared_ptr<const Token> token,
              std::chrono::milliseconds limit);
  ~NhiDialogue() override;
  NhiDialogue(const NhiDialogue&) = delete;
  NhiDialogue& operator=(const NhiDialogue&) = delete;

  [[nodiscard]] boost::asio::awaitable<Opening> open() override;
  [[nodiscard]] boost::asio::awaitable<Bytes> answer(Bytes module_data) override;

private:
  struct State;
  static boost::asio::awaitable<void> run(std::shared_ptr<State> state);

  std::shared_ptr<State> m_state;
};

} // namespace twcard::service
