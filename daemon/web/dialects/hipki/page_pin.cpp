#include "daemon/web/dialects/hipki/page_pin.hpp"

#include <algorithm>

namespace twcard::web::hipki {

PrivateCall private_call(const Message& message, const KeyName& key, ByteView block, bool takes_page_pin) {
  PrivateCall call;
  if (key.reader) call.params["reader"] = *key.reader;
  if (key.key) call.params["key"] = *key.key;
  const auto pin = takes_page_pin ? message.pin() : SecureBytes();
  if (!pin.empty()) {
    call.params["page_pin"] = true;
    call.params["pin_size"] = pin.size();
  }
  call.blob = SecureBytes(pin.size() + block.size());
  std::ranges::copy(pin.view(), call.blob.data());
  std::ranges::copy(block, call.blob.data() + pin.size());
  return call;
}

} // namespace twcard::web::hipki
