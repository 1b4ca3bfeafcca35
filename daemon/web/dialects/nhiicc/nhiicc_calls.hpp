// What both protocols of the NHIICC dialect ask of the card service. Source: docs/service-protocol.md, "Old local
// protocols". Everything throws the service's Error; nhiicc_codes.hpp has what it becomes.
#pragma once

#include "daemon/web/service_link.hpp"

namespace twcard::web::nhiicc {

inline constexpr std::string_view version = "0001";

// As on the card; the name in UTF-8 with U+FFFD for what is no text, dates of the ROC calendar in 7 digits.
struct Basic {
  std::string card_number;
  std::string id_number;
  std::string name;
  std::string birth_date;
  std::string sex;
  std::string termination; // one character, or none
};

struct Encrypted {
  std::string hex;
  bool prefixed = false; // whether this card's sites want the command's name in front
};

// 16 decimal digits, each as likely as another, of the kernel's generator.
[[nodiscard]] std::string random_digits();
// Whether the password is one for EnCrypt: at least 6 characters; a space or NUL ends it.
[[nodiscard]] bool is_long_enough(std::string_view password);

boost::asio::awaitable<Basic> read_basic(std::shared_ptr<ServiceLink> service);
// Upper-case hex. The service cuts the password after 12 characters.
boost::asio::awaitable<std::string> encrypt_password(std::shared_ptr<ServiceLink> service, std::string password);
boost::asio::awaitable<Encrypted> encrypt_basic(std::shared_ptr<ServiceLink> service);
// 256 characters, of the insurer's site. Throws Error(BadRequest) unless `random` is 20 printable ASCII characters.
boost::asio::awaitable<std::string> sign(std::shared_ptr<ServiceLink> service, std::string random);

} // namespace twcard::web::nhiicc
