// Verifies a login token as a site does: the token on standard input, one line of JSON with the verdict out.
//
//   verify_token --origin ORIGIN --nonce NONCE --id ID --trust PEM [--issuer PEM]… --crl PEM…
//
// Exit status: 0 verified, 1 refused, 2 wrong usage or unreadable files. The verification itself is the library
// twcard_token_verification (portal/verification/token_verification.hpp); docs/integrators.md lists the files that a
// site takes.
#include "portal/verification/refusal.hpp"
#include "portal/verification/token_verification.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace {

using namespace twcard::portal;

// `trust` is made once, at the site's start; it reads replaced lists of revoked certificates again by itself.
CardHolder sign_in(TrustStore& trust, std::string_view origin, std::string_view nonce_of_this_session,
                   std::string_view typed_id_number, std::string_view body) {
  const LoginToken token = parse_login_token_text(body);
  return verify_login(token, {origin, nonce_of_this_session, typed_id_number, std::chrono::system_clock::now()}, trust);
}

struct Usage final : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

struct Arguments {
  std::map<std::string, std::string, std::less<>> texts;
  TrustFiles files;
};

Arguments parse(int count, char** values) {
  Arguments given;
  const std::map<std::string_view, std::vector<std::filesystem::path>*> lists{
      {"--trust", &given.files.anchors}, {"--issuer", &given.files.issuers}, {"--crl", &given.files.revocation_lists}};
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = values[i];
    if (i + 1 == count) throw Usage(std::string(name) + " takes a value");
    if (const auto list = lists.find(name); list != lists.end())
      list->second->emplace_back(values[i + 1]);
    else if (name == "--origin" || name == "--nonce" || name == "--id")
      given.texts.emplace(name, values[i + 1]);
    else
      throw Usage("unknown option " + std::string(name));
  }
  if (given.texts.size() != 3) throw Usage("--origin, --nonce and --id are needed");
  if (given.files.anchors.empty() || given.files.revocation_lists.empty()) throw Usage("--trust and --crl are needed");
  return given;
}

int run(const Arguments& given) {
  TrustStore trust(given.files);
  const std::string body{std::istreambuf_iterator<char>(std::cin), {}};
  try {
    const auto holder =
        sign_in(trust, given.texts.at("--origin"), given.texts.at("--nonce"), given.texts.at("--id"), body);
    std::cout << boost::json::object{{"verdict", "verified"},
                                     {"name", holder.name},
                                     {"serialNumber", holder.serial_number},
                                     {"simulated", holder.simulated}}
              << '\n';
    return 0;
  } catch (const Refusal& refusal) {
    std::cout << boost::json::object{{"verdict", name_of(refusal.reason())}} << '\n';
    return 1;
  }
}

} // namespace

int main(int count, char** values) {
  try {
    return run(parse(count, values));
  } catch (const std::exception& error) {
    std::cerr << "verify_token: " << error.what() << '\n';
    return 2;
  }
}
