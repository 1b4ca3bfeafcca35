#include "tests/daemon/card/nhi/simulated_site.hpp"

#include "driver/base/bytes.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace twcard::service::testing {

SimulatedSite::SimulatedSite() {
  const auto key = (m_folder.path() / "site.pem").string();
  const auto behaviour = (m_folder.path() / "behaviour").string();
  std::array<int, 2> output{};
  BOOST_REQUIRE(::pipe2(output.data(), O_CLOEXEC) == 0);
  m_process = ::fork();
  if (m_process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(output[1], STDOUT_FILENO);
    ::execl(TWCARD_SIM_PROGRAM, TWCARD_SIM_PROGRAM, "site", "--key-out", key.c_str(), "--behaviour", behaviour.c_str(),
            nullptr);
    ::_exit(127);
  }
  ::close(output[1]);
  std::string line;
  for (char c = 0; ::read(output[0], &c, 1) == 1 && c != '\n';) line += c;
  ::close(output[0]);
  m_port = static_cast<std::uint16_t>(std::stoul(line));
}

SimulatedSite::~SimulatedSite() {
  ::kill(m_process, SIGTERM);
  ::waitpid(m_process, nullptr, 0);
}

void SimulatedSite::behave(const std::string& words) {
  std::ofstream(m_folder.path() / "behaviour") << words;
}

bool SimulatedSite::has_signed(const std::string& text, const std::string& signature) const {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen((m_folder.path() / "site.pem").c_str(), "r"),
                                                             &std::fclose);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(PEM_read_PUBKEY(file.get(), nullptr, nullptr, nullptr),
                                                                &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const auto octets = from_hex(signature);
  const auto message = as_bytes(text);
  return octets && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), octets->data(), octets->size(), message.data(), message.size()) == 1;
}

} // namespace twcard::service::testing
