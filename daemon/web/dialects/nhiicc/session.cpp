#include "daemon/web/dialects/nhiicc/session.hpp"

#include "daemon/web/dialects/nhiicc/commands.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace twcard::web {

namespace asio = boost::asio;

namespace {

// The values with commas between them.
std::string joined(const NhiiccAnswer& answer) {
  std::string text;
  for (const auto& member : answer.members) text += member.second + ",";
  if (!text.empty()) text.pop_back();
  return text;
}

} // namespace

asio::awaitable<std::string> nhiicc_reply(std::shared_ptr<ServiceLink> service, std::string request) {
  const auto* command =
      std::ranges::find_if(nhiicc_commands, [&](const auto& each) { return request.starts_with(each.request); });
  if (command == nhiicc_commands.end()) co_return std::string(nhiicc::unknown_command);
  ScrubbedBytes argument(request.begin() + static_cast<std::ptrdiff_t>(command->request.size()), request.end());
  wipe(request.data(), request.size()); // a password may be in it
  const auto is_line_end = [&] { return as_text(argument).ends_with('\n') || as_text(argument).ends_with('\r'); };
  if (command->argument == NhiiccArgument::Random) {
    while (is_line_end()) argument.pop_back();
    argument.resize(nhiicc::signed_size); // cut, or padded with NUL, as the old component does
  }
  const auto answer = co_await nhiicc_answer(std::move(service), *command, std::move(argument));
  if (answer.code != nhiicc::succeeded) co_return std::string(answer.code);
  co_return (answer.bare ? "" : std::string(command->reply)) + joined(answer);
}

NhiiccSession::NhiiccSession(asio::any_io_executor executor, const std::filesystem::path& service_socket,
                             const std::string& origin, std::weak_ptr<Page> page)
    : m_executor(executor), m_page(std::move(page)),
      m_service(std::make_shared<ServiceLink>(std::move(executor), service_socket, origin)) {}

void NhiiccSession::received(std::string message) {
  if (m_requests.size() > max_waiting) {
    if (const auto page = m_page.lock()) page->close(CloseCode::PolicyViolation, "too many requests at once");
    return;
  }
  m_requests.push_back(std::move(message));
  if (m_requests.size() == 1) asio::co_spawn(m_executor, answer_all(shared_from_this()), asio::detached);
}

void NhiiccSession::ended() noexcept {
  m_ended = true;
  m_service->close();
}

asio::awaitable<void> NhiiccSession::answer_all(std::shared_ptr<NhiiccSession> self) {
  while (!self->m_requests.empty() && !self->m_ended) {
    auto reply = co_await nhiicc_reply(self->m_service, std::move(self->m_requests.front()));
    self->m_requests.pop_front();
    if (const auto page = self->m_page.lock()) page->send(std::move(reply));
  }
}

} // namespace twcard::web
