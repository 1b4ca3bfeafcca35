// The service behind twcard-vendor's socket: vendor.token, vendor.check_pin, vendor.sign, one at a time.
// Source: docs/service-protocol.md, "twcard-vendor".
//
// Each request loads the library that its configuration names, and unloads it. A library that has not returned after
// `limit` cannot be stopped: an alarm clock (SIGALRM) ends the process.
#pragma once

#include "driver/card/profile/card_profile.hpp"
#include "rpc/server.hpp"

#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>

namespace twcard::vendor {

class VendorHandler final : public rpc::Handler {
public:
  explicit VendorHandler(std::vector<card::VendorProfile> libraries, std::chrono::seconds limit)
      : m_libraries(std::move(libraries)), m_limit(limit) {}
  // Blocks until a request that runs has ended; the server is to be stopped before.
  ~VendorHandler() override;

  void opened(const std::shared_ptr<rpc::Session>&) override {}
  boost::asio::awaitable<rpc::Reply> handle(std::shared_ptr<rpc::Session> session, rpc::Request request) override;
  void closed(const std::shared_ptr<rpc::Session>&) override {}

private:
  using Work = std::function<rpc::Reply()>;

  // Checks the parameters; what it returns blocks.
  [[nodiscard]] Work work_of(rpc::Request request) const;
  [[nodiscard]] const std::filesystem::path& library_named(const std::string& name) const;

  std::vector<card::VendorProfile> m_libraries;
  std::chrono::seconds m_limit;
  boost::asio::thread_pool m_thread{1};
};

} // namespace twcard::vendor
