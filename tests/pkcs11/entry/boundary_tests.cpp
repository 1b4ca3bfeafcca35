#include "tests/pkcs11/cryptoki/layout.hpp"
#include "tests/pkcs11/module_fixture.hpp"

#include <array>
#include <memory>
#include <set>

namespace twcard::tests {

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::string output;
  std::array<char, 4096> part{};
  while (const auto count = std::fread(part.data(), 1, part.size(), pipe.get())) output.append(part.data(), count);
  return output;
}

} // namespace

BOOST_AUTO_TEST_SUITE(boundary)

BOOST_AUTO_TEST_CASE(structures_and_constants_are_those_of_nss) {
  const auto own = own_layout();
  const auto theirs = nss_layout();
  BOOST_REQUIRE(own.size() == theirs.size());
  BOOST_TEST(own.size() > 350U);
  // NSS has put a member of its own, LibraryParameters, before the last one of this structure.
  const std::set<std::string> extended = {"sizeof CK_C_INITIALIZE_ARGS", "CK_C_INITIALIZE_ARGS.pReserved"};
  for (std::size_t i = 0; i < own.size(); ++i)
    BOOST_TEST(own[i].value + (extended.contains(own[i].name) ? sizeof(void*) : 0) == theirs[i].value,
               own[i].name << ": " << own[i].value << " and " << theirs[i].value);
}

BOOST_AUTO_TEST_CASE(only_the_functions_of_pkcs11_are_exported) {
  const auto symbols = output_of("nm -D --defined-only " TWCARD_MODULE " | cut -d' ' -f3");
  std::set<std::string> names;
  std::size_t begin = 0;
  for (auto end = symbols.find('\n'); end != std::string::npos; begin = end + 1, end = symbols.find('\n', begin))
    names.insert(symbols.substr(begin, end - begin));
  BOOST_TEST(names.size() == 92U);
  for (const auto& name : names) BOOST_TEST(name.starts_with("C_"), name);
}

#ifndef TWCARD_SANITIZED
BOOST_AUTO_TEST_CASE(only_the_c_library_is_needed) {
  const auto needed = output_of("readelf -d " TWCARD_MODULE " | sed -n 's/.*NEEDED.*\\[\\(.*\\)\\]/\\1/p'");
  BOOST_TEST((needed == "libc.so.6\n" || needed == "libc.so.6\nld-linux-x86-64.so.2\n"), needed);
}
#endif

BOOST_AUTO_TEST_CASE(no_exception_passes_any_entry_point) {
  FakeService service;
  LoadedModule p11(TWCARD_THROWING_MODULE);
  // Every entry point takes at most ten arguments, all of them words: nothing is read of them before the hook.
  using Entry = CK_RV (*)(void*, void*, void*, void*, void*, void*, void*, void*, void*, void*);
  const auto* entries = reinterpret_cast<const Entry*>(p11.operator->()) + 1;
  constexpr std::size_t count = sizeof(CK_FUNCTION_LIST_3_0) / sizeof(void*) - 1;
  const std::pair<const char*, CK_RV> thrown[] = {{"bad_alloc", CKR_HOST_MEMORY},
                                                  {"error", CKR_DEVICE_REMOVED},
                                                  {"runtime", CKR_GENERAL_ERROR},
                                                  {"number", CKR_GENERAL_ERROR}};
  for (const auto& [kind, expected] : thrown) {
    ::setenv("TWCARD_TEST_THROW", kind, 1);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST(entries[i](nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) ==
                 expected);
  }
  ::unsetenv("TWCARD_TEST_THROW");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::tests
