#include "tests/daemon/vendor/software_token.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace twcard::vendor {

namespace fs = std::filesystem;

SoftwareToken::SoftwareToken() {
  make_folder();
  run("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj '/CN=Test' "
      "-addext basicConstraints=critical,CA:FALSE -addext keyUsage=digitalSignature,keyEncipherment");
  run("openssl x509 -in certificate.pem -outform DER -out certificate.der");
  initialise();
}

SoftwareToken::SoftwareToken(const KeyAndCertificate& content) {
  make_folder();
  std::ofstream(m_folder / "key.pem") << content.private_key;
  std::ofstream(m_folder / "certificate.der", std::ios::binary) << as_text(content.certificate);
  initialise();
}

void SoftwareToken::make_folder() {
  std::string name = (fs::temp_directory_path() / "twcard-token.XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the token");
  m_folder = name;
  fs::create_directory(m_folder / "tokens");
  std::ofstream(m_folder / "softhsm2.conf") << "directories.tokendir = " << (m_folder / "tokens").string()
                                            << "\nobjectstore.backend = file\nlog.level = ERROR\n";
}

void SoftwareToken::initialise() {
  run("openssl pkcs8 -topk8 -nocrypt -in key.pem -out key.p8");
  run(fmt::format("softhsm2-util --init-token --free --label '{}' --pin {} --so-pin 87654321", token_label, token_pin));
  run(fmt::format("softhsm2-util --import key.p8 --token '{}' --label key --id 4501 --pin {}", token_label, token_pin));
  run(fmt::format("pkcs11-tool --module {} --login --pin {} --write-object certificate.der --type cert --id 4501 "
                  "--label certificate",
                  library(), token_pin));
}

SoftwareToken::~SoftwareToken() {
  std::error_code ignored;
  fs::remove_all(m_folder, ignored);
}

std::string SoftwareToken::library() {
  return "/usr/lib/softhsm/libsofthsm2.so";
}

std::map<std::string, std::string> SoftwareToken::environment() const {
  return {{"SOFTHSM2_CONF", (m_folder / "softhsm2.conf").string()}};
}

Bytes SoftwareToken::certificate() const {
  std::ifstream in(m_folder / "certificate.der", std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void SoftwareToken::run(const std::string& command) const {
  const auto whole =
      fmt::format("cd '{0}' && SOFTHSM2_CONF='{0}/softhsm2.conf' {1} >>log 2>&1", m_folder.string(), command);
  if (std::system(whole.c_str()) == 0) return;
  std::ifstream log(m_folder / "log");
  throw std::runtime_error(command + ": " + std::string(std::istreambuf_iterator<char>(log), {}));
}

} // namespace twcard::vendor
