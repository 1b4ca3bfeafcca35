// What the insurer's authentication site says: as it comes, and enciphered with the right key, since otherwise nothing
// would get past the padding. The first octet chooses the message.
#include "daemon/card/nhi/site_session.hpp"

#include "fuzz/fuzz.hpp"

#include <stdexcept>

using namespace twcard;
using namespace twcard::service;

namespace {

void append(Bytes& octets, std::string_view text) {
  octets.insert(octets.end(), text.begin(), text.end());
}

Bytes sealed(ByteView key, ByteView text) {
  auto message = encrypt_padded(key, text);
  append(message, "<E>");
  return message;
}

// A connection after a right greeting, and both keys of it.
struct Greeted {
  const Bytes link_key = to_bytes(as_bytes("24 octets of a test key."));
  const SiteKeyPair client_keys;
  const SiteKeyPair site_keys;
  const Bytes site_nonce = to_bytes(as_bytes("sixteen octets.."));
  SiteSession session{link_key, client_keys};
  Bytes session_key;

  Greeted() {
    const auto answer = session.take_hello(sealed(link_key, hello()));
    fuzz::require(answer.has_value());
    session_key = site_keys.decrypt(ByteView(*answer).subspan(5, site_rsa_octets)).value();
    session_key.insert(session_key.end(), site_nonce.begin(), site_nonce.end());
    session_key.resize(site_key_octets);
  }
  [[nodiscard]] Bytes hello() const {
    Bytes text;
    append(text, "Hello " + site_keys.public_pem() + " 128 ");
    const auto cipher = encrypt_to(client_keys.public_pem(), site_nonce).value();
    text.insert(text.end(), cipher.begin(), cipher.end());
    return text;
  }
};

// Takes a message, or refuses it in the one way that there is.
template <typename Take>
void takes_or_refuses(Take take) {
  try {
    take();
  } catch (const SiteRefusal&) {
    return;
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Greeted greeted;
  if (size == 0) return 0;
  const auto choice = data[0];
  const ByteView input(data + 1, size - 1);
  const bool enciphered = (choice & 0x80U) != 0;
  const auto under = [&](ByteView key) { return enciphered ? sealed(key, input) : to_bytes(input); };
  takes_or_refuses([&] {
    switch (choice % 4) {
    case 0: {
      SiteSession session(greeted.link_key, greeted.client_keys);
      static_cast<void>(session.take_hello(under(greeted.link_key)));
      break;
    }
    case 1: static_cast<void>(greeted.session.take_health(input)); break;
    case 2:
      if (const auto module_data = greeted.session.take_module_data(under(greeted.session_key)))
        fuzz::require(module_data->size() == 32);
      break;
    default:
      if (const auto signature = greeted.session.take_signature(under(greeted.session_key)))
        fuzz::require(signature->size() == site_signature_octets);
    }
  });
  return 0;
}
