#include "tests/pkcs11/module_fixture.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <future>
#include <latch>
#include <link.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::tests {

namespace {

std::size_t entries_of(const char* folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++count;
  return count;
}

// The exit status of a forked child that runs `body`.
template <typename Body>
int in_child(Body body) {
  const auto child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(processes, ModuleFixture)

BOOST_AUTO_TEST_CASE(a_child_starts_from_scratch_and_leaves_the_parent_alone) {
  const auto session = open_logged_in();
  const auto handle = private_key(session);
  const auto status = in_child([&] {
    CK_SESSION_INFO info{};
    CK_ULONG count = 0;
    if (p11->C_GetSessionInfo(session, &info) != CKR_CRYPTOKI_NOT_INITIALIZED) return false;
    if (p11->C_Finalize(nullptr) != CKR_CRYPTOKI_NOT_INITIALIZED) return false;
    if (p11->C_Initialize(nullptr) != CKR_OK) return false;
    if (p11->C_GetSessionInfo(session, &info) != CKR_SESSION_HANDLE_INVALID) return false;
    if (p11->C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK || count != 1) return false;
    return p11->C_Finalize(nullptr) == CKR_OK;
  });
  BOOST_TEST(status == 0);
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  std::array<CK_BYTE, 256> signature{};
  CK_ULONG size = signature.size();
  CK_BYTE data = 7;
  BOOST_TEST(p11->C_SignInit(session, &mechanism, handle) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, &data, 1, signature.data(), &size) == CKR_OK);
}

// A program that is logged in forks, its child calls the module once, and the program dies without C_Finalize.
BOOST_AUTO_TEST_CASE(a_child_does_not_keep_the_login_of_a_dead_parent_alive) {
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
  while (service.connections() != 0) std::this_thread::yield();
  std::array<int, 2> to_child{};
  std::array<int, 2> from_child{};
  BOOST_REQUIRE(::pipe(to_child.data()) == 0 && ::pipe(from_child.data()) == 0);
  const auto parent = ::fork();
  if (parent == 0) {
    CK_SESSION_HANDLE session = 0;
    const bool right = p11->C_Initialize(nullptr) == CKR_OK &&
                       p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_OK &&
                       log_in(session) == CKR_OK;
    if (!right) ::_exit(1);
    if (::fork() == 0) {
      CK_ULONG count = 0;
      char octet = p11->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_CRYPTOKI_NOT_INITIALIZED ? 'y' : 'n';
      if (::write(from_child[1], &octet, 1) != 1) ::_exit(1);
      ::_exit(::read(to_child[0], &octet, 1) == 1 ? 0 : 1);
    }
    char octet = 0;
    ::_exit(::read(from_child[0], &octet, 1) == 1 && octet == 'y' ? 0 : 1);
  }
  int status = -1;
  BOOST_TEST(::waitpid(parent, &status, 0) == parent);
  BOOST_TEST(status == 0);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (service.connections() != 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  BOOST_TEST(service.connections() == 0U); // with the child still there
  BOOST_TEST(service.logins() == 0U);
  const char octet = 0;
  BOOST_TEST(::write(to_child[1], &octet, 1) == 1);
  for (const int descriptor : {to_child[0], to_child[1], from_child[0], from_child[1]}) ::close(descriptor);
}

BOOST_AUTO_TEST_CASE(a_fork_in_the_middle_of_other_threads_calls_leaves_a_child_that_works) {
  std::atomic<bool> going{true};
  std::vector<std::future<void>> callers;
  for (int i = 0; i < 4; ++i)
    callers.push_back(std::async(std::launch::async, [&] {
      CK_SLOT_INFO info{};
      while (going) p11->C_GetSlotInfo(1, &info);
    }));
  for (int i = 0; i < 50; ++i) {
    const auto status = in_child([&] {
      CK_SLOT_INFO info{};
      return p11->C_GetSlotInfo(1, &info) == CKR_CRYPTOKI_NOT_INITIALIZED && p11->C_Initialize(nullptr) == CKR_OK &&
             p11->C_GetSlotInfo(1, &info) == CKR_OK && p11->C_Finalize(nullptr) == CKR_OK;
    });
    BOOST_TEST(status == 0);
  }
  going = false;
}

BOOST_AUTO_TEST_CASE(no_thread_is_created) {
  const auto before = entries_of("/proc/self/task");
  const auto session = open_logged_in();
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  std::array<CK_BYTE, 256> signature{};
  CK_ULONG size = signature.size();
  CK_BYTE data = 7;
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session)) == CKR_OK);
  BOOST_TEST(p11->C_Sign(session, &data, 1, signature.data(), &size) == CKR_OK);
  BOOST_TEST(entries_of("/proc/self/task") == before);
}

BOOST_AUTO_TEST_CASE(no_descriptor_stays_open) {
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
  while (service.connections() != 0) std::this_thread::yield();
  const auto before = entries_of("/proc/self/fd");
  for (int i = 0; i < 20; ++i) {
    BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
    static_cast<void>(open_logged_in());
    service.remove(first_reader);
    BOOST_TEST(slots(true).empty());
    service.insert(first_reader);
    BOOST_TEST(slots(true).size() == 1U);
    BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
  }
  while (service.connections() != 0) std::this_thread::yield();
  BOOST_TEST(entries_of("/proc/self/fd") == before);
}

BOOST_AUTO_TEST_CASE(finalisation_ends_a_signature_that_waits_for_the_card) {
  const auto session = open_logged_in();
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session)) == CKR_OK);
  service.hold();
  auto signing = std::async(std::launch::async, [&] {
    std::array<CK_BYTE, 256> signature{};
    CK_ULONG size = signature.size();
    CK_BYTE data = 7;
    return p11->C_Sign(session, &data, 1, signature.data(), &size);
  });
  while (service.calls("token.sign") == 0) std::this_thread::yield();
  BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
  BOOST_TEST(signing.get() != CKR_OK);
  service.release();
}

BOOST_AUTO_TEST_CASE(a_signature_under_way_does_not_hold_up_other_functions) {
  const auto session = open_logged_in();
  const auto other = open();
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session)) == CKR_OK);
  service.hold();
  auto signing = std::async(std::launch::async, [&] {
    std::array<CK_BYTE, 256> signature{};
    CK_ULONG size = signature.size();
    CK_BYTE data = 7;
    return p11->C_Sign(session, &data, 1, signature.data(), &size);
  });
  while (service.calls("token.sign") == 0) std::this_thread::yield();
  BOOST_TEST(slots(true).size() == 1U);
  BOOST_TEST(find(other, {}).size() == 7U);
  service.release();
  BOOST_TEST(signing.get() == CKR_OK);
}

BOOST_AUTO_TEST_CASE(a_card_pulled_during_a_signature_ends_it) {
  const auto session = open_logged_in();
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  BOOST_TEST(p11->C_SignInit(session, &mechanism, private_key(session)) == CKR_OK);
  service.hold();
  auto signing = std::async(std::launch::async, [&] {
    std::array<CK_BYTE, 256> signature{};
    CK_ULONG size = signature.size();
    CK_BYTE data = 7;
    return p11->C_Sign(session, &data, 1, signature.data(), &size);
  });
  while (service.calls("token.sign") == 0) std::this_thread::yield();
  service.remove(first_reader);
  BOOST_TEST(slots(true).empty());
  BOOST_TEST(signing.get() != CKR_OK);
  CK_SESSION_INFO info{};
  BOOST_TEST(p11->C_GetSessionInfo(session, &info) == CKR_SESSION_HANDLE_INVALID);
}

BOOST_AUTO_TEST_CASE(threads_sign_and_search_side_by_side) {
  const auto main_session = open_logged_in();
  const auto key = private_key(main_session);
  std::vector<std::future<int>> threads;
  for (int thread = 0; thread < 8; ++thread)
    threads.push_back(std::async(std::launch::async, [&, thread] {
      int wrong = 0;
      CK_SESSION_HANDLE session = 0;
      wrong += p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &session) != CKR_OK;
      for (int i = 0; i < 10; ++i) {
        CK_MECHANISM mechanism{CKM_RSA_X_509, nullptr, 0};
        std::array<CK_BYTE, 256> signature{};
        CK_ULONG size = signature.size();
        const auto value = static_cast<CK_BYTE>(16 * thread + i + 1);
        CK_BYTE data = value;
        wrong += p11->C_SignInit(session, &mechanism, key) != CKR_OK;
        wrong += p11->C_Sign(session, &data, 1, signature.data(), &size) != CKR_OK;
        wrong += FakeService::card().public_operation("SIGN", signature).view().back() != value;
        CK_ULONG count = 0;
        CK_OBJECT_HANDLE found[20];
        wrong += p11->C_FindObjectsInit(session, nullptr, 0) != CKR_OK;
        wrong += p11->C_FindObjects(session, found, 20, &count) != CKR_OK || count != 7;
        wrong += p11->C_FindObjectsFinal(session) != CKR_OK;
      }
      wrong += p11->C_CloseSession(session) != CKR_OK;
      return wrong;
    }));
  for (auto& thread : threads) BOOST_TEST(thread.get() == 0);
}

BOOST_AUTO_TEST_CASE(a_thread_whose_initialisation_comes_second_uses_the_module_at_once) {
  for (int round = 0; round < 30; ++round) {
    BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
    std::latch together(4);
    std::vector<std::future<std::pair<CK_RV, CK_RV>>> threads;
    for (int i = 0; i < 4; ++i)
      threads.push_back(std::async(std::launch::async, [&] {
        CK_ULONG count = 0;
        together.arrive_and_wait();
        const auto initialised = p11->C_Initialize(nullptr);
        return std::pair(initialised, p11->C_GetSlotList(CK_FALSE, nullptr, &count));
      }));
    int first = 0;
    for (auto& thread : threads) {
      const auto [initialised, listed] = thread.get();
      if (initialised == CKR_OK)
        ++first;
      else
        BOOST_TEST(initialised == CKR_CRYPTOKI_ALREADY_INITIALIZED);
      BOOST_TEST(listed == CKR_OK);
    }
    BOOST_TEST(first == 1);
  }
}

BOOST_AUTO_TEST_CASE(initialisation_and_finalisation_race_with_everything) {
  std::atomic<bool> going{true};
  std::vector<std::future<void>> callers;
  for (int i = 0; i < 4; ++i)
    callers.push_back(std::async(std::launch::async, [&] {
      while (going) {
        CK_SESSION_HANDLE session = 0;
        CK_SLOT_ID slot = 0;
        CK_ULONG count = 0;
        p11->C_GetSlotList(CK_TRUE, nullptr, &count);
        p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr);
        if (p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &session) != CKR_OK) continue;
        std::string pin = SoftwareCard::pin;
        p11->C_Login(session, CKU_USER, octets(pin), pin.size());
        p11->C_CloseSession(session);
      }
    }));
  for (int i = 0; i < 50; ++i) {
    BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
    BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
  }
  going = false;
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(loading)

BOOST_AUTO_TEST_CASE(the_module_can_be_unloaded_at_any_time_and_loaded_again) {
  FakeService service;
  service.insert(first_reader);
  for (int i = 0; i < 5; ++i) {
    LoadedModule p11;
    BOOST_TEST(p11->C_Initialize(nullptr) == CKR_OK);
    CK_SESSION_HANDLE session = 0;
    BOOST_TEST(p11->C_OpenSession(1, CKF_SERIAL_SESSION, nullptr, nullptr, &session) == CKR_OK);
    if (i % 2 == 0) BOOST_TEST(p11->C_Finalize(nullptr) == CKR_OK);
  }
  while (service.connections() != 0) std::this_thread::yield();
#ifndef TWCARD_SANITIZED
  BOOST_TEST(::dlopen(TWCARD_MODULE, RTLD_NOW | RTLD_NOLOAD) == nullptr);
#endif
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
