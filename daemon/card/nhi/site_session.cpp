#include "daemon/card/nhi/site_session.hpp"

#include "driver/base/error.hpp"
#include "driver/crypto/random.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace twcard::service {

namespace {

constexpr std::string_view terminator = "<E>";
constexpr std::string_view greeting = "Hello ";
constexpr std::string_view nonce_mark = " 128 ";
constexpr std::size_t module_data_octets = 32;

Bytes sealed(ByteView key, ByteView text) {
  auto message = encrypt_padded(key, text);
  append(message, terminator);
  return message;
}

// Messages 4 and 6: the text ends in the terminator as well, inside the cipher. Without it the site refuses them.
Bytes sealed_text(ByteView key, Bytes text) {
  append(text, terminator);
  return sealed(key, text);
}

// Whether the text of message 5 or 7 ends where its last field does: with its own terminator, as the site sends it, or
// without, which the old component accepts in message 7.
bool is_end(ByteView rest) {
  return rest.empty() || as_text(rest) == terminator;
}

// What stands before the terminator that ends the octets; nullopt without one.
std::optional<ByteView> before_terminator(ByteView received) {
  if (received.size() > max_site_message_octets) throw SiteRefusal("a message of over 64 KiB");
  if (!as_text(received).ends_with(terminator)) return std::nullopt;
  return received.first(received.size() - terminator.size());
}

// The text of an enciphered message. Binary fields and the ciphertext may hold the terminator: it counts after whole
// blocks with a padding only, and the caller looks whether the fields are whole.
std::optional<Bytes> opened(ByteView key, ByteView received) {
  const auto cipher = before_terminator(received);
  return cipher ? decrypt_padded(key, *cipher) : std::nullopt;
}

// "<name=size>" and its octets, taken off the front; nullopt when the text is too short for them.
std::optional<ByteView> take_field(ByteView& text, std::string_view name, std::size_t size) {
  const auto head = fmt::format("<{}={}>", name, size);
  if (text.size() < head.size() + size || !as_text(text).starts_with(head)) return std::nullopt;
  const auto field = text.subspan(head.size(), size);
  text = text.subspan(head.size() + size);
  return field;
}

void expect_message(ByteView& text, std::string_view number) {
  if (!as_text(text).starts_with(number)) throw SiteRefusal("an answer of another kind");
  text = text.subspan(number.size());
}

// "04<rc=2>OK": everything else is a refusal.
bool take_result(ByteView& text) {
  expect_message(text, "04");
  const auto result = take_field(text, "rc", 2);
  return result && as_text(*result) == "OK";
}

// From 0 to 249, so that each digit is as likely as every other.
std::uint8_t random_digit() {
  std::uint8_t octet = 0;
  do {
    crypto::fill_with_random({&octet, 1});
  } while (octet >= 250);
  return static_cast<std::uint8_t>('0' + octet % 10);
}

} // namespace

SiteSession::SiteSession(ByteView link_key, const SiteKeyPair& key_pair)
    : m_link_key(to_bytes(link_key)), m_key_pair(key_pair) {
  std::generate(m_nonce.begin(), m_nonce.end(), random_digit);
}

Bytes SiteSession::hello() const {
  Bytes text;
  append(text, greeting);
  append(text, m_key_pair.public_pem());
  return sealed(m_link_key, text);
}

std::optional<Bytes> SiteSession::take_hello(ByteView received) {
  const auto text = opened(m_link_key, received);
  const auto fixed_octets = greeting.size() + nonce_mark.size() + site_rsa_octets;
  if (!text || text->size() < fixed_octets) return std::nullopt;
  if (!as_text(*text).starts_with(greeting)) throw SiteRefusal("no greeting");
  const ByteView all(*text);
  const auto mark = all.size() - site_rsa_octets - nonce_mark.size();
  if (as_text(all.subspan(mark)).substr(0, nonce_mark.size()) != nonce_mark) throw SiteRefusal("no nonce");

  const auto site_nonce = m_key_pair.decrypt(all.last(site_rsa_octets));
  if (!site_nonce || site_nonce->size() < site_key_octets - m_nonce.size()) throw SiteRefusal("invalid nonce");
  const auto cipher = encrypt_to(as_text(all.subspan(greeting.size(), mark - greeting.size())), m_nonce);
  if (!cipher) throw SiteRefusal("no RSA-1024 public key");
  m_session_key.assign(m_nonce.begin(), m_nonce.end());
  m_session_key.insert(m_session_key.end(), site_nonce->begin(),
                       site_nonce->begin() + static_cast<std::ptrdiff_t>(site_key_octets - m_nonce.size()));

  Bytes message;
  append(message, nonce_mark);
  append(message, *cipher);
  append(message, terminator);
  return message;
}

Bytes SiteSession::health_question() {
  return to_bytes(as_bytes("77<E>"));
}

std::optional<bool> SiteSession::take_health(ByteView received) const {
  const auto end = before_terminator(received);
  if (!end) return std::nullopt;
  auto text = *end; // in clear, as the question is
  return take_result(text) && text.empty();
}

Bytes SiteSession::card(ByteView card_number, ByteView challenge) const {
  Bytes text;
  append(text, fmt::format("01<id={}>", card_number.size()));
  append(text, card_number);
  append(text, fmt::format("<rn={}>", challenge.size()));
  append(text, challenge);
  return sealed_text(m_session_key, std::move(text));
}

std::optional<Bytes> SiteSession::take_module_data(ByteView received) const {
  const auto whole = opened(m_session_key, received);
  if (!whole) return std::nullopt;
  ByteView text(*whole);
  expect_message(text, "02");
  const auto data = take_field(text, "au", module_data_octets);
  if (!data) return std::nullopt;
  if (!is_end(text)) throw SiteRefusal("more than the module's data");
  return to_bytes(*data);
}

Bytes SiteSession::proof(ByteView card_answer, std::string_view to_sign) const {
  Bytes text;
  append(text, fmt::format("03<au={}>", card_answer.size()));
  append(text, card_answer);
  append(text, fmt::format("<se={}>", to_sign.size()));
  append(text, to_sign);
  return sealed_text(m_session_key, std::move(text));
}

std::optional<std::string> SiteSession::take_signature(ByteView received) const {
  const auto whole = opened(m_session_key, received);
  if (!whole) return std::nullopt;
  ByteView text(*whole);
  if (!take_result(text)) throw SiteRefusal("the site does not sign");
  const auto signature = take_field(text, "si", site_signature_octets);
  if (!signature) return std::nullopt;
  const auto printable = [](std::uint8_t octet) { return octet > 0x20 && octet < 0x7F; };
  if (!is_end(text)) throw SiteRefusal("more than the signature");
  if (!std::all_of(signature->begin(), signature->end(), printable))
    throw SiteRefusal("the signature is not printable text");
  return std::string(as_text(*signature));
}

} // namespace twcard::service
