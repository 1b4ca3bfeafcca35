#include "tests/pkcs11/module_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

namespace twcard::tests {

namespace {

struct LoginFixture : ModuleFixture {
  CK_SESSION_HANDLE session = open();
  [[nodiscard]] CK_STATE state(CK_SESSION_HANDLE of) {
    CK_SESSION_INFO info{};
    BOOST_TEST(p11->C_GetSessionInfo(of, &info) == CKR_OK);
    return info.state;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(login_and_sessions, LoginFixture)

BOOST_AUTO_TEST_CASE(a_session_has_to_be_serial) {
  CK_SESSION_HANDLE handle = 0;
  BOOST_TEST(p11->C_OpenSession(1, 0, nullptr, nullptr, &handle) == CKR_SESSION_PARALLEL_NOT_SUPPORTED);
  BOOST_TEST(p11->C_OpenSession(1, CKF_RW_SESSION, nullptr, nullptr, &handle) == CKR_SESSION_PARALLEL_NOT_SUPPORTED);
}

BOOST_AUTO_TEST_CASE(login_is_of_all_sessions_and_ends_with_the_last) {
  const auto other = open(CKF_SERIAL_SESSION | CKF_RW_SESSION);
  BOOST_TEST(state(session) == CKS_RO_PUBLIC_SESSION);
  BOOST_TEST(state(other) == CKS_RW_PUBLIC_SESSION);
  BOOST_TEST(log_in(session) == CKR_OK);
  BOOST_TEST(state(session) == CKS_RO_USER_FUNCTIONS);
  BOOST_TEST(state(other) == CKS_RW_USER_FUNCTIONS);
  BOOST_TEST(log_in(other) == CKR_USER_ALREADY_LOGGED_IN);
  BOOST_TEST(service.logins() == 1U);
  BOOST_TEST(p11->C_CloseSession(session) == CKR_OK);
  BOOST_TEST(state(other) == CKS_RW_USER_FUNCTIONS);
  BOOST_TEST(p11->C_CloseSession(other) == CKR_OK);
  BOOST_TEST(service.logins() == 0U);
  BOOST_TEST(p11->C_CloseSession(other) == CKR_SESSION_HANDLE_INVALID);
  session = open();
  BOOST_TEST(state(session) == CKS_RO_PUBLIC_SESSION);
}

BOOST_AUTO_TEST_CASE(logout_and_the_closing_of_all_sessions_tell_the_service) {
  BOOST_TEST(p11->C_Logout(session) == CKR_USER_NOT_LOGGED_IN);
  BOOST_TEST(log_in(session) == CKR_OK);
  BOOST_TEST(p11->C_Logout(session) == CKR_OK);
  BOOST_TEST(service.logins() == 0U);
  BOOST_TEST(log_in(session) == CKR_OK);
  BOOST_TEST(p11->C_CloseAllSessions(1) == CKR_OK);
  BOOST_TEST(service.logins() == 0U);
  CK_SESSION_INFO info{};
  BOOST_TEST(p11->C_GetSessionInfo(session, &info) == CKR_SESSION_HANDLE_INVALID);
}

BOOST_AUTO_TEST_CASE(the_token_counts_its_sessions) {
  const auto other = open(CKF_SERIAL_SESSION | CKF_RW_SESSION);
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  BOOST_TEST(info.ulSessionCount == 2U);
  BOOST_TEST(info.ulRwSessionCount == 1U);
  BOOST_TEST(p11->C_CloseSession(other) == CKR_OK);
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  BOOST_TEST(info.ulSessionCount == 1U);
}

BOOST_AUTO_TEST_CASE(a_pin_that_cannot_be_right_never_reaches_the_service) {
  BOOST_TEST(log_in(session, "") == CKR_PIN_INCORRECT);
  BOOST_TEST(log_in(session, "12345") == CKR_PIN_INCORRECT);
  BOOST_TEST(log_in(session, "123456789") == CKR_PIN_INCORRECT);
  BOOST_TEST(log_in(session, std::string(100'000, '1')) == CKR_PIN_INCORRECT);
  BOOST_TEST(log_in(session, std::string("135790\0", 7)) == CKR_PIN_INVALID);
  BOOST_TEST(p11->C_Login(session, CKU_USER, nullptr, 6) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(service.calls("token.login") == 0);
}

BOOST_AUTO_TEST_CASE(a_pin_does_not_have_to_end_in_nul) {
  std::string longer = std::string(SoftwareCard::pin) + "9999";
  BOOST_TEST(p11->C_Login(session, CKU_USER, octets(longer), 6) == CKR_OK);
  BOOST_TEST(service.last_pin() == SoftwareCard::pin);
}

BOOST_AUTO_TEST_CASE(a_wrong_pin_is_tried_once_and_lowers_the_tries_that_the_token_tells) {
  BOOST_TEST(log_in(session, "000000") == CKR_PIN_INCORRECT);
  BOOST_TEST(service.calls("token.login") == 1);
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  BOOST_TEST((info.flags & CKF_USER_PIN_COUNT_LOW) != 0U);
  BOOST_TEST(state(session) == CKS_RO_PUBLIC_SESSION);
  BOOST_TEST(log_in(session) == CKR_OK);
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  BOOST_TEST((info.flags & CKF_USER_PIN_COUNT_LOW) == 0U);
}

BOOST_AUTO_TEST_CASE(without_a_pin_the_service_asks) {
  BOOST_TEST(p11->C_Login(session, CKU_USER, nullptr, 0) == CKR_OK);
  BOOST_TEST(service.logins() == 1U);
  BOOST_TEST(p11->C_Logout(session) == CKR_OK);
  service.set_person(false);
  BOOST_TEST(p11->C_Login(session, CKU_USER, nullptr, 0) == CKR_FUNCTION_CANCELED);
  BOOST_TEST(state(session) == CKS_RO_PUBLIC_SESSION);
}

BOOST_AUTO_TEST_CASE(there_is_one_kind_of_user) {
  std::string pin = SoftwareCard::pin;
  BOOST_TEST(p11->C_Login(session, CKU_SO, octets(pin), pin.size()) == CKR_USER_TYPE_INVALID);
  BOOST_TEST(p11->C_Login(session, 99, octets(pin), pin.size()) == CKR_USER_TYPE_INVALID);
  BOOST_TEST(p11->C_LoginUser(session, CKU_USER, octets(pin), pin.size(), octets(pin), 1) == CKR_USER_TYPE_INVALID);
  BOOST_TEST(p11->C_LoginUser(session, CKU_USER, octets(pin), pin.size(), nullptr, 0) == CKR_OK);
  BOOST_TEST(service.calls("token.login") == 1);
}

BOOST_AUTO_TEST_CASE(a_login_for_one_operation_needs_the_operation) {
  std::string pin = SoftwareCard::pin;
  BOOST_TEST(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, octets(pin), pin.size()) == CKR_OPERATION_NOT_INITIALIZED);
  BOOST_TEST(log_in(session) == CKR_OK);
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session)) == CKR_OK);
  BOOST_TEST(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, octets(pin), pin.size()) == CKR_OK);
  BOOST_TEST(service.calls("token.login") == 2);
}

BOOST_AUTO_TEST_CASE(another_process_has_no_part_in_the_login) {
  BOOST_TEST(log_in(session) == CKR_OK);
  const auto child = ::fork();
  if (child == 0) {
    CK_SESSION_HANDLE own = 0;
    CK_SESSION_INFO info{};
    const bool right = p11->C_Initialize(nullptr) == CKR_OK &&
                       p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &own) == CKR_OK &&
                       p11->C_GetSessionInfo(own, &info) == CKR_OK && info.state == CKS_RO_PUBLIC_SESSION &&
                       p11->C_Logout(own) == CKR_USER_NOT_LOGGED_IN && p11->C_CloseAllSessions(1) == CKR_OK &&
                       p11->C_Finalize(nullptr) == CKR_OK;
    ::_exit(right ? 0 : 1);
  }
  int status = -1;
  BOOST_TEST(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  BOOST_TEST(service.logins() == 1U);
  BOOST_TEST(state(session) == CKS_RO_USER_FUNCTIONS);
}

BOOST_AUTO_TEST_CASE(removal_and_swap_end_sessions_and_login) {
  BOOST_TEST(log_in(session) == CKR_OK);
  service.insert(first_reader); // another card, before anybody looked
  CK_SESSION_INFO info{};
  BOOST_TEST(p11->C_GetSessionInfo(session, &info) == CKR_SESSION_HANDLE_INVALID);
  session = open();
  BOOST_TEST(state(session) == CKS_RO_PUBLIC_SESSION);
  // The connection that was logged in has been ended; the service hears of it a moment later.
  while (service.logins() != 0) std::this_thread::yield();
}

BOOST_AUTO_TEST_CASE(a_login_that_the_service_dropped_is_noticed) {
  BOOST_TEST(log_in(session) == CKR_OK);
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session)) == CKR_OK);
  service.forget_logins();
  std::array<CK_BYTE, 256> signature{};
  CK_ULONG size = signature.size();
  CK_BYTE data = 1;
  BOOST_TEST(p11->C_Sign(session, &data, 1, signature.data(), &size) == CKR_USER_NOT_LOGGED_IN);
  BOOST_TEST(state(session) == CKS_RO_PUBLIC_SESSION);
  BOOST_TEST(log_in(session) == CKR_OK);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
