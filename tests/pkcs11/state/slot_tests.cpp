#include "tests/pkcs11/module_fixture.hpp"

#include <future>

namespace twcard::tests {

BOOST_FIXTURE_TEST_SUITE(slots_and_tokens, ModuleFixture)

BOOST_AUTO_TEST_CASE(a_slot_stays_when_its_reader_goes_and_a_new_one_is_appended) {
  BOOST_TEST(slots(false).size() == 1U);
  service.add_reader(second_reader);
  BOOST_TEST(slots(false).size() == 2U);
  BOOST_TEST(slots(true).size() == 1U);
  service.remove_reader(first_reader);
  BOOST_TEST(slots(false).size() == 2U);
  BOOST_TEST(slots(true).empty());
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_TOKEN_NOT_PRESENT);
  service.add_reader(first_reader);
  service.insert(first_reader);
  BOOST_TEST(slots(false).size() == 2U);
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(the_list_changes_only_when_its_size_is_asked_for) {
  CK_ULONG count = 0;
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_OK);
  service.add_reader(second_reader);
  std::array<CK_SLOT_ID, 4> ids{};
  count = ids.size();
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, ids.data(), &count) == CKR_OK);
  BOOST_TEST(count == 1U);
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_OK);
  count = 1;
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, ids.data(), &count) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(count == 2U);
}

BOOST_AUTO_TEST_CASE(an_empty_slot_is_an_ordinary_one) {
  service.add_reader(second_reader);
  BOOST_TEST(slots(false).size() == 2U);
  CK_SLOT_INFO info{};
  BOOST_TEST(p11->C_GetSlotInfo(2, &info) == CKR_OK);
  BOOST_TEST((info.flags & CKF_TOKEN_PRESENT) == 0U);
  const std::string description(std::begin(info.slotDescription), std::end(info.slotDescription));
  BOOST_TEST(description == second_reader + std::string(50, ' '));
  CK_SESSION_HANDLE session = 0;
  CK_ULONG count = 0;
  BOOST_TEST(p11->C_OpenSession(2, CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_TOKEN_NOT_PRESENT);
  BOOST_TEST(p11->C_GetMechanismList(2, nullptr, &count) == CKR_TOKEN_NOT_PRESENT);
  BOOST_TEST(p11->C_CloseAllSessions(2) == CKR_OK);
  for (const CK_SLOT_ID id : {CK_SLOT_ID{0}, CK_SLOT_ID{3}, ~CK_SLOT_ID{0}}) {
    BOOST_TEST(p11->C_GetSlotInfo(id, &info) == CKR_SLOT_ID_INVALID);
    BOOST_TEST(p11->C_CloseAllSessions(id) == CKR_SLOT_ID_INVALID);
  }
}

BOOST_AUTO_TEST_CASE(an_nhi_card_is_present_and_not_recognised) {
  service.insert(second_reader, "unrecognised");
  BOOST_TEST(slots(true).size() == 2U);
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(2, &info) == CKR_TOKEN_NOT_RECOGNIZED);
  CK_SESSION_HANDLE session = 0;
  BOOST_TEST(p11->C_OpenSession(2, CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_TOKEN_NOT_RECOGNIZED);
}

BOOST_AUTO_TEST_CASE(a_card_that_is_being_read_is_waited_for) {
  service.insert(second_reader, "reading");
  BOOST_TEST(slots(true).size() == 2U);
  CK_TOKEN_INFO info{};
  auto asked = std::async(std::launch::async, [&] { return p11->C_GetTokenInfo(2, &info); });
  BOOST_TEST((asked.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  service.finish_reading(second_reader);
  BOOST_TEST(asked.get() == CKR_OK);
}

BOOST_AUTO_TEST_CASE(the_token_is_named_as_existing_applications_know_it) {
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  const auto text = [](const auto& field) { return std::string(std::begin(field), std::end(field)); };
  BOOST_TEST(text(info.label) == "HiCOS PKI Smart Card            ");
  BOOST_TEST(text(info.manufacturerID) == "Chunghwa TeleCom Co., Ltd.      ");
  BOOST_TEST(text(info.serialNumber) == "0000000000004711");
  BOOST_TEST(info.ulMinPinLen == 6U);
  BOOST_TEST(info.ulMaxPinLen == 8U);
  BOOST_TEST(info.flags ==
             (CKF_RNG | CKF_WRITE_PROTECTED | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED));
}

BOOST_AUTO_TEST_CASE(a_token_label_has_no_colon) {
  service.remove(first_reader);
  service.set_label("CAC: WANG.XIAO MING");
  service.insert(first_reader);
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  const std::string label(std::begin(info.label), std::end(info.label));
  BOOST_TEST(label == "CAC. WANG.XIAO MING             ");
}

BOOST_AUTO_TEST_CASE(pin_flags_say_what_is_known_of_the_tries_left) {
  const CK_FLAGS all = CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
  const auto flags_with = [&](std::optional<int> tries) {
    service.set_tries_left(tries);
    CK_TOKEN_INFO info{};
    BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
    return info.flags & all;
  };
  BOOST_TEST(flags_with(3) == 0U);
  BOOST_TEST(flags_with(2) == CKF_USER_PIN_COUNT_LOW);
  BOOST_TEST(flags_with(1) == (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY));
  BOOST_TEST(flags_with(0) == CKF_USER_PIN_LOCKED);
  BOOST_TEST(flags_with(std::nullopt) == 0U);
}

BOOST_AUTO_TEST_CASE(a_program_can_be_made_to_use_the_services_prompt) {
  ::setenv("TWCARD_PKCS11_PROMPT", "1", 1);
  CK_TOKEN_INFO info{};
  BOOST_TEST(p11->C_GetTokenInfo(1, &info) == CKR_OK);
  ::unsetenv("TWCARD_PKCS11_PROMPT");
  BOOST_TEST((info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0U);
}

BOOST_AUTO_TEST_CASE(mechanisms_are_listed_with_what_they_are_for) {
  CK_ULONG count = 0;
  BOOST_TEST(p11->C_GetMechanismList(1, nullptr, &count) == CKR_OK);
  std::vector<CK_MECHANISM_TYPE> types(count);
  CK_ULONG less = count - 1;
  BOOST_TEST(p11->C_GetMechanismList(1, types.data(), &less) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(less == count);
  BOOST_TEST(p11->C_GetMechanismList(1, types.data(), &count) == CKR_OK);
  BOOST_TEST(types.size() == 31U);
  CK_MECHANISM_INFO info{};
  for (const auto type : types) BOOST_TEST(p11->C_GetMechanismInfo(1, type, &info) == CKR_OK);
  BOOST_TEST(p11->C_GetMechanismInfo(1, CKM_RSA_PKCS_PSS, &info) == CKR_OK);
  BOOST_TEST(info.flags == (CKF_HW | CKF_SIGN | CKF_VERIFY));
  BOOST_TEST(p11->C_GetMechanismInfo(1, 0x1085, &info) == CKR_MECHANISM_INVALID);
}

BOOST_AUTO_TEST_CASE(a_listing_with_a_warm_service_is_one_call_and_changes_nothing) {
  const auto before = service.calls("token.list");
  for (int i = 0; i < 10; ++i) BOOST_TEST(slots(true).size() == 1U);
  const auto session = open();
  BOOST_TEST(find(session, {}).size() == 5U);
  CK_SESSION_INFO info{};
  for (int i = 0; i < 10; ++i) BOOST_TEST(p11->C_GetSessionInfo(session, &info) == CKR_OK);
  BOOST_TEST(service.calls("token.list") == before);
  BOOST_TEST(service.connections() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(slot_events, ModuleFixture)

BOOST_AUTO_TEST_CASE(every_insertion_and_every_removal_is_reported_once) {
  CK_SLOT_ID slot = 0;
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_NO_EVENT);
  for (int i = 0; i < 20; ++i) {
    service.remove(first_reader);
    BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_OK);
    BOOST_TEST(slot == 1U);
    service.insert(first_reader);
    BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_OK);
    BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_NO_EVENT);
  }
}

BOOST_AUTO_TEST_CASE(a_card_that_came_and_went_between_two_looks_is_reported) {
  CK_SLOT_ID slot = 0;
  service.remove(first_reader);
  service.insert(first_reader);
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_OK);
  service.insert(second_reader);
  service.remove(second_reader);
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_OK);
  BOOST_TEST(slot == 2U);
}

BOOST_AUTO_TEST_CASE(an_event_is_not_lost_to_another_function_that_looks_first) {
  service.remove(first_reader);
  BOOST_TEST(slots(true).empty());
  CK_SLOT_ID slot = 0;
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(a_blocked_wait_ends_with_an_insertion) {
  CK_SLOT_ID slot = 0;
  auto waiting = std::async(std::launch::async, [&] { return p11->C_WaitForSlotEvent(0, &slot, nullptr); });
  BOOST_TEST((waiting.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout));
  service.insert(second_reader);
  BOOST_TEST(waiting.get() == CKR_OK);
  BOOST_TEST(slot == 2U);
}

BOOST_AUTO_TEST_CASE(two_waits_share_the_events) {
  CK_SLOT_ID slots[2]{};
  std::vector<std::future<CK_RV>> waiting;
  for (auto& slot : slots)
    waiting.push_back(std::async(std::launch::async, [&] { return p11->C_WaitForSlotEvent(0, &slot, nullptr); }));
  service.insert(second_reader);
  service.remove(first_reader);
  for (auto& wait : waiting) BOOST_TEST(wait.get() == CKR_OK);
  BOOST_TEST(slots[0] + slots[1] == 3U);
}

BOOST_AUTO_TEST_CASE(a_blocked_wait_ends_when_the_module_is_finalised) {
  for (int i = 0; i < 20; ++i) {
    CK_SLOT_ID slot = 0;
    auto waiting = std::async(std::launch::async, [&] { return p11->C_WaitForSlotEvent(0, &slot, nullptr); });
    if (i % 2 == 0) std::this_thread::yield();
    BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
    BOOST_TEST(waiting.get() == CKR_CRYPTOKI_NOT_INITIALIZED);
    BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
  }
}

BOOST_AUTO_TEST_CASE(the_end_of_the_service_is_the_removal_of_its_cards) {
  const auto session = open();
  service.stop();
  CK_SLOT_ID slot = 0;
  BOOST_TEST(p11->C_WaitForSlotEvent(0, &slot, nullptr) == CKR_OK);
  CK_SESSION_INFO info{};
  BOOST_TEST(p11->C_GetSessionInfo(session, &info) == CKR_SESSION_HANDLE_INVALID);
  BOOST_TEST(slots(false).size() == 1U);
  BOOST_TEST(slots(true).empty());
  service.start();
  BOOST_TEST(p11->C_WaitForSlotEvent(0, &slot, nullptr) == CKR_OK);
  BOOST_TEST(slots(true).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
