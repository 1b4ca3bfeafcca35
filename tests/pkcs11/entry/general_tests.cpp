#include "tests/pkcs11/module_fixture.hpp"

#include <cstring>

namespace twcard::tests {

namespace {

CK_RV refuse_mutex(void**) {
  return CKR_GENERAL_ERROR;
}
CK_RV ignore_mutex(void*) {
  return CKR_OK;
}

struct UninitialisedFixture {
  FakeService service;
  LoadedModule p11;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(initialisation, UninitialisedFixture)

BOOST_AUTO_TEST_CASE(a_second_initialisation_and_a_second_finalisation_are_refused) {
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
  BOOST_TEST(p11->C_Initialize(nullptr) == CKR_CRYPTOKI_ALREADY_INITIALIZED);
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(mutexes_of_the_application_alone_are_refused) {
  CK_C_INITIALIZE_ARGS args{refuse_mutex, ignore_mutex, ignore_mutex, ignore_mutex, 0, nullptr};
  BOOST_TEST(p11->C_Initialize(&args) == CKR_CANT_LOCK);
  args.flags = CKF_OS_LOCKING_OK;
  BOOST_TEST(p11->C_Initialize(&args) == CKR_OK);
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(half_a_set_of_mutex_functions_and_reserved_arguments_are_bad) {
  CK_C_INITIALIZE_ARGS args{refuse_mutex, ignore_mutex, nullptr, ignore_mutex, CKF_OS_LOCKING_OK, nullptr};
  BOOST_TEST(p11->C_Initialize(&args) == CKR_ARGUMENTS_BAD);
  int something = 0;
  args = {nullptr, nullptr, nullptr, nullptr, CKF_OS_LOCKING_OK, &something};
  BOOST_TEST(p11->C_Initialize(&args) == CKR_ARGUMENTS_BAD);
  args.pReserved = nullptr;
  BOOST_TEST(p11->C_Initialize(&args) == CKR_OK);
  BOOST_TEST(p11->C_Finalize(&something) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
}

BOOST_AUTO_TEST_CASE(every_function_but_the_lists_needs_an_initialised_module) {
  CK_ULONG number = 0;
  CK_INFO info{};
  BOOST_TEST(p11->C_GetInfo(&info) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, nullptr, &number) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &number) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_DigestFinal(1, nullptr, &number) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_InitToken(1, nullptr, 0, nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED);
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &number, nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED);
}

BOOST_AUTO_TEST_CASE(without_a_service_there_are_no_slots_until_it_comes) {
  service.stop();
  BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
  CK_ULONG count = 7;
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_OK);
  BOOST_TEST(count == 0U);
  service.start();
  service.add_reader(first_reader);
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_OK);
  BOOST_TEST(count == 1U);
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(general, ModuleFixture)

BOOST_AUTO_TEST_CASE(the_library_says_3_0_in_padded_text) {
  CK_INFO info{};
  BOOST_TEST(p11->C_GetInfo(&info) == CKR_OK);
  BOOST_TEST(static_cast<int>(info.cryptokiVersion.major) == 3);
  BOOST_TEST(static_cast<int>(info.cryptokiVersion.minor) == 0);
  const std::string manufacturer(std::begin(info.manufacturerID), std::end(info.manufacturerID));
  BOOST_TEST(manufacturer == "twcard" + std::string(26, ' '));
  BOOST_TEST(info.flags == 0U);
}

BOOST_AUTO_TEST_CASE(both_interfaces_are_listed_and_found) {
  const auto list = p11.symbol<decltype(&::C_GetInterfaceList)>("C_GetInterfaceList");
  const auto get = p11.symbol<decltype(&::C_GetInterface)>("C_GetInterface");
  CK_ULONG count = 0;
  BOOST_TEST(list(nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(list(nullptr, &count) == CKR_OK);
  BOOST_TEST(count == 2U);
  CK_INTERFACE interfaces[2]{};
  count = 1;
  BOOST_TEST(list(interfaces, &count) == CKR_BUFFER_TOO_SMALL);
  BOOST_TEST(count == 2U);
  BOOST_TEST(list(interfaces, &count) == CKR_OK);
  BOOST_TEST(std::strcmp(reinterpret_cast<const char*>(interfaces[1].pInterfaceName), "PKCS 11") == 0);

  CK_INTERFACE* found = nullptr;
  std::string name = "PKCS 11";
  CK_VERSION version{2, 40};
  BOOST_TEST(get(octets(name), &version, &found, 0) == CKR_OK);
  BOOST_TEST(static_cast<int>(static_cast<CK_FUNCTION_LIST*>(found->pFunctionList)->version.major) == 2);
  BOOST_TEST(get(nullptr, nullptr, &found, 0) == CKR_OK);
  BOOST_TEST(static_cast<int>(static_cast<CK_FUNCTION_LIST*>(found->pFunctionList)->version.major) == 3);
  version = {3, 1};
  BOOST_TEST(get(octets(name), &version, &found, 0) == CKR_FUNCTION_FAILED);
  BOOST_TEST(get(nullptr, nullptr, &found, CKF_INTERFACE_FORK_SAFE) == CKR_FUNCTION_FAILED);
  name = "Vendor other";
  BOOST_TEST(get(octets(name), nullptr, &found, 0) == CKR_FUNCTION_FAILED);
  BOOST_TEST(get(nullptr, nullptr, nullptr, 0) == CKR_ARGUMENTS_BAD);
}

BOOST_AUTO_TEST_CASE(both_tables_hold_the_exported_functions_and_no_hole) {
  CK_FUNCTION_LIST* list = nullptr;
  BOOST_TEST(p11->C_GetFunctionList(&list) == CKR_OK);
  const auto count_of = [](const auto& table) {
    // A version, padded to a pointer, then pointers only.
    const auto* pointers = reinterpret_cast<void* const*>(&table) + 1;
    const auto count = sizeof table / sizeof(void*) - 1;
    for (std::size_t i = 0; i < count; ++i) BOOST_TEST(pointers[i] != nullptr);
    return count;
  };
  BOOST_TEST(count_of(*list) == 68U);
  BOOST_TEST(count_of(*p11.operator->()) == 92U);
  BOOST_TEST(list->C_WaitForSlotEvent == p11.symbol<decltype(&::C_WaitForSlotEvent)>("C_WaitForSlotEvent"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_done_is_said_to_be_unsupported) {
  const auto session = open();
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  CK_ULONG size = 0;
  CK_OBJECT_HANDLE object = 1;
  BOOST_TEST(p11->C_InitToken(1, nullptr, 0, nullptr) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_InitPIN(session, nullptr, 0) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_SetPIN(session, nullptr, 0, nullptr, 0) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_CreateObject(session, nullptr, 0, nullptr) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_CopyObject(session, object, nullptr, 0, nullptr) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_DestroyObject(session, object) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_SetAttributeValue(session, object, nullptr, 0) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_DigestEncryptUpdate(session, nullptr, 0, nullptr, &size) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_GenerateKey(session, &mechanism, nullptr, 0, &object) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_WrapKey(session, &mechanism, 1, 1, nullptr, &size) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_DeriveKey(session, nullptr, 1, nullptr, 0, nullptr) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_MessageSignInit(session, &mechanism, 1) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_MessageVerifyFinal(session) == CKR_FUNCTION_NOT_SUPPORTED);
  BOOST_TEST(p11->C_GetFunctionStatus(session) == CKR_FUNCTION_NOT_PARALLEL);
  BOOST_TEST(p11->C_CancelFunction(session) == CKR_FUNCTION_NOT_PARALLEL);
  BOOST_TEST(p11->C_SetPIN(session + 1, nullptr, 0, nullptr, 0) == CKR_SESSION_HANDLE_INVALID);
}

BOOST_AUTO_TEST_CASE(null_pointers_are_bad_arguments) {
  const auto session = open_logged_in();
  CK_MECHANISM sha256{CKM_SHA256, nullptr, 0};
  CK_MECHANISM pkcs1{CKM_RSA_PKCS, nullptr, 0};
  CK_ULONG size = 0;
  CK_BYTE octet = 0;
  BOOST_TEST(p11->C_GetInfo(nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetFunctionList(nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetSlotList(CK_FALSE, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetSlotInfo(1, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetTokenInfo(1, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetMechanismList(1, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetMechanismInfo(1, CKM_RSA_PKCS, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetSessionInfo(session, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetOperationState(session, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_SetOperationState(session, nullptr, 0, 0, 0) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetObjectSize(session, 1, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GetAttributeValue(session, 1, nullptr, 1) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_FindObjectsInit(session, nullptr, 1) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &size, &octet) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_Login(session, CKU_USER, nullptr, 6) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_GenerateRandom(session, nullptr, 8) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_SeedRandom(session, nullptr, 8) == CKR_ARGUMENTS_BAD);
  for (const auto init : {p11->C_SignInit, p11->C_SignRecoverInit, p11->C_VerifyInit, p11->C_VerifyRecoverInit,
                          p11->C_EncryptInit, p11->C_DecryptInit})
    BOOST_TEST(init(session, nullptr, 1) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_DigestInit(session, nullptr) == CKR_ARGUMENTS_BAD);

  BOOST_TEST(p11->C_DigestInit(session, &sha256) == CKR_OK);
  BOOST_TEST(p11->C_Digest(session, nullptr, 3, &octet, &size) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_DigestInit(session, &sha256) == CKR_OK);
  BOOST_TEST(p11->C_Digest(session, &octet, 1, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_DigestInit(session, &sha256) == CKR_OK);
  BOOST_TEST(p11->C_DigestUpdate(session, nullptr, 3) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_SignInit(session, &pkcs1, private_key(session)) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, nullptr, 3, &octet, &size) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_SignInit(session, &pkcs1, private_key(session)) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, &octet, 1, nullptr, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_VerifyInit(session, &pkcs1, public_key(session)) == CKR_OK);
  BOOST_TEST(p11->C_Verify(session, &octet, 1, nullptr, 256) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_DecryptInit(session, &pkcs1, private_key(session, "KEYX")) == CKR_OK);
  BOOST_TEST(p11->C_Decrypt(session, &octet, 1, &octet, nullptr) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_EncryptInit(session, &pkcs1, public_key(session, "KEYX")) == CKR_OK);
  BOOST_TEST(p11->C_EncryptUpdate(session, nullptr, 3, &octet, &size) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_FindObjectsInit(session, nullptr, 0) == CKR_OK);
  BOOST_TEST(p11->C_FindObjects(session, nullptr, 3, &size) == CKR_ARGUMENTS_BAD);
  BOOST_TEST(p11->C_FindObjects(session, &size, 1, nullptr) == CKR_ARGUMENTS_BAD);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
