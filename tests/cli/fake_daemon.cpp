// Stands in for twcardd and twcard-prompt where the launcher is tested: listens, answers hello and status, and notes
// in the socket's folder how it was started. Ends at once when the folder has a file "refuse".
#include "rpc/server.hpp"
#include "rpc/socket_path.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace {

using namespace twcard;

class FakeHandler final : public rpc::Handler {
public:
  void opened(const std::shared_ptr<rpc::Session>&) override {}
  void closed(const std::shared_ptr<rpc::Session>&) override {}
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session>, rpc::Request request) override {
    if (request.method == "hello")
      co_return rpc::Reply{{{"service", "twcardd"}, {"version", "0.0.1"}, {"protocol", 1}}, {}};
    co_return rpc::Reply{{{"pcsc", "ok"}, {"readers", boost::json::array()}, {"profile_faults", boost::json::array()}},
                         {}};
  }
};

std::string link_target(const std::string& link) {
  return std::filesystem::read_symlink(link).string();
}

} // namespace

int main(int, char* argv[]) {
  const auto name = std::filesystem::path(argv[0]).filename().string();
  const auto socket = name == "twcardd" ? rpc::card_socket() : rpc::prompt_socket();
  const auto folder = socket.parent_path();
  if (std::filesystem::exists(folder / "refuse")) {
    std::cerr << name << ": refuses to start\n";
    return 1;
  }
  std::ofstream note(folder / (name + ".started"), std::ios::app);
  const auto descriptors = std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  note << "pid " << ::getpid() << "\nsession " << (::getsid(0) == ::getpid() ? "own" : "inherited") << "\nstdin "
       << link_target("/proc/self/fd/0") << "\nfolder " << std::filesystem::current_path().string()
       << "\nLD_LIBRARY_PATH " << (std::getenv("LD_LIBRARY_PATH") != nullptr ? "set" : "unset")
       << "\nPCSCLITE_CSOCK_NAME " << (std::getenv("PCSCLITE_CSOCK_NAME") != nullptr ? "set" : "unset") << "\nDISPLAY "
       << (std::getenv("DISPLAY") != nullptr ? "set" : "unset") << "\nopen files " << descriptors << "\n";
  note.close();
  std::cerr << name << ": a line for the log\n";

  boost::asio::io_context context;
  FakeHandler handler;
  rpc::Server server(rpc::listen_at(context.get_executor(), socket), handler);
  context.run();
  return 0;
}
