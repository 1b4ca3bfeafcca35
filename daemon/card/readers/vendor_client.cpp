#include "daemon/card/readers/vendor_client.hpp"

#include "daemon/card/readers/unique_names.hpp"

#include "driver/base/log.hpp"
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/validity.hpp"
#include "driver/crypto/digest.hpp"
#include "rpc/async_client.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace twcard::service {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// twcard-vendor ends itself after 30 s with a library; others may wait for the same process before.
constexpr std::chrono::seconds answer_limit{65};
constexpr std::size_t max_text = 256;
constexpr std::size_t max_certificates = 16;
constexpr std::size_t max_id_octets = 64;

SecureBytes blob_of(const Pin& pin, ByteView data) {
  const auto octets = pin.view();
  SecureBytes blob(1 + octets.size() + data.size());
  const auto whole = blob.span();
  whole[0] = static_cast<std::uint8_t>(octets.size());
  std::ranges::copy(octets, whole.subspan(1).begin());
  std::ranges::copy(data, whole.subspan(1 + octets.size()).begin());
  return blob;
}

std::size_t pin_length_in(const json::object& token, std::string_view name) {
  const auto* value = token.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 1 || value->get_int64() > 64)
    throw Error(Errc::BadCardData, "twcard-vendor: invalid PIN length");
  return static_cast<std::size_t>(value->get_int64());
}

TokenCertificate certificate_in(const json::object& object) {
  TokenCertificate certificate;
  certificate.on_card.id = to_hex(rpc::required_base64(object, "id", max_id_octets));
  certificate.on_card.label = rpc::required_string(object, "label", max_text);
  certificate.on_card.der = rpc::required_base64(object, "der", card::max_certificate_octets);
  certificate.info = card::parse_certificate(certificate.on_card.der);
  certificate.on_card.role = card::role_of(certificate.info);
  return certificate;
}

// What is done with a whole block by a key through a library, which pads by itself.
constexpr card::KeyAbilities abilities{.signs = true, .decrypts = false};

// Those that can be parsed. Which of them has a key, a library says only after a login: every one that is no CA's may.
std::vector<TokenCertificate> certificates_in(const json::object& token) {
  std::vector<TokenCertificate> all;
  const auto* array = token.if_contains("certificates");
  if (array == nullptr || !array->is_array()) return all;
  for (const auto& value : array->get_array()) {
    if (all.size() == max_certificates || !value.is_object()) break;
    try {
      all.push_back(certificate_in(value.get_object()));
      all.back().key = abilities;
      if (!all.back().info.authority && !all.back().info.modulus.empty())
        all.back().on_card.key_reference = static_cast<std::uint8_t>(all.size());
    } catch (const Error& error) {
      log::warning("vendor", "a certificate is left out: {}", error.what());
    }
  }
  return all;
}

json::object place_of(const std::string& reader, const std::string& library) {
  return {{"library", library}, {"reader", reader}};
}

Snapshot snapshot_of(const json::object& described) {
  Snapshot snapshot;
  snapshot.kind = card::CardKind::Vendor;
  snapshot.names = {rpc::required_string(described, "label", max_text),
                    rpc::required_string(described, "manufacturer", max_text),
                    rpc::required_string(described, "model", max_text)};
  snapshot.card_number = rpc::required_string(described, "serial_number", max_text);
  if (!snapshot.card_number.empty()) snapshot.card_number_hash = crypto::sha256(as_bytes(snapshot.card_number));
  return snapshot;
}

} // namespace

const card::VendorProfile* VendorClient::library_for(ByteView atr) const {
  const auto found = std::ranges::find_if(m_libraries, [atr](const card::VendorProfile& library) {
    return std::ranges::any_of(library.atrs, [atr](const Bytes& known) { return std::ranges::equal(known, atr); });
  });
  return found == m_libraries.end() ? nullptr : &*found;
}

asio::awaitable<rpc::Reply> VendorClient::ask(std::string method, json::object params, SecureBytes blob) const {
  try {
    co_return co_await rpc::call_once(m_socket, answer_limit, std::move(method), std::move(params), std::move(blob));
  } catch (const Error& error) {
    if (error.code() == Errc::ServiceUnavailable)
      throw Error(Errc::CardRefused, std::string("twcard-vendor, which runs the vendor's library: ") + error.what());
    throw;
  }
}

asio::awaitable<Snapshot> VendorClient::read(std::string reader, Bytes atr, std::optional<Snapshot> known) const {
  const std::string library = library_for(atr)->name;
  auto place = place_of(reader, library);
  const auto reply = co_await ask("vendor.token", std::move(place), {});
  auto certificates = certificates_in(reply.result);
  if (certificates.empty()) throw Error(Errc::NoCard, "the vendor's library knows no certificate of this card");

  Snapshot snapshot;
  if (known) {
    snapshot = std::move(*known);
    snapshot.missing_profile.reset();
    for (auto& certificate : snapshot.certificates) certificate.key = abilities;
  } else {
    snapshot = snapshot_of(reply.result);
    snapshot.certificates = std::move(certificates);
    make_names_unique(snapshot, card::utc_now());
  }
  snapshot.identity = identity_of(snapshot, atr);
  snapshot.vendor_library = library;
  snapshot.pin_policy = {pin_length_in(reply.result, "min_pin"), pin_length_in(reply.result, "max_pin")};
  co_return snapshot;
}

asio::awaitable<void> VendorClient::check_pin(std::shared_ptr<const Token> token,
                                              std::shared_ptr<const Pin> pin) const {
  if (pin->size() > rpc::max_pin_octets) throw Error(Errc::PinLength, "a PIN has at most 64 octets");
  auto place = place_of(token->reader, token->snapshot()->vendor_library);
  auto blob = blob_of(*pin, {});
  static_cast<void>(co_await ask("vendor.check_pin", std::move(place), std::move(blob)));
}

asio::awaitable<SecureBytes> VendorClient::sign(std::shared_ptr<const Token> token, std::shared_ptr<const Pin> pin,
                                                std::uint8_t key, std::shared_ptr<const SecureBytes> block) const {
  const auto inside = card::inside_signature_padding(block->view());
  if (!inside)
    throw Error(Errc::BadRequest,
                "block: through a vendor's library there are signatures with PKCS #1 type 1 padding only");
  auto blob = blob_of(*pin, *inside);
  co_return co_await use_key("vendor.sign", std::move(token), key, std::move(blob));
}

asio::awaitable<SecureBytes> VendorClient::decrypt(std::shared_ptr<const Token> token, std::shared_ptr<const Pin> pin,
                                                   std::uint8_t key, std::shared_ptr<const SecureBytes> block) const {
  auto blob = blob_of(*pin, block->view());
  co_return co_await use_key("vendor.decrypt", std::move(token), key, std::move(blob));
}

asio::awaitable<SecureBytes> VendorClient::use_key(std::string method, std::shared_ptr<const Token> token,
                                                   std::uint8_t key, SecureBytes blob) const {
  const auto& snapshot = *token->snapshot();
  const auto certificate = std::ranges::find_if(
      snapshot.certificates, [key](const TokenCertificate& each) { return each.on_card.key_reference == key; });
  if (certificate == snapshot.certificates.end()) throw Error(Errc::BadRequest, "key: not one of the card's");
  auto params = place_of(token->reader, snapshot.vendor_library);
  params["certificate"] = to_base64(certificate->on_card.der);
  auto reply = co_await ask(std::move(method), std::move(params), std::move(blob));
  co_return std::move(reply.blob);
}

} // namespace twcard::service
