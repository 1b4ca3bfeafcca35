// What pages can ask in either protocol of the NHIICC dialect: the commands, as calls of the card service.
// Source: docs/dialects/protocol.md, "NHIICC"; docs/service-protocol.md, "Old local protocols".
#pragma once

#include "daemon/web/dialects/nhiicc/codes.hpp"
#include "daemon/web/service/service_link.hpp"
#include "driver/base/secure_bytes.hpp"

#include <utility>
#include <vector>

namespace twcard::web {

namespace nhiicc {
inline constexpr std::string_view version = "0001";
inline constexpr std::size_t signed_size = 20;
// 16 decimal digits, each as likely as another, of the kernel's generator.
[[nodiscard]] std::string random_digits();
} // namespace nhiicc

enum class NhiiccCommand {
  GetVersion,
  GetRandom,
  GetBasic,
  EncryptPassword, // of the password, at least 6 characters of it; a space or NUL ends it, 12 of them count
  EncryptBasic,
  Sign, // of 20 characters, printable ASCII and then NUL, by the insurer's site: 256 characters
};

struct NhiiccAnswer {
  std::string_view code = nhiicc::succeeded;
  // By their names in the HTTP API, in the order in which the text protocol has them; none of a failure. As on the
  // card: the name in UTF-8 with U+FFFD for what is no text, dates of the ROC calendar in 7 digits, hexadecimal in
  // upper case.
  std::vector<std::pair<std::string_view, std::string>> members;
  std::string card_number; // of the card that it is of, not for pages; empty: of none
  bool bare = false;       // the text protocol does not say the command's name in front
};

// Whatever happens there is an answer: a failure is its code. What the service asks the person ends when this is
// cancelled.
boost::asio::awaitable<NhiiccAnswer> nhiicc_answer(std::shared_ptr<ServiceLink> service, NhiiccCommand command,
                                                   ScrubbedBytes argument);

// Whether the password is one for EncryptPassword.
[[nodiscard]] bool is_long_enough(std::string_view password);

} // namespace twcard::web
