// The methods of the native protocol as service calls. Source: docs/protocol.md, "Messages" and "The token".
//
// Parameters are checked here first, so that a message that cannot be right costs no call and no prompt; what a page
// may learn about cards is decided by the service, which asks the person.
#pragma once

#include "daemon/web/dialects/native/message.hpp"
#include "daemon/web/service/service_link.hpp"

namespace twcard::web {

class NativeDialect final {
public:
  // `on_event` gets the text of an event message once the page has asked for events.
  NativeDialect(std::shared_ptr<ServiceLink> service, std::function<void(std::string)> on_event);

  // The text of the answer, whatever happens: errors are also answers. May be called while others are under way; this
  // object has to live until it is done.
  boost::asio::awaitable<std::string> answer(NativeRequest request);

private:
  using Result = boost::asio::awaitable<boost::json::object>;
  using Method = Result (NativeDialect::*)(boost::json::object params);

  [[nodiscard]] static Method method_named(std::string_view name);

  Result hello(boost::json::object params);
  Result read_nhi(boost::json::object params);
  Result authenticate_nhi(boost::json::object params);
  Result certificates(boost::json::object params);
  Result authenticate(boost::json::object params);
  Result sign(boost::json::object params);
  Result events(boost::json::object params);

  std::shared_ptr<ServiceLink> m_service;
  std::function<void(std::string)> m_on_event;
};

} // namespace twcard::web
