#include "daemon/vendor/pkcs11_library.hpp"

#include "driver/base/error.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <span>

namespace twcard::vendor {

namespace {

constexpr CK_ULONG max_slots = 64;
constexpr std::size_t max_id_octets = 64;
constexpr std::size_t max_result_octets = 1024;
constexpr std::size_t slot_description_octets = 64;

Error error_of(CK_RV rv, std::string_view doing, std::optional<int> tries_left = std::nullopt) {
  const auto with = [&](Errc code) { return Error(code, fmt::format("vendor's library: {}", doing)); };
  switch (rv) {
  case CKR_PIN_INCORRECT: return {Errc::PinIncorrect, fmt::format("vendor's library: {}", doing), tries_left};
  case CKR_PIN_LOCKED: return with(Errc::PinBlocked);
  case CKR_PIN_LEN_RANGE:
  case CKR_PIN_INVALID: return with(Errc::PinLength);
  case CKR_USER_NOT_LOGGED_IN: return with(Errc::PinRequired);
  case CKR_TOKEN_NOT_PRESENT:
  case CKR_SLOT_ID_INVALID: return with(Errc::NoCard);
  case CKR_DEVICE_REMOVED:
  case CKR_SESSION_HANDLE_INVALID: return with(Errc::CardRemoved);
  case CKR_TOKEN_NOT_RECOGNIZED: return with(Errc::UnsupportedCard);
  case CKR_FUNCTION_CANCELED: return with(Errc::Cancelled);
  case CKR_DATA_INVALID:
  case CKR_DATA_LEN_RANGE: return with(Errc::BadRequest);
  default: return {Errc::CardRefused, fmt::format("vendor's library: {}: code {:08X}", doing, rv)};
  }
}

void check(CK_RV rv, std::string_view doing) {
  if (rv != CKR_OK) throw error_of(rv, doing);
}

// A field that is padded with blanks.
template <std::size_t size>
std::string text_of(const unsigned char (&field)[size]) {
  std::string text;
  for (const auto octet : field) text += octet >= 0x20 && octet < 0x7F ? static_cast<char>(octet) : '?';
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// The slot description as octets: a reader's name may be UTF-8.
std::string_view description_of(const CK_SLOT_INFO& info) {
  const std::string_view field(reinterpret_cast<const char*>(info.slotDescription), slot_description_octets);
  const auto end = std::min(field.find_last_not_of(' ') + 1, field.size());
  return field.substr(0, end);
}

std::optional<int> tries_of(CK_FLAGS flags) {
  if ((flags & CKF_USER_PIN_LOCKED) != 0) return 0;
  if ((flags & CKF_USER_PIN_FINAL_TRY) != 0) return 1;
  return std::nullopt;
}

} // namespace

struct Pkcs11Library::Loaded {
  struct Release {
    void operator()(CK_FUNCTION_LIST* functions) const { p11_kit_module_release(functions); }
  };
  std::unique_ptr<CK_FUNCTION_LIST, Release> module;

  [[nodiscard]] CK_FUNCTION_LIST& functions() const { return *module; }
  [[nodiscard]] CK_SLOT_ID slot_of(const std::string& reader) const;
};

CK_SLOT_ID Pkcs11Library::Loaded::slot_of(const std::string& reader) const {
  std::array<CK_SLOT_ID, max_slots> slots{};
  CK_ULONG count = slots.size();
  check(functions().C_GetSlotList(CK_TRUE, slots.data(), &count), "listing slots");
  const auto cut = std::string_view(reader).substr(0, slot_description_octets);
  std::vector<CK_SLOT_ID> tokens;
  for (const auto slot : std::span(slots).first(std::min(count, max_slots))) {
    CK_SLOT_INFO info{};
    CK_TOKEN_INFO token{};
    if (functions().C_GetSlotInfo(slot, &info) == CKR_OK && description_of(info) == cut) return slot;
    // Some libraries always have one slot more, with a token that waits to be made.
    const bool made = functions().C_GetTokenInfo(slot, &token) == CKR_OK && (token.flags & CKF_TOKEN_INITIALIZED) != 0;
    if (made) tokens.push_back(slot);
  }
  if (tokens.empty()) throw Error(Errc::NoCard, "vendor's library: it sees no card");
  if (tokens.size() > 1)
    throw Error(Errc::SeveralCards, "vendor's library: several cards, and none by the reader's name");
  return tokens.front();
}

// One session with a token; logged out and closed on every way out.
class Pkcs11Library::Session final {
public:
  Session(CK_FUNCTION_LIST& functions, CK_SLOT_ID slot) : m_functions(functions), m_slot(slot) {
    check(functions.C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &m_handle), "opening a session");
  }
  ~Session() {
    if (m_logged_in) m_functions.C_Logout(m_handle);
    m_functions.C_CloseSession(m_handle);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void log_in(CK_USER_TYPE user, const Pin& pin) {
    const auto octets = pin.view();
    const auto rv = m_functions.C_Login(m_handle, user, const_cast<unsigned char*>(octets.data()), octets.size());
    if (rv == CKR_OK) {
      m_logged_in = true;
      return;
    }
    CK_TOKEN_INFO info{};
    const bool told = m_functions.C_GetTokenInfo(m_slot, &info) == CKR_OK;
    throw error_of(rv, "the login", told ? tries_of(info.flags) : std::nullopt);
  }

  [[nodiscard]] std::vector<CK_OBJECT_HANDLE> find(std::vector<CK_ATTRIBUTE> wanted) {
    check(m_functions.C_FindObjectsInit(m_handle, wanted.data(), wanted.size()), "looking for objects");
    std::vector<CK_OBJECT_HANDLE> found(max_certificates);
    CK_ULONG count = 0;
    const auto rv = m_functions.C_FindObjects(m_handle, found.data(), found.size(), &count);
    m_functions.C_FindObjectsFinal(m_handle);
    check(rv, "looking for objects");
    found.resize(std::min<std::size_t>(count, found.size()));
    return found;
  }

  // nullopt when the object does not have it, or more than `limit` octets of it.
  [[nodiscard]] std::optional<Bytes> read(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, std::size_t limit) {
    Bytes octets(limit);
    CK_ATTRIBUTE attribute{type, octets.data(), octets.size()};
    if (m_functions.C_GetAttributeValue(m_handle, object, &attribute, 1) != CKR_OK) return std::nullopt;
    if (attribute.ulValueLen > octets.size()) return std::nullopt;
    octets.resize(attribute.ulValueLen);
    return octets;
  }

  [[nodiscard]] SecureBytes sign(CK_OBJECT_HANDLE key, const Pin& pin, ByteView data) {
    CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
    check(m_functions.C_SignInit(m_handle, &mechanism, key), "choosing the key");
    confirm(key, pin);
    return result_of(m_functions.C_Sign, data, "signing");
  }

  [[nodiscard]] SecureBytes decrypt(CK_OBJECT_HANDLE key, const Pin& pin, ByteView block) {
    CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
    check(m_functions.C_DecryptInit(m_handle, &mechanism, key), "choosing the key");
    confirm(key, pin);
    return result_of(m_functions.C_Decrypt, block, "decrypting");
  }

private:
  // Some keys want the PIN for each operation.
  void confirm(CK_OBJECT_HANDLE key, const Pin& pin) {
    const auto always = read(key, CKA_ALWAYS_AUTHENTICATE, sizeof(CK_BBOOL));
    if (always && always->size() == 1 && always->front() == CK_TRUE) log_in(CKU_CONTEXT_SPECIFIC, pin);
  }

  // C_Sign and C_Decrypt are called alike.
  template <typename Function>
  [[nodiscard]] SecureBytes result_of(Function function, ByteView data, std::string_view doing) {
    SecureBytes result(max_result_octets);
    CK_ULONG size = result.size();
    check(function(m_handle, const_cast<unsigned char*>(data.data()), data.size(), result.data(), &size), doing);
    if (size > result.size()) throw Error(Errc::BadCardData, "vendor's library: a result over 1,024 octets");
    result.truncate(size);
    return result;
  }

  CK_FUNCTION_LIST& m_functions;
  CK_SLOT_ID m_slot;
  CK_SESSION_HANDLE m_handle = 0;
  bool m_logged_in = false;
};

namespace {

CK_OBJECT_CLASS certificate_class = CKO_CERTIFICATE;
CK_OBJECT_CLASS private_key_class = CKO_PRIVATE_KEY;
CK_CERTIFICATE_TYPE x509_type = CKC_X_509;

CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, CK_ULONG& number) {
  return {type, &number, sizeof number};
}
CK_ATTRIBUTE attribute_of(CK_ATTRIBUTE_TYPE type, ByteView octets) {
  return {type, const_cast<unsigned char*>(octets.data()), octets.size()};
}

} // namespace

Pkcs11Library::Pkcs11Library(const std::filesystem::path& path) : m_loaded(std::make_unique<Loaded>()) {
  m_loaded->module.reset(p11_kit_module_load(path.c_str(), 0));
  if (!m_loaded->module)
    throw Error(Errc::CardRefused, fmt::format("vendor's library {}: cannot be loaded", path.string()));
  check(p11_kit_module_initialize(m_loaded->module.get()), "starting it");
}

Pkcs11Library::~Pkcs11Library() {
  p11_kit_module_finalize(m_loaded->module.get());
}

TokenDescription Pkcs11Library::describe(const std::string& reader) const {
  const auto slot = m_loaded->slot_of(reader);
  CK_TOKEN_INFO info{};
  check(m_loaded->functions().C_GetTokenInfo(slot, &info), "describing the token");
  TokenDescription token;
  token.label = text_of(info.label);
  token.manufacturer = text_of(info.manufacturerID);
  token.model = text_of(info.model);
  token.serial_number = text_of(info.serialNumber);
  token.min_pin = std::clamp<std::size_t>(info.ulMinPinLen, 1, rpc::max_pin_octets);
  token.max_pin = std::clamp<std::size_t>(info.ulMaxPinLen, token.min_pin, rpc::max_pin_octets);
  token.tries_left = tries_of(info.flags);

  Session session(m_loaded->functions(), slot);
  for (const auto object :
       session.find({attribute_of(CKA_CLASS, certificate_class), attribute_of(CKA_CERTIFICATE_TYPE, x509_type)})) {
    auto der = session.read(object, CKA_VALUE, rpc::max_certificate_octets);
    auto id = session.read(object, CKA_ID, max_id_octets);
    const auto label = session.read(object, CKA_LABEL, max_id_octets);
    if (!der || der->empty() || !id) continue;
    std::string text(as_text(label.value_or(Bytes())));
    std::ranges::replace_if(
        text, [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    token.certificates.push_back({std::move(*id), std::move(text), std::move(*der)});
  }
  return token;
}

void Pkcs11Library::check_pin(const std::string& reader, const Pin& pin) const {
  Session session(m_loaded->functions(), m_loaded->slot_of(reader));
  session.log_in(CKU_USER, pin);
}

template <typename Operation>
SecureBytes Pkcs11Library::with_key(const std::string& reader, const Pin& pin, ByteView certificate,
                                    Operation operation) const {
  Session session(m_loaded->functions(), m_loaded->slot_of(reader));
  const auto certificates =
      session.find({attribute_of(CKA_CLASS, certificate_class), attribute_of(CKA_VALUE, certificate)});
  if (certificates.empty()) throw Error(Errc::BadRequest, "certificate: the token does not have it");
  const auto id = session.read(certificates.front(), CKA_ID, max_id_octets);
  if (!id) throw Error(Errc::BadCardData, "vendor's library: a certificate without an identifier");

  session.log_in(CKU_USER, pin);
  const auto keys = session.find({attribute_of(CKA_CLASS, private_key_class), attribute_of(CKA_ID, *id)});
  if (keys.empty()) throw Error(Errc::BadRequest, "certificate: the token has no key for it");
  return operation(session, keys.front());
}

SecureBytes Pkcs11Library::sign(const std::string& reader, const Pin& pin, ByteView certificate,
                                ByteView digest_info) const {
  const auto operation = [&](Session& session, CK_OBJECT_HANDLE key) { return session.sign(key, pin, digest_info); };
  return with_key(reader, pin, certificate, operation);
}

SecureBytes Pkcs11Library::decrypt(const std::string& reader, const Pin& pin, ByteView certificate,
                                   ByteView block) const {
  const auto operation = [&](Session& session, CK_OBJECT_HANDLE key) { return session.decrypt(key, pin, block); };
  return with_key(reader, pin, certificate, operation);
}

} // namespace twcard::vendor
