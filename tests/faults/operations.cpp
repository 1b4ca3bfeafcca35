#include "tests/faults/operations.hpp"

#include "tests/system/stack.hpp"

#include <stdexcept>

namespace twcard::tests {

namespace json = boost::json;

namespace {

void require(bool right, const char* what) {
  if (!right) throw std::runtime_error(what);
}

json::object parameters_of_token(rpc::Client& client) {
  const auto listing = client.call("token.list").result;
  for (const auto& reader : listing.at("readers").as_array())
    if (reader.at("state").as_string() == "ready")
      return {{"reader", reader.at("reader")}, {"insertion", reader.at("insertion")}};
  throw Error(Errc::NoCard, "no token is ready");
}

json::object log_in(rpc::Client& client) {
  auto token = parameters_of_token(client);
  client.call("token.login", token, SecureBytes::copy_of(as_bytes(stack_variable("TWCARD_TEST_PIN"))));
  return token;
}

void use_key(const char* method, const char* key) {
  auto client = service();
  auto params = log_in(client);
  params["key"] = key;
  Bytes block(256, 0x5A);
  block[0] = 0x00;
  require(client.call(method, params, SecureBytes::copy_of(block)).blob.size() == 256, "no result of 256 octets");
}

void both_cards_are_ready() {
  auto client = service();
  const auto status = client.call("status").result;
  require(status.at("pcsc").as_string() == "ok", "PC/SC is not reachable");
  std::size_t ready = 0;
  for (const auto& reader : status.at("readers").as_array())
    if (!reader.at("card").is_null() && reader.at("card").at("state").as_string() == "ready") ++ready;
  require(ready == 2, "not both cards are ready");
}

void restart(FaultyService& faulty) {
  require(faulty.stop(), "the service did not end by itself");
  faulty.start();
  auto client = service();
  require(client.call("certificates").result.at("certificates").as_array().size() == 4, "not four certificates");
}

constexpr const char* nonce = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
constexpr const char* site = "https://page.test";

} // namespace

std::vector<Operation> operations(FaultyService& faulty) {
  return {
      {"status", false, both_cards_are_ready},
      {"certificates", false,
       [] {
         auto client = service();
         require(!certificate(client, "SIGN").empty(), "no certificate");
       }},
      {"certificates for a site", false,
       [] {
         auto client = service();
         const auto listing = client.call("certificates", {{"origin", site}}).result;
         require(listing.at("certificates").as_array().size() == 2, "not two certificates");
       }},
      {"token.list", false,
       [] {
         auto client = service();
         static_cast<void>(parameters_of_token(client));
       }},
      {"token.random", false,
       [] {
         auto client = service();
         require(client.call("token.random").blob.size() == 8, "no 8 octets");
       }},
      {"nhi.read", false,
       [] {
         auto client = service();
         const auto fields = client.call("nhi.read", {{"fields", {"name"}}}).result.at("fields");
         require(fields.at("name").as_string() == stack_variable("TWCARD_TEST_NAME"), "another name");
       }},
      {"authenticate", true,
       [] {
         auto client = service();
         require(client.call("authenticate", {{"origin", site}, {"nonce", nonce}}).blob.size() == 256, "no signature");
       }},
      {"sign", true,
       [] {
         auto client = service();
         require(sign(client).blob.size() == 256, "no signature");
       }},
      {"token.login", true,
       [] {
         auto client = service();
         static_cast<void>(log_in(client));
       }},
      {"token.sign", true, [] { use_key("token.sign", "SIGN"); }},
      {"token.decrypt", true, [] { use_key("token.decrypt", "KEYX"); }},
      {"start of the service", false, [&faulty] { restart(faulty); }},
  };
}

} // namespace twcard::tests
