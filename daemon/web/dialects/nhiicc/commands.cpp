#include "daemon/web/dialects/nhiicc/commands.hpp"

#include "driver/base/log.hpp"
#include "rpc/params.hpp"

#include <algorithm>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>
#include <sys/random.h>

namespace twcard::web {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t random_size = 16;
constexpr std::size_t min_password_size = 6;
constexpr std::size_t max_member_size = 16 * 1024;

using Service = std::shared_ptr<ServiceLink>;

std::string text_of(const json::object& result, std::string_view name) {
  return rpc::optional_string(result, name, max_member_size).value_or("");
}

NhiiccAnswer answer_with(std::string_view name, std::string value) {
  NhiiccAnswer answer;
  answer.members.emplace_back(name, std::move(value));
  return answer;
}

// With a member of the service's answer.
NhiiccAnswer card_answer(std::string_view name, const json::object& result, std::string_view of_service) {
  auto answer = answer_with(name, text_of(result, of_service));
  answer.card_number = text_of(result, "card_number");
  return answer;
}

asio::awaitable<NhiiccAnswer> get_version(Service, ScrubbedBytes) {
  co_return answer_with("version", std::string(nhiicc::version));
}

asio::awaitable<NhiiccAnswer> get_random(Service, ScrubbedBytes) {
  co_return answer_with("random", nhiicc::random_digits());
}

asio::awaitable<NhiiccAnswer> get_basic(Service service, ScrubbedBytes) {
  constexpr std::array<std::pair<const char*, const char*>, 6> names = {{{"card_no", "card_number"},
                                                                         {"as_id", "id_number"},
                                                                         {"name", "name"},
                                                                         {"birthday", "birth_date"},
                                                                         {"sex", "sex"},
                                                                         {"card_termination", "termination"}}};
  const auto reply = co_await service->call("legacy.nhi_basic", {});
  NhiiccAnswer answer;
  answer.card_number = text_of(reply.result, "card_number");
  for (const auto& [name, of_service] : names) answer.members.emplace_back(name, text_of(reply.result, of_service));
  co_return answer;
}

asio::awaitable<NhiiccAnswer> encrypt_password(Service service, ScrubbedBytes password) {
  if (!is_long_enough(as_text(password))) co_return NhiiccAnswer{nhiicc::password_too_short, {}, {}, false};
  auto blob = SecureBytes::copy_of(password);
  const auto reply = co_await service->call("legacy.nhi_encrypt_password", {}, std::move(blob));
  co_return card_answer("pwd", reply.result, "encrypted");
}

asio::awaitable<NhiiccAnswer> encrypt_basic(Service service, ScrubbedBytes) {
  const auto reply = co_await service->call("legacy.nhi_encrypt_basic", {});
  auto answer = card_answer("basic", reply.result, "encrypted");
  const auto* prefixed = reply.result.if_contains("prefixed");
  answer.bare = prefixed == nullptr || !prefixed->is_bool() || !prefixed->get_bool();
  co_return answer;
}

asio::awaitable<NhiiccAnswer> sign(Service service, ScrubbedBytes argument) {
  const std::string random(as_text(argument));
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  const auto end = std::find(random.begin(), random.end(), '\0');
  if (random.size() != nhiicc::signed_size || !std::all_of(random.begin(), end, printable) ||
      std::any_of(end, random.end(), [](char c) { return c != '\0'; }))
    throw Error(Errc::BadRequest, "random: 20 printable ASCII characters");
  json::object params{{"random", random}};
  const auto reply = co_await service->call("legacy.nhi_sign", std::move(params));
  co_return card_answer("sign", reply.result, "signature");
}

} // namespace

constexpr std::array<NhiiccCommand, 6> nhiicc_commands = {{
    {"GetVersion", "GetVersion:", "/api/GetVersion", NhiiccArgument::None, NhiiccOperation::Reading, get_version},
    {"GetRandom", "GetRandom:", "/api/GetRandom", NhiiccArgument::None, NhiiccOperation::Reading, get_random},
    {"GetBasic", "GetBasic:", "/api/GetBasic", NhiiccArgument::None, NhiiccOperation::Reading, get_basic},
    {"H_Sign?Random=", "H_Sign:", "/api/SignHC", NhiiccArgument::Random, NhiiccOperation::Signing, sign},
    {"EnCrypt?Pwd=", "EnCrypt:", "/api/EncryptPwd", NhiiccArgument::Password, NhiiccOperation::Reading,
     encrypt_password},
    {"SecureGetBasicWithParam?Pwd=", "SecureGetBasicWithParam:", "/api/GetEncryptBasic", NhiiccArgument::None,
     NhiiccOperation::Reading, encrypt_basic},
}};

std::string nhiicc::random_digits() {
  // The octets from here on are left out: the first digits would come more often than the last.
  constexpr std::uint8_t limit = 250;
  std::string digits;
  while (digits.size() < random_size) {
    std::array<std::uint8_t, random_size> octets{};
    if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
      throw Error(Errc::Internal, "the kernel has no random numbers");
    for (const auto octet : octets)
      if (octet < limit && digits.size() < random_size) digits += static_cast<char>('0' + octet % 10);
  }
  return digits;
}

bool is_long_enough(std::string_view password) {
  constexpr std::string_view ends(" \0", 2);
  return std::min(password.find_first_of(ends), password.size()) >= min_password_size;
}

asio::awaitable<NhiiccAnswer> nhiicc_answer(Service service, NhiiccCommand command, ScrubbedBytes argument) {
  NhiiccAnswer failed;
  try {
    co_return co_await command.answer(std::move(service), std::move(argument));
  } catch (const boost::system::system_error&) {
    throw; // cancelled: nobody waits for the answer
  } catch (const Error& error) {
    log::info("web", "NHIICC {} {}", command.reply, name_of(error.code()));
    failed.code = nhiicc_code(error, command.operation);
  } catch (const std::exception& exception) {
    log::error("web", "NHIICC {} {}", command.reply, exception.what());
    failed.code = nhiicc::unexpected;
  }
  co_return failed;
}

} // namespace twcard::web
