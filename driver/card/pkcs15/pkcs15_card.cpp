#include "driver/card/pkcs15/pkcs15_card.hpp"

#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/base/log.hpp"
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "driver/card/certificate/fingerprint.hpp"
#include "driver/card/pkcs15/operations.hpp"
#include "driver/card/pkcs15/pin.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>

namespace twcard::card {

namespace {

constexpr std::uint8_t cla = 0x00;
constexpr std::size_t min_modulus_bits = 1024;
constexpr std::size_t max_modulus_bits = 4096;
constexpr std::size_t challenge_octets = 8;
constexpr std::size_t max_token_info_octets = 1024;
constexpr PinPolicy any_length{1, 64};
// Certificates in files of their own, each of which has to be selected: of more, the check would cost too much.
constexpr std::size_t max_fingerprint_ends = 4;

const Pkcs15Path object_directory{{0x50, 0x31}, 0, std::nullopt};
const Pkcs15Path token_information{{0x50, 0x32}, 0, std::nullopt};

bool said_by_card(Errc code) {
  return code == Errc::BadCardData || code == Errc::CardRefused || code == Errc::PinRequired;
}

// What one directory file holds by `parse`; nothing when it is not there, not for everybody, or damaged.
template <typename Parse>
auto tolerant(const char* directory, Parse parse) -> decltype(parse()) {
  try {
    return parse();
  } catch (const Error& error) {
    if (!said_by_card(error.code())) throw;
    log::warning("pkcs15", "a directory of {} is not usable: {}", directory, error.what());
    return {};
  }
}

template <typename Objects>
void append(std::vector<Objects>& all, std::vector<Objects> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
  if (all.size() > max_pkcs15_objects) all.resize(max_pkcs15_objects);
}

// The PIN of a key: the one that it names, or the only user's PIN of the card.
const Pkcs15Pin* pin_of(const Pkcs15Key& key, const std::vector<Pkcs15Pin>& pins) {
  const auto fits = [&key](const Pkcs15Pin& pin) {
    return !pin.unblocks && !pin.protected_transfer && (key.auth_id.empty() || pin.auth_id == key.auth_id);
  };
  if (key.auth_id.empty() && std::ranges::count_if(pins, fits) != 1) return nullptr;
  const auto found = std::ranges::find_if(pins, fits);
  return found == pins.end() ? nullptr : &*found;
}

bool usable(const Pkcs15Key& key) {
  return key.modulus_bits >= min_modulus_bits && key.modulus_bits <= max_modulus_bits && key.modulus_bits % 8 == 0;
}

} // namespace

bool Pkcs15Card::probe(reader::Transaction& transaction) {
  Pkcs15Habits habits;
  return Pkcs15Files(transaction, habits).find_application();
}

PinPolicy Pkcs15Card::pin_policy() const noexcept {
  if (!m_contents || !m_contents->pin) return any_length;
  return {m_contents->pin->min_length, m_contents->pin->max_length};
}

TokenNames Pkcs15Card::names() const {
  TokenNames names{"ISO 7816-15 card", {}, "ISO 7816-15"};
  if (m_info && !m_info->label.empty()) names.label = m_info->label;
  if (m_info) names.manufacturer = m_info->manufacturer;
  return names;
}

void Pkcs15Card::read_token_info(reader::Transaction& transaction) {
  Pkcs15Files files(transaction, m_habits);
  m_info = parse_pkcs15_token_info(files.read_object(token_information, max_token_info_octets));
}

std::string Pkcs15Card::read_card_number(reader::Transaction& transaction) {
  read_token_info(transaction);
  if (m_info->serial_number.empty()) throw Error(Errc::BadCardData, "token information: an empty serial number");
  return to_hex(m_info->serial_number);
}

void Pkcs15Card::read_contents(reader::Transaction& transaction) {
  if (!m_info)
    m_info = tolerant("token information", [&] {
      read_token_info(transaction);
      return std::move(*m_info);
    });

  Pkcs15Files files(transaction, m_habits);
  Contents contents;
  Bytes all;
  const auto read = [&](const Pkcs15Path& path) {
    auto octets = files.read_directory(path);
    all.insert(all.end(), octets.begin(), octets.end());
    return octets;
  };
  const auto directories = parse_pkcs15_object_directory(read(object_directory));

  std::vector<Pkcs15Pin> pins;
  for (const auto& path : directories.authentication_objects)
    append(pins, tolerant("authentication objects", [&] { return parse_pkcs15_pins(read(path)); }));
  for (const auto& path : directories.private_keys)
    append(contents.keys, tolerant("private keys", [&] { return parse_pkcs15_keys(read(path)); }));
  for (const auto& path : directories.certificates)
    append(contents.certificates, tolerant("certificates", [&] { return parse_pkcs15_certificates(read(path)); }));

  contents.digest = crypto::sha256(all);

  // A card may have several PINs, a login has one: that of its first key.
  std::erase_if(contents.keys, [&](const Pkcs15Key& key) {
    const auto* pin = usable(key) ? pin_of(key, pins) : nullptr;
    if (pin != nullptr && !contents.pin) contents.pin = *pin;
    const bool kept = pin != nullptr && pin->reference == contents.pin->reference && pin->path == contents.pin->path;
    if (!kept)
      log::warning("pkcs15", "a key is left out: not RSA of 1024 to 4096 bits, or behind a PIN that is not used");
    return !kept;
  });
  m_contents = std::move(contents);
}

const Pkcs15Key* Pkcs15Card::key_for(ByteView id, std::size_t modulus_octets) const {
  const auto found = std::ranges::find_if(m_contents->keys, [&](const Pkcs15Key& key) {
    return std::ranges::equal(key.id, id) && key.modulus_bits == 8 * modulus_octets;
  });
  return found == m_contents->keys.end() ? nullptr : &*found;
}

std::vector<CardCertificate> Pkcs15Card::read_certificates(reader::Transaction& transaction) {
  read_contents(transaction);
  Pkcs15Files files(transaction, m_habits);
  std::vector<CardCertificate> certificates;
  CertificateFingerprint fingerprint{m_contents->digest, {}};
  for (const auto& entry : m_contents->certificates) {
    try {
      auto der = entry.path ? files.read_object(*entry.path, max_certificate_octets) : entry.value;
      const auto info = parse_certificate(der);
      CardCertificate certificate{role_of(info), to_hex(entry.id), entry.label, std::move(der), std::nullopt};
      const auto* key = info.authority ? nullptr : key_for(entry.id, info.modulus.size());
      if (key != nullptr) certificate.key_reference = key->reference;
      if (entry.path) {
        const auto count = end_octets(max_fingerprint_ends);
        const ByteView octets(certificate.der);
        fingerprint.ends.push_back({octets.size() - count, to_bytes(octets.last(count))});
      }
      certificates.push_back(std::move(certificate));
    } catch (const Error& error) {
      if (!said_by_card(error.code())) throw;
      log::warning("pkcs15", "a certificate is left out: {}", error.what());
    }
  }
  if (certificates.empty()) throw Error(Errc::BadCardData, "no certificate on the card can be read");
  const bool all_read = certificates.size() == m_contents->certificates.size();
  m_fingerprint = all_read && fingerprint.ends.size() <= max_fingerprint_ends ? fingerprint.to_octets() : Bytes();
  return certificates;
}

Bytes Pkcs15Card::directory_that_was_read() const {
  return m_fingerprint;
}

bool Pkcs15Card::compare_directory(reader::Transaction& transaction, ByteView directory) {
  const auto known = CertificateFingerprint::from_octets(directory);
  if (!known) return false;
  read_contents(transaction);
  if (m_contents->digest != known->directory) return false;
  Pkcs15Files files(transaction, m_habits);
  auto end = known->ends.begin();
  for (const auto& entry : m_contents->certificates) {
    if (!entry.path) continue;
    if (end == known->ends.end() || files.read_part(*entry.path, end->place, end->octets.size()) != end->octets)
      return false;
    ++end;
  }
  return end == known->ends.end();
}

void Pkcs15Card::do_verify_pin(reader::Transaction& transaction, const Pin& pin) {
  if (!m_contents) read_contents(transaction);
  if (!m_contents->pin)
    throw Error(Errc::UnsupportedCard, "the card has no key behind a PIN that is verified in plain");
  const auto& object = *m_contents->pin;
  const apdu::CommandApdu command{cla, 0x20, 0x00, object.reference, pkcs15_pin_field(object, pin), std::nullopt};

  Pkcs15Files files(transaction, m_habits);
  files.enter_application();
  if (object.path && !object.path->identifiers.empty()) files.select(*object.path);
  transaction.pin_follows();
  // Not exchange(): nothing that the card answers may send the PIN a second time.
  const auto status = transaction.transmit(command).status;
  if (!status.ok()) throw apdu::verify_error_of(status);
}

const Pkcs15Key& Pkcs15Card::key_of_reference(std::uint8_t reference) const {
  const auto found = std::ranges::find(m_contents->keys, reference, &Pkcs15Key::reference);
  if (found == m_contents->keys.end()) throw Error(Errc::BadRequest, "key: not one of the card's");
  return *found;
}

const Pkcs15Algorithm* Pkcs15Card::algorithm_of(const Pkcs15Key& key, Pkcs15Algorithm::Kind kind) const {
  const auto found = std::ranges::find_if(m_info->algorithms, [&](const Pkcs15Algorithm& algorithm) {
    const bool for_key =
        key.algorithms.empty() || std::ranges::find(key.algorithms, algorithm.index) != key.algorithms.end();
    return algorithm.kind == kind && for_key;
  });
  return found == m_info->algorithms.end() ? nullptr : &*found;
}

KeyAbilities Pkcs15Card::key_abilities(std::uint8_t reference) const {
  const auto& key = key_of_reference(reference);
  return {key.signs, key.decrypts && algorithm_of(key, Pkcs15Algorithm::Kind::Raw) != nullptr};
}

SecureBytes Pkcs15Card::do_private_operation(reader::Transaction& transaction, const Pin& pin,
                                             std::uint8_t key_reference, ByteView block) {
  using Kind = Pkcs15Algorithm::Kind;
  if (!m_contents) read_contents(transaction);
  const auto& key = key_of_reference(key_reference);
  if (block.size() != key.modulus_bits / 8) throw Error(Errc::BadRequest, "block: not as long as the key");
  const auto inside = inside_signature_padding(block);
  const auto* raw = algorithm_of(key, Kind::Raw);
  const auto* padding = algorithm_of(key, Kind::Padding);
  const bool whole = raw != nullptr && (!inside || padding == nullptr);
  if (!whole && !inside)
    throw Error(Errc::BadRequest,
                "block: this card takes the padding off by itself; decryption and other paddings than "
                "PKCS #1 type 1 are not possible with it");
  if (inside && !key.signs) throw Error(Errc::BadRequest, "key: not one that signs");
  const bool decipher = !inside && key.decrypts;

  if (key.asks_each_time) transaction.set_logged_in(false);
  log_in(transaction, pin);
  const auto* algorithm = whole ? raw : padding;
  const Pkcs15Operation operation{key.reference, algorithm != nullptr ? algorithm->reference : std::nullopt,
                                  block.size()};
  const auto data = whole ? block : *inside;
  auto result = decipher ? decipher_by(transaction, operation, data) : sign_by(transaction, operation, data);
  if (key.asks_each_time) transaction.set_logged_in(false);
  return result;
}

Bytes Pkcs15Card::read_random(reader::Transaction& transaction) {
  auto response = reader::exchange(transaction, apdu::get_challenge(cla, challenge_octets));
  apdu::expect_ok(response, "asking the card for random octets");
  if (response.data.size() != challenge_octets)
    throw Error(Errc::BadCardData, "asking the card for random octets: not 8 octets");
  return std::move(response.data);
}

} // namespace twcard::card
