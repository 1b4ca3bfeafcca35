#include "simulator/site/conversation.hpp"

#include "driver/base/error.hpp"
#include "simulator/crypto/crypto.hpp"

#include <algorithm>

namespace twcard::simulator {

namespace {

constexpr std::string_view terminator = "<E>";
constexpr std::string_view greeting = "Hello ";
constexpr std::string_view nonce_mark = " 128 ";
constexpr std::size_t rsa_octets = 128;
constexpr std::size_t session_key_octets = 24;
constexpr std::size_t most_octets = 64 * 1024;

[[noreturn]] void refuse(const char* what) {
  throw Error(Errc::BadRequest, what);
}

// Takes the next message, all up to a terminator after whole blocks with a right padding, off the octets.
std::optional<Bytes> take_sealed(Bytes& received, ByteView key) {
  for (std::size_t size = 8; size + terminator.size() <= received.size(); size += 8) {
    if (as_text(ByteView(received).subspan(size, terminator.size())) != terminator) continue;
    auto text = des3_ecb_decrypt(key, ByteView(received).first(size));
    const auto padding = text.back();
    if (padding == 0 || padding > 8 ||
        !std::all_of(text.end() - padding, text.end(), [padding](auto octet) { return octet == padding; }))
      continue;
    text.resize(text.size() - padding);
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(size + terminator.size()));
    return text;
  }
  return std::nullopt;
}

Bytes field(ByteView text, std::size_t at, std::string_view head, std::size_t size) {
  if (text.size() < at + head.size() + size || as_text(text.subspan(at, head.size())) != head)
    refuse("a field is not where it belongs");
  return to_bytes(text.subspan(at + head.size(), size));
}

// Behind the last field of messages 4 and 6 stands the text's own terminator, and nothing else.
void expect_end(ByteView text, std::size_t at) {
  if (as_text(text.subspan(at)) != terminator) refuse("the text does not end in one terminator");
}

} // namespace

SiteConversation::SiteConversation(const SiteKey& signing_key)
    : m_signing_key(signing_key), m_nonce(random_octets(16)) {}

std::optional<SiteMessage> SiteConversation::take(Bytes& received) {
  if (received.size() > most_octets) refuse("a message is over 64 KiB");
  switch (m_expected) {
  case Expected::Hello: {
    const auto text = take_sealed(received, as_bytes(hello_key));
    if (!text) return std::nullopt;
    if (!as_text(*text).starts_with(greeting)) refuse("no greeting");
    m_client_pem = as_text(*text).substr(greeting.size());
    m_expected = Expected::Nonce;
    return SiteMessage::Hello;
  }
  case Expected::Nonce: {
    const auto whole = nonce_mark.size() + rsa_octets + terminator.size();
    if (received.size() < whole) return std::nullopt;
    if (!as_text(received).starts_with(nonce_mark) ||
        as_text(ByteView(received).first(whole)).substr(whole - terminator.size()) != terminator)
      refuse("no nonce");
    auto key = m_connection_key.decrypt(ByteView(received).subspan(nonce_mark.size(), rsa_octets));
    if (!key) refuse("a nonce for another key");
    append(*key, ByteView(m_nonce));
    key->resize(session_key_octets);
    m_session_key = std::move(*key);
    received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(whole));
    m_expected = Expected::Card;
    return take(received);
  }
  case Expected::Card: {
    if (as_text(received) == "77<E>") {
      received.clear();
      m_expected = Expected::Nothing;
      return SiteMessage::Health;
    }
    const auto text = take_sealed(received, m_session_key);
    if (!text) return std::nullopt;
    m_card_number = field(*text, 0, "01<id=12>", 12);
    m_challenge = field(*text, 21, "<rn=8>", 8);
    expect_end(*text, 35);
    m_expected = Expected::Proof;
    return SiteMessage::ModuleData;
  }
  case Expected::Proof: {
    const auto text = take_sealed(received, m_session_key);
    if (!text) return std::nullopt;
    m_proved = field(*text, 0, "03<au=16>", 16) == card_answer(m_module_data, m_card_number);
    m_to_sign = field(*text, 25, "<se=20>", 20);
    expect_end(*text, 52);
    m_expected = Expected::Nothing;
    return SiteMessage::Signature;
  }
  case Expected::Nothing: break;
  }
  return std::nullopt;
}

Bytes SiteConversation::sealed(ByteView key, Bytes text, std::optional<SiteFault> fault) const {
  const auto missing = 8 - text.size() % 8;
  text.resize(text.size() + missing, static_cast<std::uint8_t>(fault == SiteFault::Padding ? 0 : missing));
  auto message = fault == SiteFault::Garbage ? random_octets(text.size()) : des3_ecb_encrypt(key, text);
  append(message, terminator);
  return message;
}

// Messages 5 and 7, and the refusals in their places: the text has a terminator of its own, inside the cipher.
Bytes SiteConversation::sealed_text(Bytes text, std::optional<SiteFault> fault) const {
  if (fault == SiteFault::Length) text.pop_back();
  if (fault != SiteFault::Bare) append(text, terminator);
  if (fault == SiteFault::Trailing) text.push_back(0);
  return sealed(m_session_key, std::move(text), fault);
}

Bytes SiteConversation::hello(std::optional<SiteFault> fault) {
  const SiteKey another;
  const auto cipher = encrypt_to(fault == SiteFault::Forged ? another.public_pem() : m_client_pem, m_nonce);
  if (!cipher) refuse("no RSA-1024 public key");
  Bytes text;
  append(text, greeting);
  append(text, m_connection_key.public_pem());
  append(text, nonce_mark);
  append(text, *cipher);
  if (fault == SiteFault::Length) text.pop_back();
  return sealed(as_bytes(hello_key), std::move(text), fault);
}

// The module's eight octets. With the fault, such that a block of the ciphertext begins with the terminator, and the
// last of them are also one: "02<au=32>" is nine octets long, so that the first seven end the second block.
Bytes SiteConversation::own_choice(std::optional<SiteFault> fault) const {
  if (fault != SiteFault::Terminator) return random_octets(8);
  for (;;) {
    auto cipher = random_octets(8);
    std::copy(terminator.begin(), terminator.end(), cipher.begin());
    const auto plain = des3_ecb_decrypt(m_session_key, cipher);
    if (plain.front() != '>') continue;
    Bytes choice(plain.begin() + 1, plain.end());
    choice.push_back(0);
    return choice;
  }
}

SiteConversation::Answer SiteConversation::answer(SiteMessage message, std::optional<SiteFault> fault) {
  if (fault == SiteFault::Mute) return {};
  Bytes octets;
  bool last = false;
  switch (message) {
  case SiteMessage::Hello:
    if (fault == SiteFault::Refuse) return {{}, true};
    octets = hello(fault);
    break;
  case SiteMessage::Health:
    append(octets, fault ? "04<rc=2>NO<E>" : "04<rc=2>OK<E>");
    last = true;
    break;
  case SiteMessage::ModuleData: {
    m_module_data = module_data(own_choice(fault), m_card_number, m_challenge);
    if (fault == SiteFault::Forged) m_module_data.back() ^= 1;
    Bytes text;
    append(text, fault == SiteFault::Refuse ? "04<rc=2>NO" : "02<au=32>");
    if (fault != SiteFault::Refuse) append(text, ByteView(m_module_data));
    octets = sealed_text(std::move(text), fault);
    break;
  }
  case SiteMessage::Signature: {
    auto signed_text = m_card_number;
    append(signed_text, ByteView(m_to_sign));
    Bytes text;
    const bool refused = !m_proved || fault == SiteFault::Refuse;
    append(text, refused ? "04<rc=2>NO" : "04<rc=2>OK<si=256>");
    if (!refused)
      append(text, fault == SiteFault::Forged ? std::string(256, '\x01') : to_hex(m_signing_key.sign(signed_text)));
    octets = sealed_text(std::move(text), fault);
    last = true;
    break;
  }
  }
  if (fault == SiteFault::Cut) octets.resize(octets.size() / 2);
  const bool broken = fault == SiteFault::Cut || fault == SiteFault::Padding || fault == SiteFault::Garbage;
  return {std::move(octets), last || broken};
}

} // namespace twcard::simulator
