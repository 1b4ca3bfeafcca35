// A connection to twcardd of one page, or of one site's single requests (site_links.hpp). A page that goes away takes
// with it whatever twcardd was doing for it: an open prompt closes, a queued operation is not started. So does a call
// that is cancelled, alone.
#pragma once

#include "rpc/async_client.hpp"
#include "rpc/wait_list.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace twcard::web {

class ServiceLink final : public std::enable_shared_from_this<ServiceLink> {
public:
  using EventHandler = std::function<void(const boost::json::object& event)>;

  ServiceLink(boost::asio::any_io_executor executor, std::filesystem::path socket, std::string origin);

  // Connects first when there is no connection (any more). The origin is added to the parameters.
  // Throws the service's error; ServiceUnavailable when twcardd cannot be reached or goes away.
  boost::asio::awaitable<rpc::Reply> call(std::string method, boost::json::object params, SecureBytes blob = {});
  // Events come from the next call on, and again after a reconnection.
  void on_event(EventHandler handler);
  // The same, from now on.
  boost::asio::awaitable<void> subscribe(EventHandler handler);
  // The language of the prompts: "en" or "zh-TW". Told to the service before the next call.
  void set_language(std::string language);
  // Whether there was a connection and it has ended: what it told of cards is no longer known.
  [[nodiscard]] bool is_lost() const noexcept;
  // Ends every call that is under way; nothing connects again.
  void close() noexcept;

private:
  struct Turn;

  [[nodiscard]] bool is_ready() const noexcept;
  boost::asio::awaitable<void> make_ready();
  boost::asio::awaitable<void> connect();
  boost::asio::awaitable<void> greet();

  boost::asio::any_io_executor m_executor;
  std::filesystem::path m_socket;
  std::string m_origin;
  std::optional<std::string> m_language;
  std::unique_ptr<rpc::AsyncClient> m_client;
  EventHandler m_on_event;
  rpc::WaitList m_turn; // whoever waits for another call to connect, waits here
  bool m_connecting = false;
  bool m_greeted = false;    // this connection knows the language
  bool m_subscribed = false; // this connection sends events
  bool m_closed = false;
};

} // namespace twcard::web
