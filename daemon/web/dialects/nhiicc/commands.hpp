// What pages can ask in either protocol of the NHIICC dialect: the commands, as calls of the card service.
// Source: docs/dialects/protocol.md, "NHIICC"; docs/service-protocol.md, "Old local protocols".
#pragma once

#include "daemon/web/dialects/nhiicc/codes.hpp"
#include "daemon/web/service/service_link.hpp"
#include "driver/base/secure_bytes.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <utility>
#include <vector>

namespace twcard::web {

namespace nhiicc {
inline constexpr std::string_view version = "0001";
inline constexpr std::size_t signed_size = 20;
// 16 decimal digits, each as likely as another, of the kernel's generator.
[[nodiscard]] std::string random_digits();
} // namespace nhiicc

struct NhiiccAnswer {
  std::string_view code = nhiicc::succeeded;
  // By their names in the HTTP API, in the order in which the text protocol has them; none of a failure. As on the
  // card: the name in UTF-8 with U+FFFD for octets that are not text, dates of the ROC calendar in 7 digits,
  // hexadecimal in upper case.
  std::vector<std::pair<std::string_view, std::string>> members;
  std::string card_number; // of the card that it is of, not for pages; empty: of none
  bool bare = false;       // the text protocol does not say the command's name in front
};

enum class NhiiccArgument {
  None,
  Random,   // 20 characters, printable ASCII and then NUL, which the insurer's site signs
  Password, // at least 6 characters; a space or NUL ends it, 12 of them count
};

// What a command is called in both protocols, and how it is answered.
struct NhiiccCommand {
  std::string_view request; // the prefix by which the text protocol knows it; behind it stands the argument
  std::string_view reply;   // what its reply begins with there
  std::string_view path;    // of the HTTP API
  NhiiccArgument argument;
  NhiiccOperation operation;
  boost::asio::awaitable<NhiiccAnswer> (*answer)(std::shared_ptr<ServiceLink> service, ScrubbedBytes argument);
};

// In the order of a sign-in.
extern const std::array<NhiiccCommand, 6> nhiicc_commands;

// Whatever happens there is an answer: a failure is its code. What the service asks the person ends when this is
// cancelled.
boost::asio::awaitable<NhiiccAnswer> nhiicc_answer(std::shared_ptr<ServiceLink> service, NhiiccCommand command,
                                                   ScrubbedBytes argument);

// Whether it may be the argument Password.
[[nodiscard]] bool is_long_enough(std::string_view password);

} // namespace twcard::web
