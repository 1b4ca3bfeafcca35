#include "driver/card/citizen/gpki_card.hpp"

#include "driver/apdu/aes_cmac.hpp"
#include "driver/apdu/iso7816.hpp"
#include "driver/base/error.hpp"
#include "driver/card/citizen/gpki_keys.hpp"
#include "driver/card/citizen/hicos_certificates.hpp"
#include "driver/card/citizen/hicos_files.hpp"
#include "driver/card/citizen/hicos_private_key.hpp"
#include "driver/crypto/random.hpp"
#include "driver/reader/exchange.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace twcard::card {

namespace {

constexpr std::array<std::uint8_t, 16> applet_aid{0xA0, 0x00, 0x00, 0x02, 0x83, 0x00, 0x00, 0x06,
                                                  0x22, 0x01, 0x69, 0x64, 0x00, 0x01, 0x01, 0x01};
constexpr std::array<std::uint8_t, 7> issuer_domain_aid{0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00};

constexpr std::uint8_t cla_plain = 0x00;
constexpr std::uint8_t cla_global_platform = 0x80;
constexpr std::uint16_t applet_root = 0x7FFF;
constexpr std::uint16_t pki_directory = 0x5030;
constexpr std::uint16_t key_file = 0x0810;
constexpr std::uint8_t key_version = 0x01;
constexpr std::size_t pin_field_octets = 10;
constexpr std::size_t challenge_octets = 8;

apdu::CommandApdu select_applet() {
  auto command = apdu::select_application(cla_plain, applet_aid);
  command.p2 = 0x0C; // no answer data wanted
  command.le = 256;
  return command;
}

apdu::CommandApdu select_domain(ByteView aid) {
  auto command = apdu::select_application(cla_plain, aid);
  command.le = 256;
  return command;
}

// GET DATA of the card content management, GlobalPlatform Card Specification section 11.3.
apdu::CommandApdu get_data(std::uint8_t tag) {
  return {cla_global_platform, 0xCA, 0x00, tag, {}, 256};
}

// Control information comes back when the command has an Le, and is not needed.
apdu::CommandApdu select_file(std::uint16_t identifier, bool has_le) {
  auto command = apdu::select_file(cla_plain, identifier);
  command.p2 = 0x04;
  if (has_le) command.le = 256;
  return command;
}

apdu::CommandApdu verify(const Pin& pin) {
  apdu::CommandApdu command{cla_plain, 0x20, 0x00, 0x01, ScrubbedBytes(pin_field_octets, 0xFF), std::nullopt};
  const auto digits = pin.view();
  std::copy(digits.begin(), digits.end(), command.data.begin());
  return command;
}

Bytes answer_to(reader::Transaction& transaction, const apdu::CommandApdu& command, const char* doing) {
  auto response = reader::exchange(transaction, command);
  apdu::expect_ok(response, doing);
  return std::move(response.data);
}

void enter_applet(reader::Transaction& transaction) {
  static_cast<void>(answer_to(transaction, select_applet(), "selecting the GPKI applet"));
}

apdu::ResponseApdu send(reader::Transaction& transaction, apdu::Scp03Session& session,
                        const apdu::CommandApdu& command) {
  return reader::exchange_once(transaction, session.wrap(command), cla_plain);
}

// Key information template: E0 <length> C0 04 <key> <version> <type> <length of the key>.
void require_aes_128(ByteView information) {
  constexpr std::size_t length_of_key = 7;
  if (information.size() <= length_of_key || information[length_of_key] != apdu::aes_key_size)
    throw Error(Errc::UnsupportedCard, "the card's secure channel has no AES-128 keys");
}

Bytes card_id_in(ByteView object) {
  constexpr std::uint8_t tag = 0x45;
  if (object.size() != 2 + gpki_card_id_octets || object[0] != tag || object[1] != gpki_card_id_octets)
    throw Error(Errc::BadCardData, "card ID: not 10 octets under tag 45");
  return to_bytes(object.subspan(2));
}

// What INITIALIZE UPDATE answers: diversification data (10 octets), key version, protocol, its options, challenge,
// cryptogram, and from some cards a sequence counter.
struct CardsTurn {
  Bytes challenge;
  Bytes cryptogram;
};

CardsTurn cards_turn(ByteView answer) {
  constexpr std::size_t protocol_at = 11;
  constexpr std::size_t challenge_at = 13;
  constexpr std::size_t shortest = challenge_at + apdu::scp03_challenge_size + apdu::scp03_cryptogram_size;
  constexpr std::size_t counter_octets = 3;
  if (answer.size() != shortest && answer.size() != shortest + counter_octets)
    throw Error(Errc::BadCardData, "opening a secure channel: reply of an invalid length");
  if (answer[protocol_at] != 0x03) throw Error(Errc::UnsupportedCard, "the card's secure channel is not SCP03");
  return {to_bytes(answer.subspan(challenge_at, apdu::scp03_challenge_size)),
          to_bytes(answer.subspan(challenge_at + apdu::scp03_challenge_size, apdu::scp03_cryptogram_size))};
}

} // namespace

GpkiCard::GpkiCard(Bytes atr, std::optional<GpkiProfile> profile)
    : m_atr(std::move(atr)), m_profile(std::move(profile)) {}

bool GpkiCard::probe(reader::Transaction& transaction) {
  return reader::exchange(transaction, select_applet()).status.ok();
}

std::optional<std::string> GpkiCard::missing_profile() const {
  if (m_profile) return std::nullopt;
  return fmt::format("no card profile of kind gpki for the ATR {} (docs/card-profiles.md)", to_hex(m_atr));
}

std::string GpkiCard::read_card_number(reader::Transaction& transaction) {
  enter_applet(transaction);
  HicosFiles files(transaction, Generation::Second);
  return read_card_number_file(files);
}

std::vector<CardCertificate> GpkiCard::read_certificates(reader::Transaction& transaction) {
  enter_applet(transaction);
  HicosFiles files(transaction, Generation::Second);
  auto reading = read_hicos_certificates(files);
  m_directory = std::move(reading.directory);
  m_key_references.clear();
  for (const auto& certificate : reading.certificates)
    if (certificate.key_reference) m_key_references.push_back(*certificate.key_reference);
  return std::move(reading.certificates);
}

bool GpkiCard::compare_directory(reader::Transaction& transaction, ByteView directory) {
  enter_applet(transaction);
  HicosFiles files(transaction, Generation::Second);
  return hicos_certificates_are_still(files, directory);
}

const apdu::Scp03Keys& GpkiCard::keys(reader::Transaction& transaction) {
  if (m_keys) return *m_keys;
  static_cast<void>(answer_to(transaction, select_domain(gpki_manager_aid), "selecting the card manager"));
  require_aes_128(answer_to(transaction, get_data(0xE0), "reading the key information"));
  static_cast<void>(answer_to(transaction, select_domain(issuer_domain_aid), "selecting the issuer's domain"));
  const auto card_id = card_id_in(answer_to(transaction, get_data(0x45), "reading the card ID"));
  m_keys = gpki_keys(*m_profile, card_id);
  return *m_keys;
}

apdu::Scp03Session GpkiCard::open_session(reader::Transaction& transaction) {
  const auto& card_keys = keys(transaction);
  enter_applet(transaction);
  constexpr const char* doing = "opening a secure channel";
  const auto host_challenge = crypto::random_octets(apdu::scp03_challenge_size);
  const auto turn = cards_turn(answer_to(transaction, apdu::initialize_update(key_version, host_challenge), doing));
  apdu::Scp03Session session(card_keys, host_challenge, turn.challenge);
  if (!session.authentic(turn.cryptogram))
    throw Error(Errc::ProfileMissing,
                fmt::format("the keys of the card profile \"{}\" are not this card's (docs/card-profiles.md)",
                            m_profile->name));
  const auto authenticate = session.external_authenticate(apdu::Scp03Level::MacAndEncryption);
  apdu::expect_ok(transaction.transmit(authenticate), doing);
  return session;
}

apdu::Scp03Session GpkiCard::learn_select(reader::Transaction& transaction, apdu::Scp03Session session) {
  if (m_select_has_le) return session;
  for (const bool has_le : {false, true}) {
    // The refusal of the other form may have ended the session.
    if (has_le) session = open_session(transaction);
    if (!send(transaction, session, select_file(applet_root, has_le)).status.ok()) continue;
    m_select_has_le = has_le;
    return session;
  }
  throw Error(Errc::CardRefused, "selecting a file in a secure channel: the card takes no form of the command");
}

void GpkiCard::do_verify_pin(reader::Transaction& transaction, const Pin& pin) {
  m_session.reset();
  auto session = learn_select(transaction, open_session(transaction));
  const auto command = session.wrap(verify(pin));
  transaction.pin_follows();
  // Not exchange_once(): whatever the card answers, this is the end of it.
  const auto status = transaction.transmit(command).status;
  if (!status.ok()) throw apdu::verify_error_of(status);
  m_session = std::move(session);
}

SecureBytes GpkiCard::do_private_operation(reader::Transaction& transaction, const Pin& pin, std::uint8_t key_reference,
                                           ByteView block) {
  if (block.size() != hicos_block_octets) throw Error(Errc::BadRequest, "block: not 256 octets");
  if (!m_key_references.empty() &&
      std::find(m_key_references.begin(), m_key_references.end(), key_reference) == m_key_references.end())
    throw Error(Errc::BadRequest, "key: not one of the card's");

  log_in(transaction, pin);
  auto session = std::move(*m_session);
  m_session.reset();
  transaction.set_logged_in(false);
  for (const auto file : {pki_directory, key_file})
    apdu::expect_ok(send(transaction, session, select_file(file, *m_select_has_le)), "selecting the keys");
  const auto send_protected = [&](const apdu::CommandApdu& command) { return send(transaction, session, command); };
  return use_private_key(send_protected, key_reference, block);
}

Bytes GpkiCard::read_random(reader::Transaction& transaction) {
  enter_applet(transaction);
  auto octets =
      answer_to(transaction, apdu::get_challenge(cla_plain, challenge_octets), "asking the card for random octets");
  if (octets.size() != challenge_octets)
    throw Error(Errc::BadCardData, "asking the card for random octets: not 8 octets");
  return octets;
}

} // namespace twcard::card
