// SoftHSM's library as the way to a card, through the whole stack: the real pcscd, a twcardd without card profiles,
// twcard-vendor, the simulated person. SoftHSM has no card; its only token stands for the one in the reader.
#define BOOST_TEST_MODULE vendor_stack
#include "driver/card/certificate/block.hpp"
#include "driver/card/certificate/certificate.hpp"
#include "tests/daemon/vendor/program.hpp"
#include "tests/daemon/vendor/software_token.hpp"
#include "tests/driver/card/certificate/encryption.hpp"
#include "tests/system/stack.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <openssl/sha.h>
#include <optional>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::vendor {

using namespace twcard::tests;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr const char* site = "https://page.test";
constexpr const char* nonce = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";

json::object card_file(const std::string& file) {
  std::ifstream in(file);
  return json::parse(std::string(std::istreambuf_iterator<char>(in), {})).as_object();
}

// The certificate and key SIGN of a generation 1 card that the stack has made.
KeyAndCertificate signature_key_of(const std::string& file) {
  remove_card(0);
  insert_card(0, file);
  auto client = service();
  KeyAndCertificate content;
  content.certificate = *from_base64(certificate(client, "SIGN"));
  const auto card = card_file(file);
  for (const auto& key : card.at("keys").as_array())
    if (key.at("reference").as_int64() == 1) content.private_key = std::string(key.at("private_key").as_string());
  remove_card(0);
  return content;
}

Bytes sha256(ByteView octets) {
  Bytes digest(SHA256_DIGEST_LENGTH);
  SHA256(octets.data(), octets.size(), digest.data());
  return digest;
}

// What a Web eID token signs (docs/protocol.md).
Bytes login_hash() {
  auto message = sha256(as_bytes(site));
  const auto of_nonce = sha256(as_bytes(nonce));
  message.insert(message.end(), of_nonce.begin(), of_nonce.end());
  return sha256(message);
}

// A twcardd with these files of libraries and no profile; the stack's helpers speak to it while it lives.
class Service final {
public:
  Service(const fs::path& folder, const fs::path& vendor_socket)
      : m_stacks_socket(stack_variable("TWCARD_SOCKET")), m_socket(folder / "run" / "card.sock") {
    m_process = ::fork();
    if (m_process == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGTERM);
      const auto of = [&folder](const char* name) { return (folder / name).string(); };
      ::execlp("twcardd", "twcardd", "--socket", m_socket.c_str(), "--profiles", of("vendor.d").c_str(), "--state",
               of("state").c_str(), "--cache", of("cache").c_str(), "--vendor-socket", vendor_socket.c_str(), nullptr);
      ::_exit(127);
    }
    ::setenv("TWCARD_SOCKET", m_socket.c_str(), 1);
    if (!eventually([] { return error_of([] { static_cast<void>(service()); }).empty(); }))
      throw std::runtime_error("twcardd does not start");
  }
  ~Service() {
    ::setenv("TWCARD_SOCKET", m_stacks_socket.c_str(), 1);
    ::kill(m_process, SIGTERM);
    ::waitpid(m_process, nullptr, 0);
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

private:
  std::string m_stacks_socket;
  fs::path m_socket;
  pid_t m_process = 0;
};

// A card file in the first reader, a SoftHSM token behind a library of its own name, and the services between them.
struct Stack {
  Stack(const std::string& file, std::optional<KeyAndCertificate> content = std::nullopt)
      : card(file), token(content ? new SoftwareToken(*content) : new SoftwareToken()),
        library(token->folder() / "library.so") {
    person("approve");
    use(SoftwareToken::library());
    start_vendor();
    service_without_profiles.emplace(token->folder(), vendor->socket());
    remove_card(0);
    insert_card(0, card);
  }
  ~Stack() { remove_card(0); }

  // The library is this one for the next process.
  void use(const std::string& path) const {
    fs::remove(library);
    fs::create_symlink(path, library);
  }
  // As systemd does when somebody asks for it.
  void start_vendor() {
    auto environment = token->environment();
    environment.emplace("BROKEN_LIBRARY", "crash");
    vendor.reset();
    vendor.emplace(token->folder(), std::map<std::string, std::string>{{"SoftHSM", library.string()}}, environment, 30,
                   std::string(card_file(card).at("atr").as_string()));
    static_cast<void>(vendor->connect());
  }
  [[nodiscard]] static json::object card_status() {
    auto client = service();
    return client.call("status").result.at("readers").at(0).at("card").as_object();
  }
  [[nodiscard]] bool signs_in() const {
    auto client = service();
    const auto reply = client.call("authenticate", {{"origin", site}, {"nonce", nonce}});
    return *from_base64(reply.result.at("certificate").as_string()) == token->certificate() &&
           card::verifies(token->certificate(), card::HashFunction::Sha256, login_hash(), reply.blob.view());
  }
  [[nodiscard]] rpc::Reply sign() const {
    auto client = service();
    return client.call("sign", {{"certificate", to_base64(token->certificate())}, {"hash_function", "SHA-256"}},
                       SecureBytes::copy_of(some_hash()));
  }
  [[nodiscard]] bool signs() const {
    return card::verifies(token->certificate(), card::HashFunction::Sha256, some_hash(), sign().blob.view());
  }

  std::string card;
  std::unique_ptr<SoftwareToken> token;
  fs::path library;
  std::optional<Program> vendor;
  std::optional<Service> service_without_profiles;
};

std::string unknown_card() {
  auto file = stack_file("unknown.json");
  if (!fs::exists(file))
    run(fmt::format("twcard-sim personalise --kind pkcs15 --unnamed --name '{}' --id '{}' --pin '{}' --out '{}' "
                    ">/dev/null",
                    stack_variable("TWCARD_TEST_NAME"), stack_variable("TWCARD_TEST_ID"),
                    stack_variable("TWCARD_TEST_PIN"), file));
  return file;
}

struct UnknownCard : Stack {
  UnknownCard() : Stack(unknown_card()) {}
};

struct CardWithoutProfile : Stack {
  CardWithoutProfile() : Stack(stack_file("hicos.json"), signature_key_of(stack_file("hicos.json"))) {}
};

std::uint64_t private_operations() {
  const auto counters = json::parse(run("twcard-sim counters 0 --json"));
  return counters.at("private_operations").to_number<std::uint64_t>();
}

} // namespace

BOOST_AUTO_TEST_SUITE(softhsm)

BOOST_FIXTURE_TEST_CASE(a_card_that_no_driver_knows_is_listed_and_signs_through_its_library, UnknownCard) {
  BOOST_TEST(card_status().at("kind").as_string() == "vendor");
  auto client = service();
  const auto listed = client.call("certificates").result.at("certificates").as_array();
  BOOST_TEST_REQUIRE(listed.size() == 1U);
  BOOST_TEST(listed[0].at("id").as_string() == "4501");
  BOOST_TEST(listed[0].at("der").as_string() == to_base64(token->certificate()));
  BOOST_TEST(signs_in());
  BOOST_TEST(signs());
}

BOOST_FIXTURE_TEST_CASE(an_old_page_has_a_message_decrypted_and_learns_nothing_about_a_malformed_one, UnknownCard) {
  auto client = service();
  const json::object from_site{{"origin", site}};
  const auto decrypted = [&](ByteView block) {
    return client.call("legacy.decrypt", from_site, SecureBytes::copy_of(block)).blob;
  };
  const auto block = twcard::testing::encrypted_for(token->certificate(), "a message");
  BOOST_TEST((as_text(decrypted(block).view()) == "a message"));
  auto spoiled = block;
  spoiled[200] ^= 1;
  BOOST_TEST(error_of([&] { static_cast<void>(decrypted(spoiled)); }) == "card_refused");
  person("wrong-pin");
  BOOST_TEST(error_of([&] { static_cast<void>(decrypted(block)); }) == "pin_incorrect");
  person("approve");
}

BOOST_FIXTURE_TEST_CASE(a_wrong_pin_is_said_and_the_right_one_works_after_it, UnknownCard) {
  person("wrong-pin");
  BOOST_TEST(error_of([&] { static_cast<void>(sign()); }) == "pin_incorrect");
  BOOST_TEST(error_of([&] { static_cast<void>(signs_in()); }) == "pin_incorrect");
  person("approve");
  BOOST_TEST(signs());
}

BOOST_FIXTURE_TEST_CASE(a_library_that_crashes_is_card_refused_and_the_next_process_signs, UnknownCard) {
  use(TWCARD_BROKEN_LIBRARY);
  start_vendor();
  BOOST_TEST_REQUIRE(error_of([&] { static_cast<void>(sign()); }) == "card_refused");
  BOOST_TEST(vendor->ended_by() == SIGABRT);
  BOOST_TEST(card_status().at("state").as_string() == "ready");
  BOOST_TEST(error_of([&] { static_cast<void>(sign()); }) == "card_refused", "nobody listens");
  use(SoftwareToken::library());
  start_vendor();
  BOOST_TEST(signs());
}

BOOST_FIXTURE_TEST_CASE(a_known_card_whose_profile_is_missing_signs_through_its_library, CardWithoutProfile) {
  const auto status = card_status();
  BOOST_TEST(status.at("kind").as_string() == "hicos");
  BOOST_TEST(!status.contains("missing_profile"));
  auto client = service();
  BOOST_TEST(client.call("certificates").result.at("certificates").as_array().size() == 4U, "those of the driver");
  BOOST_TEST(signs_in());
  BOOST_TEST(signs());
  const auto listing = client.call("token.list").result;
  for (const auto& each : listing.at("readers").at(0).at("certificates").as_array())
    BOOST_TEST((!each.at("has_key").as_bool() || !each.at("decrypts").as_bool()), "a library gives no whole block");
  BOOST_TEST(private_operations() == 0U, "by the driver, without a profile");
}

BOOST_FIXTURE_TEST_CASE(a_known_card_without_profile_and_library_says_which_profile_it_lacks, CardWithoutProfile) {
  vendor.reset();
  remove_card(0);
  insert_card(0, card);
  BOOST_TEST(card_status().at("state").as_string() == "ready");
  BOOST_TEST(card_status().contains("missing_profile"));
  BOOST_TEST(error_of([&] { static_cast<void>(sign()); }) == "profile_missing");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace twcard::vendor
