// The call of twcardd for one private operation of a card, and the PIN in its blob (docs/service-protocol.md,
// `page_pin`). Control C8 of SECURITY.md: a PIN that a page sends counts only where the person's settings say so.
#pragma once

#include "daemon/web/dialects/hipki/request.hpp"

namespace twcard::web::hipki {

// Which reader and which key; what is not named is twcardd's to find.
struct KeyName {
  std::optional<std::string> reader;
  std::optional<std::string> key;
};

struct PrivateCall {
  boost::json::object params;
  SecureBytes blob;
};

// For `block`, with the page's PIN in front of it where `takes_page_pin` and there is one.
[[nodiscard]] PrivateCall private_call(const Message& message, const KeyName& key, ByteView block, bool takes_page_pin);

} // namespace twcard::web::hipki
