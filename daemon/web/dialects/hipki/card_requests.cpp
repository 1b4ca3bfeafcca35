#include "daemon/web/dialects/hipki/card_requests.hpp"

#include "daemon/web/dialects/hipki/answers.hpp"
#include "daemon/web/dialects/hipki/page_pin.hpp"
#include "daemon/web/dialects/hipki/signed_data.hpp"
#include "driver/crypto/digest.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>

namespace twcard::web::hipki {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

std::string refusal(AnswerKind kind, ReturnCode code, const std::string& message = "") {
  return failure_answer(name_of(kind), {code}, message);
}

std::string untrusted(AnswerKind kind) {
  return refusal(kind, ReturnCode::UntrustedSite, "twcard setup legacy hipki --allow");
}

// One answer for everything that can be wrong with a ciphertext.
std::string not_decrypted() {
  return failure_answer(AnswerKind::Decrypt, Error(Errc::CardRefused, ""));
}

std::optional<ReturnCode> fault_of_dates(const KeyCertificate& certificate) {
  const auto now = std::time(nullptr);
  if (now < certificate.not_before) return ReturnCode::NotYetValid;
  if (now > certificate.not_after) return ReturnCode::Expired;
  return std::nullopt;
}

Bytes octets_in(const json::object& result, std::string_view name) {
  const auto* value = result.if_contains(name);
  auto octets = value != nullptr && value->is_string() ? from_base64(value->get_string()) : std::nullopt;
  if (!octets || octets->empty() || octets->size() > rpc::max_certificate_octets)
    throw Error(Errc::Internal, "legacy.sign: unexpected form of the reply");
  return std::move(*octets);
}

// A card that was looked at before it signs.
struct KnownCard {
  std::string serial_number;
  KeyCertificate certificate;
};

} // namespace

CardRequests::CardRequests(asio::any_io_executor executor, std::filesystem::path service_socket, rpc::LegacySites sites)
    : m_executor(executor), m_socket(service_socket), m_sites(std::move(sites)),
      m_reading(std::move(executor), std::move(service_socket)) {}

CardRequests::JsonText CardRequests::inform(std::string origin, Wanted wanted) {
  if (!m_sites.allows(origin)) co_return untrusted(AnswerKind::Information);
  try {
    // The public keys stand in the certificates.
    json::object params{{"certificates", wanted.certificates || wanted.keys}, {"keys", wanted.keys}};
    auto readers = co_await list(std::move(origin), std::move(params));
    if (wanted.reader) std::erase_if(readers, [&](const auto& reader) { return reader.name != *wanted.reader; });
    co_return information_answer(readers, wanted.certificates, wanted.keys);
  } catch (const Error& error) {
    co_return failure_answer(AnswerKind::Information, error);
  }
}

CardRequests::JsonText CardRequests::sign(std::string origin, Message message) {
  if (!m_sites.allows(origin)) co_return untrusted(AnswerKind::Sign);
  try {
    co_return co_await signed_by_card(std::move(origin), std::move(message));
  } catch (const Error& error) {
    co_return failure_answer(AnswerKind::Sign, error);
  }
}

CardRequests::JsonText CardRequests::decrypt(std::string origin, Message message) {
  if (!m_sites.allows(origin)) co_return untrusted(AnswerKind::Decrypt);
  try {
    co_return co_await decrypted_by_card(std::move(origin), std::move(message));
  } catch (const Error& error) {
    co_return failure_answer(AnswerKind::Decrypt, error);
  }
}

CardRequests::JsonText CardRequests::signed_by_card(std::string origin, Message message) {
  auto request = message.sign_request();
  const bool is_message = request.type == SignatureType::Pkcs7;
  KeyName key{message.reader(), message.key()};
  SignedAttributes attributes{{}, request.nonce, {}};
  if (request.with_signing_time) attributes.signing_time = std::time(nullptr);

  std::optional<KnownCard> known;
  if (key.key || request.check_validity || (is_message && request.with_card_number)) {
    // Of several cards the person says which, before what is signed can name it.
    json::object wanted{{"certificates", true}, {"one", true}};
    if (key.reader) wanted["reader"] = *key.reader;
    const auto readers = co_await list(origin, std::move(wanted));
    const auto choice = signing_certificate(readers, key.reader, key.key);
    if (!choice) co_return refusal(AnswerKind::Sign, ReturnCode::IdMismatch);
    known = {choice->reader.card->serial_number, choice->certificate};
    key = {choice->reader.name, known->certificate.id};
    if (request.check_validity)
      if (const auto fault = fault_of_dates(known->certificate)) co_return refusal(AnswerKind::Sign, *fault);
    if (request.with_card_number) attributes.card_number = known->serial_number;
  }

  std::optional<SignedData> signed_data;
  Bytes block = std::move(request.content);
  if (is_message) {
    signed_data.emplace(std::move(block), request.hash_function, attributes);
    block = signed_data->hash();
  } else if (request.type == SignatureType::Pkcs1) {
    block = crypto::hash_of(block, request.hash_function);
  }
  auto call = private_call(message, key, block, m_sites.takes_page_pin(origin));
  if (request.type == SignatureType::Raw)
    call.params["digest_info"] = true;
  else
    call.params["hash_function"] = name_of(request.hash_function);

  const auto service = link_to_service(origin);
  const auto reply = co_await service->call("legacy.sign", std::move(call.params), std::move(call.blob));
  const std::string certificate(reply.result.at("certificate").as_string());
  Signed result;
  result.card_number = std::string(reply.result.at("card_number").as_string());
  // What was found out is of that card alone, and keys have the same names on all.
  if (known && (known->serial_number != result.card_number || known->certificate.der != certificate))
    co_return refusal(AnswerKind::Sign, ReturnCode::IdMismatch);
  result.signature = to_bytes(reply.blob.view());
  if (signed_data)
    result.signature = signed_data->assemble(octets_in(reply.result, "certificate"),
                                             octets_in(reply.result, "issuer_and_serial"), result.signature);
  if (request.with_certificate) result.certificate = certificate;
  co_return sign_answer(result);
}

CardRequests::JsonText CardRequests::decrypted_by_card(std::string origin, Message message) {
  const auto request = message.decrypt_request();
  const KeyName key{message.reader(), message.key()};
  auto call = private_call(message, key, request.cipher, m_sites.takes_page_pin(origin));
  const auto service = link_to_service(origin);
  const auto reply = co_await service->call("legacy.decrypt", std::move(call.params), std::move(call.blob));
  co_return decrypt_answer(reply.blob.view(), request.plain_as_base64).value_or(not_decrypted());
}

asio::awaitable<std::vector<Reader>> CardRequests::list(std::string origin, json::object params) {
  const auto service = m_reading.link_of(origin);
  const auto reply = co_await service->call("legacy.tokens", std::move(params));
  co_return readers_of(reply.result);
}

std::shared_ptr<ServiceLink> CardRequests::link_to_service(const std::string& origin) const {
  auto link = std::make_shared<ServiceLink>(m_executor, m_socket, origin);
  return {link.get(), [link](ServiceLink* ended) { ended->close(); }};
}

} // namespace twcard::web::hipki
