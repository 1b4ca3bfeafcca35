#include "daemon/web/dialects/nhiicc/nhiicc_calls.hpp"

#include "rpc/params.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <sys/random.h>

namespace twcard::web::nhiicc {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t random_size = 16;
constexpr std::size_t min_password_size = 6;
constexpr std::size_t signed_size = 20;
constexpr std::size_t max_member_size = 16 * 1024;

std::string text_of(const json::object& result, std::string_view name) {
  return rpc::optional_string(result, name, max_member_size).value_or("");
}

} // namespace

std::string random_digits() {
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

asio::awaitable<Basic> read_basic(std::shared_ptr<ServiceLink> service) {
  const auto reply = co_await service->call("legacy.nhi_basic", {});
  const auto& result = reply.result;
  Basic basic;
  basic.card_number = text_of(result, "card_number");
  basic.id_number = text_of(result, "id_number");
  basic.name = text_of(result, "name");
  basic.birth_date = text_of(result, "birth_date");
  basic.sex = text_of(result, "sex");
  basic.termination = text_of(result, "termination");
  co_return basic;
}

asio::awaitable<std::string> encrypt_password(std::shared_ptr<ServiceLink> service, std::string password) {
  auto blob = SecureBytes::copy_of(as_bytes(password));
  const auto reply = co_await service->call("legacy.nhi_encrypt_password", {}, std::move(blob));
  co_return text_of(reply.result, "encrypted");
}

asio::awaitable<Encrypted> encrypt_basic(std::shared_ptr<ServiceLink> service) {
  const auto reply = co_await service->call("legacy.nhi_encrypt_basic", {});
  const auto* prefixed = reply.result.if_contains("prefixed");
  Encrypted encrypted;
  encrypted.hex = text_of(reply.result, "encrypted");
  encrypted.prefixed = prefixed != nullptr && prefixed->is_bool() && prefixed->get_bool();
  co_return encrypted;
}

asio::awaitable<std::string> sign(std::shared_ptr<ServiceLink> service, std::string random) {
  const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (random.size() != signed_size || !std::all_of(random.begin(), random.end(), printable))
    throw Error(Errc::BadRequest, "random: 20 printable ASCII characters");
  json::object params{{"random", random}};
  const auto reply = co_await service->call("legacy.nhi_sign", std::move(params));
  co_return text_of(reply.result, "signature");
}

} // namespace twcard::web::nhiicc
