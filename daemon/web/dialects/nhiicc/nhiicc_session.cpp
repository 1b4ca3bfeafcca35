#include "daemon/web/dialects/nhiicc/nhiicc_session.hpp"

#include "daemon/web/dialects/nhiicc/nhiicc_calls.hpp"
#include "daemon/web/dialects/nhiicc/nhiicc_codes.hpp"
#include "driver/base/log.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace twcard::web {

namespace asio = boost::asio;

namespace {

using Service = std::shared_ptr<ServiceLink>;

asio::awaitable<std::string> get_version(Service, std::string) {
  co_return "GetVersion:" + std::string(nhiicc::version);
}

asio::awaitable<std::string> get_random(Service, std::string) {
  co_return "GetRandom:" + nhiicc::random_digits();
}

asio::awaitable<std::string> get_basic(Service service, std::string) {
  const auto basic = co_await nhiicc::read_basic(std::move(service));
  co_return "GetBasic:" + basic.card_number + "," + basic.id_number + "," + basic.name + "," + basic.birth_date + "," +
      basic.sex + "," + basic.termination;
}

asio::awaitable<std::string> encrypt(Service service, std::string password) {
  if (!nhiicc::is_long_enough(password)) co_return std::string(nhiicc::password_too_short);
  const auto hex = co_await nhiicc::encrypt_password(std::move(service), std::move(password));
  co_return "EnCrypt:" + hex;
}

asio::awaitable<std::string> secure_get_basic(Service service, std::string) {
  const auto encrypted = co_await nhiicc::encrypt_basic(std::move(service));
  co_return (encrypted.prefixed ? "SecureGetBasicWithParam:" : "") + encrypted.hex;
}

asio::awaitable<std::string> sign(Service service, std::string random) {
  while (random.ends_with('\n') || random.ends_with('\r')) random.pop_back();
  const auto signature = co_await nhiicc::sign(std::move(service), std::move(random));
  co_return "H_Sign:" + signature;
}

struct Command {
  std::string_view prefix;
  NhiiccOperation operation;
  asio::awaitable<std::string> (*answer)(Service service, std::string rest);
};

constexpr std::array<Command, 6> commands = {{
    {"GetVersion", NhiiccOperation::Reading, get_version},
    {"GetRandom", NhiiccOperation::Reading, get_random},
    {"GetBasic", NhiiccOperation::Reading, get_basic},
    {"EnCrypt?Pwd=", NhiiccOperation::Reading, encrypt},
    {"SecureGetBasicWithParam?Pwd=", NhiiccOperation::Reading, secure_get_basic},
    {"H_Sign?Random=", NhiiccOperation::Signing, sign},
}};

asio::awaitable<std::string> answer_of(const Command& command, Service service, std::string rest) {
  try {
    co_return co_await command.answer(std::move(service), std::move(rest));
  } catch (const Error& error) {
    log::info("web", "NHIICC {}: {}", command.prefix, name_of(error.code()));
    co_return std::string(nhiicc_code(error, command.operation));
  } catch (const std::exception& exception) {
    log::error("web", "NHIICC {}: {}", command.prefix, exception.what());
    co_return std::string(nhiicc::unexpected);
  }
}

} // namespace

asio::awaitable<std::string> nhiicc_reply(std::shared_ptr<ServiceLink> service, std::string request) {
  for (const auto& command : commands)
    if (request.starts_with(command.prefix))
      co_return co_await answer_of(command, std::move(service), request.substr(command.prefix.size()));
  co_return std::string(nhiicc::unknown_command);
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
    auto reply = co_await nhiicc_reply(self->m_service, self->m_requests.front());
    self->m_requests.pop_front();
    if (const auto page = self->m_page.lock()) page->send(std::move(reply));
  }
}

} // namespace twcard::web
