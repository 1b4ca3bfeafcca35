#include "pkcs11/line/card_link.hpp"

namespace twcard::pkcs11 {

namespace {

// The service's own deadlines are 120 s for an answer of the person and 30 s for the card. A login may take two
// answers: that the last attempt is to be used, and the PIN.
constexpr std::chrono::seconds card_limit{40};
constexpr std::chrono::seconds login_limit{300};

} // namespace

CardLink::CardLink(std::string reader, std::string insertion)
    : m_reader(std::move(reader)), m_insertion(std::move(insertion)) {}

boost::json::object CardLink::card_params() const {
  return {{"reader", m_reader}, {"insertion", m_insertion}};
}

SecureBytes CardLink::call(std::string_view method, boost::json::object params, SecureBytes blob,
                           std::chrono::milliseconds limit) {
  if (m_line.open()) m_logged_in = false;
  try {
    return m_line.call(method, std::move(params), std::move(blob), limit).blob;
  } catch (const Error& error) {
    if (!m_line.is_open() || error.code() == Errc::PinRequired) m_logged_in = false;
    if (error.tries_left()) m_tries_left = *error.tries_left();
    if (error.code() == Errc::PinBlocked) m_tries_left = 0;
    throw;
  }
}

bool CardLink::login(std::optional<SecureBytes> pin, Login login) {
  const std::lock_guard lock(m_mutex);
  if (m_logged_in && login == Login::First) return false;
  auto params = card_params();
  if (!pin) params["prompt"] = true;
  try {
    call("token.login", std::move(params), pin ? std::move(*pin) : SecureBytes(), login_limit);
  } catch (const Error&) {
    m_logged_in = false; // the service drops a login whose PIN is refused (control C24)
    throw;
  }
  m_tries_left = unknown_tries;
  m_logged_in = true;
  return true;
}

void CardLink::logout() noexcept {
  m_logged_in = false;
  const std::lock_guard lock(m_mutex);
  if (!m_line.is_open()) return;
  try {
    m_line.call("token.logout", card_params(), {}, card_limit);
  } catch (const std::exception&) {
    m_line.close(); // the end of the connection is a logout as well
  }
}

std::optional<int> CardLink::tries_left() const noexcept {
  const int tries = m_tries_left;
  return tries == unknown_tries ? std::nullopt : std::optional(tries);
}

SecureBytes CardLink::rsa_operation(std::string_view method, const std::string& key_id, SecureBytes block) {
  const std::lock_guard lock(m_mutex);
  auto params = card_params();
  params["key"] = key_id;
  const auto size = block.size();
  auto result = call(method, std::move(params), std::move(block), card_limit);
  if (result.size() != size) throw Error(Errc::Internal, "the result of an RSA operation has another size");
  return result;
}

SecureBytes CardLink::sign(const std::string& key_id, SecureBytes block) {
  return rsa_operation("token.sign", key_id, std::move(block));
}

SecureBytes CardLink::decrypt(const std::string& key_id, SecureBytes block) {
  return rsa_operation("token.decrypt", key_id, std::move(block));
}

SecureBytes CardLink::apply_public_key(const std::string& key_id, SecureBytes block) {
  return rsa_operation("token.public", key_id, std::move(block));
}

SecureBytes CardLink::random() {
  const std::lock_guard lock(m_mutex);
  return call("token.random", {{"reader", m_reader}}, {}, card_limit);
}

void CardLink::cut() noexcept {
  m_logged_in = false;
  m_line.cut();
}

} // namespace twcard::pkcs11
