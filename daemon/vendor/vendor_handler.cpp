#include "daemon/vendor/vendor_handler.hpp"

#include "daemon/vendor/pkcs11_library.hpp"
#include "driver/base/error.hpp"
#include "rpc/blocking_work.hpp"
#include "rpc/params.hpp"
#include "rpc/vocabulary/limits.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace twcard::vendor {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::size_t max_name_octets = 256;
constexpr std::size_t max_digest_info_octets = 128;
constexpr std::size_t max_block_octets = 1024;

json::object token_form(const TokenDescription& token) {
  json::array certificates;
  for (const auto& certificate : token.certificates)
    certificates.push_back(json::object{
        {"id", to_base64(certificate.id)}, {"label", certificate.label}, {"der", to_base64(certificate.der)}});
  return {{"label", token.label},
          {"manufacturer", token.manufacturer},
          {"model", token.model},
          {"serial_number", token.serial_number},
          {"min_pin", token.min_pin},
          {"max_pin", token.max_pin},
          {"tries_left", token.tries_left ? json::value(*token.tries_left) : json::value()},
          {"certificates", std::move(certificates)}};
}

// A blob with a PIN: one octet of length, the PIN, and what the key is to be used on.
struct PinAndData {
  std::shared_ptr<const Pin> pin;
  std::shared_ptr<const SecureBytes> data;
};

PinAndData pin_and_data(const SecureBytes& blob, std::size_t max_data) {
  const auto octets = blob.view();
  const std::size_t size = octets.empty() ? 0 : octets[0];
  if (size == 0 || size > rpc::max_pin_octets || octets.size() < 1 + size)
    throw Error(Errc::BadRequest, "blob: no PIN of 1 to 64 octets");
  const auto data = octets.subspan(1 + size);
  if (data.size() > max_data) throw Error(Errc::BadRequest, fmt::format("blob: over {} octets of data", max_data));
  return {std::make_shared<const Pin>(Pin::take(SecureBytes::copy_of(octets.subspan(1, size)))),
          std::make_shared<const SecureBytes>(SecureBytes::copy_of(data))};
}

} // namespace

VendorHandler::~VendorHandler() {
  m_thread.join();
}

const std::filesystem::path& VendorHandler::library_named(const std::string& name) const {
  const auto found = std::ranges::find(m_libraries, name, &card::VendorProfile::name);
  if (found == m_libraries.end()) throw Error(Errc::BadRequest, "library: none of this name (docs/vendor.md)");
  return found->library;
}

VendorHandler::Work VendorHandler::work_of(rpc::Request request) const {
  const auto& params = request.params;
  const auto path = library_named(rpc::required_string(params, "library", max_name_octets));
  const auto reader = rpc::required_string(params, "reader", max_name_octets);
  if (request.method == "vendor.token") {
    rpc::only_members(params, {"library", "reader"});
    return [path, reader] {
      rpc::Reply reply;
      reply.result = token_form(Pkcs11Library(path).describe(reader));
      return reply;
    };
  }
  if (request.method == "vendor.check_pin") {
    rpc::only_members(params, {"library", "reader"});
    return [path, reader, secrets = pin_and_data(request.blob, 0)] {
      Pkcs11Library(path).check_pin(reader, *secrets.pin);
      return rpc::Reply();
    };
  }
  if (request.method == "vendor.sign" || request.method == "vendor.decrypt") {
    rpc::only_members(params, {"library", "reader", "certificate"});
    const bool signs = request.method == "vendor.sign";
    auto secrets = pin_and_data(request.blob, signs ? max_digest_info_octets : max_block_octets);
    if (secrets.data->empty()) throw Error(Errc::BadRequest, "blob: nothing after the PIN");
    return [path, reader, certificate = rpc::required_base64(params, "certificate", rpc::max_certificate_octets),
            secrets = std::move(secrets), signs] {
      const Pkcs11Library library(path);
      const auto data = secrets.data->view();
      rpc::Reply reply;
      reply.blob = signs ? library.sign(reader, *secrets.pin, certificate, data)
                         : library.decrypt(reader, *secrets.pin, certificate, data);
      return reply;
    };
  }
  throw Error(Errc::BadRequest, "method: not one of twcard-vendor");
}

asio::awaitable<rpc::Reply> VendorHandler::handle(std::shared_ptr<rpc::Session>, rpc::Request request) {
  return rpc::run_blocking(m_thread, [limit = m_limit, work = work_of(std::move(request))] {
    // Also ended when the work throws: nothing of this request may end the process during the next.
    const struct AlarmClock {
      explicit AlarmClock(std::chrono::seconds limit) { ::alarm(static_cast<unsigned>(limit.count())); }
      ~AlarmClock() { ::alarm(0); }
    } clock(limit);
    return work();
  });
}

} // namespace twcard::vendor
