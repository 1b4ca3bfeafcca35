// What a page sends to the HiPKI interface: the message of the popup, and the form field of /sign and /decrypt.
#include "daemon/web/dialects/hipki/request.hpp"

#include "fuzz/fuzz.hpp"

using namespace twcard;
using namespace twcard::web::hipki;

namespace {

void take(const Message& message) {
  fuzz::parses_or_refuses(Errc::BadRequest, [&] { static_cast<void>(message.function()); });
  fuzz::parses_or_refuses(Errc::BadRequest, [&] {
    const auto request = message.sign_request();
    fuzz::require(request.nonce.size() <= 256 && crypto::hash_size(request.hash_function) >= 20);
  });
  fuzz::parses_or_refuses(Errc::BadRequest, [&] { fuzz::require(message.decrypt_request().cipher.size() <= 512); });
  fuzz::parses_or_refuses(Errc::BadRequest, [&] { static_cast<void>(message.reader()); });
  fuzz::parses_or_refuses(Errc::BadRequest, [&] { static_cast<void>(message.key()); });
  fuzz::parses_or_refuses(Errc::BadRequest, [&] { static_cast<void>(message.pin()); });
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(as_text({data, size}));
  if (const auto message = Message::parse(text)) take(*message);
  if (const auto message = Message::parse_form(text)) take(*message);
  if (const auto message = Message::parse_form("tbsPackage=" + text)) take(*message);
  return 0;
}
